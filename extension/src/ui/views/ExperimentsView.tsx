import { Icon } from "../components/Icon.tsx";
import { t } from "../t.ts";

/** Says that there is none: what a person looks for is not missing without a word. */
export function ExperimentsView() {
  return (
    <>
      <header class="head">
        <div>
          <h1>{t("navExperiments")}</h1>
          <p class="soft">{t("experimentsLead")}</p>
        </div>
      </header>
      <section class="card empty" data-testid="no-experiments">
        <Icon name="flask" />
        <h2>{t("experimentsNone")}</h2>
        <p>{t("experimentsLater")}</p>
      </section>
    </>
  );
}
