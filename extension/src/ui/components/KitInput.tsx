import { useId } from "preact/hooks";
import { t } from "../t.ts";
import { Button } from "./basic.tsx";

interface Props {
  label: string;
  value: string;
  wrong: string | undefined;
  onInput: (value: string) => void;
}

/** A kit, typed from paper, pasted, or read from the file that was saved. */
export function KitInput({ label, value, wrong, onInput }: Props) {
  const id = useId();
  const file = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        class="input mono"
        dir="ltr"
        rows={6}
        value={value}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="characters"
        aria-invalid={wrong !== undefined}
        aria-describedby={`${id}-about`}
        onInput={(event) => onInput(event.currentTarget.value)}
        data-testid="kit-text"
      />
      <div id={`${id}-about`} class={wrong === undefined ? "hint" : "wrong"} role={wrong === undefined ? undefined : "alert"}>
        {wrong ?? t("kitTypeHint")}
      </div>
      <input
        id={file}
        type="file"
        hidden
        accept=".txt,text/plain"
        data-testid="kit-file"
        onChange={(event) => {
          const [chosen] = event.currentTarget.files ?? [];
          if (chosen !== undefined) void chosen.text().then(onInput);
        }}
      />
      <div>
        <Button kind="quiet" onClick={() => document.getElementById(file)?.click()}>
          {t("kitFromFile")}
        </Button>
      </div>
    </div>
  );
}
