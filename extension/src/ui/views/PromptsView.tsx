/** The questions of late, and why each was asked. */

import type { PromptRecord } from "../../messages/ui.ts";
import { ago, t, type MessageKey } from "../t.ts";

const WHY: Record<PromptRecord["why"], MessageKey> = { asked: "promptAsked", field: "promptField", button: "promptButton" };
const END: Record<PromptRecord["end"], MessageKey> = {
  open: "promptOpen",
  answered: "promptAnswered",
  refused: "promptRefused",
  elsewhere: "promptElsewhere",
  never: "promptNever",
  withdrawn: "promptWithdrawn",
  failed: "promptFailed",
};

export function PromptsView({ prompts }: { prompts: PromptRecord[] }) {
  return (
    <section class="card pad stack" data-testid="prompts">
      <div class="stack-s">
        <h2>{t("promptsTitle")}</h2>
        <p class="soft">{t(prompts.length === 0 ? "promptsNone" : "promptsText")}</p>
      </div>
      {prompts.length > 0 && (
        <ul class="stack-s">
          {prompts.map((each) => (
            <li key={each.request} data-testid="prompt">
              <p class="wrap">{t(WHY[each.why], hostOf(each.origin), t(each.kind === "create" ? "promptToCreate" : "promptToSignIn"))}</p>
              {each.topOrigin !== undefined && <p class="small soft wrap">{t("promptInside", hostOf(each.topOrigin))}</p>}
              <p class="small soft">
                {ago(each.at)} · {t(END[each.end])}
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : origin;
}
