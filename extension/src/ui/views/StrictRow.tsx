/** Whether the browser itself is to ask us: a line of the settings, where the browser can. */

import { useId } from "preact/hooks";
import type { StrictView } from "../../messages/ui.ts";
import { t } from "../t.ts";

interface Props {
  strict: StrictView | undefined;
  onStrict: (on: boolean) => unknown;
}

export function StrictRow({ strict, onStrict }: Props) {
  const id = useId();
  if (strict === undefined || strict.state === "absent") return null;
  const { state, managed } = strict;
  return (
    <div class="line">
      <label class="grow" for={id}>
        <span class="block">{t("strictTitle")}</span>
        <span class="block small soft">{t("strictText")}</span>
        {managed !== undefined && <span class="block small soft">{t("strictManaged")}</span>}
        {state === "taken" && (
          <span class="block small" role="status" data-testid="strict-taken">
            {t("strictTaken")}
          </span>
        )}
      </label>
      <input
        id={id}
        class="switch"
        type="checkbox"
        role="switch"
        checked={state === "on" || state === "taken"}
        // What a policy wants may still lack the permission, which the person alone can give.
        disabled={managed === false || (managed === true && state !== "forbidden")}
        onChange={(event) => onStrict(event.currentTarget.checked)}
        data-testid="strict"
      />
    </div>
  );
}
