import type { UnappliedChange } from "../../core/messages.ts";
import { Button } from "../components/basic.tsx";
import { ago, t } from "../t.ts";

interface Props {
  changes: UnappliedChange[];
  onReveal: () => unknown;
  onDismiss: (change: UnappliedChange) => unknown;
}

/** What was typed here and came to nothing: nothing typed is lost before the person has seen it. */
export function LostView({ changes, onReveal, onDismiss }: Props) {
  if (changes.length === 0) return null;
  return (
    <section class="stack-s" data-testid="lost">
      <h2>{t("lostTitle")}</h2>
      <p class="soft">{t("lostText")}</p>
      <ul class="card">
        {changes.map((change) => (
          <li class="line" key={change.id}>
            <dl class="facts grow">
              {change.texts.map(({ field, text }) => (
                <Lost key={field} field={field} text={text} onReveal={onReveal} />
              ))}
              <dt>{t("lostTyped")}</dt>
              <dd>{ago(change.time)}</dd>
            </dl>
            <Button onClick={() => onDismiss(change)} testId="dismiss">
              {t("dismiss")}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Lost({ field, text, onReveal }: { field: string; text: string | undefined; onReveal: () => unknown }) {
  return (
    <>
      <dt>{field}</dt>
      <dd>
        {text ?? (
          <button type="button" class="link" onClick={() => void onReveal()}>
            {t("reveal")}
          </button>
        )}
      </dd>
    </>
  );
}
