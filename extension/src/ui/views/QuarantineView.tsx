import type { Sight, Standing } from "../../core/messages.ts";
import { Button } from "../components/basic.tsx";
import { Icon } from "../components/Icon.tsx";
import { t } from "../t.ts";

interface Props {
  standing: Standing & { saw: Sight };
  nameOf: (device: string) => string;
  onExport: () => unknown;
}

/** What was seen, what is safe, what to do: in that order, for a person who has just been frightened. */
export function QuarantineView({ standing, nameOf, onExport }: Props) {
  const { saw, revoke, evidence, words } = standing;
  return (
    <section class="card pad stack quarantine" role="alert" data-testid="quarantine">
      <div class="row">
        <Icon name="warning" />
        <h2 class="grow">{t("quarantineTitle")}</h2>
      </div>
      <dl class="facts">
        <dt>{t("quarantineSaw")}</dt>
        <dd>{sight(saw)}</dd>
        <dt>{t("quarantineSafe")}</dt>
        <dd>{t("quarantineSafeText")}</dd>
        <dt>{t("quarantineDo")}</dt>
        <dd>
          <ul class="steps">
            {revoke.length > 0 && <li>{t("quarantineRevoke", revoke.map(nameOf).join(", "))}</li>}
            {(saw.saw === "wentBack" || saw.saw === "invalid") && <li>{t("quarantineWait")}</li>}
            {revoke.length === 0 && (
              <li>
                {t("quarantineCompare")} <bdi class="mono words">{words}</bdi>
              </li>
            )}
            {evidence > 0 && <li>{t("quarantineReport")}</li>}
          </ul>
        </dd>
      </dl>
      {"detail" in saw && saw.detail !== "" && (
        <details>
          <summary>{t("quarantineDetail")}</summary>
          <p class="small mono" dir="ltr">
            {saw.detail}
          </p>
        </details>
      )}
      <div class="row actions">
        {revoke.length > 0 && (
          <a class="button primary" href="#devices">
            {t("quarantineDevices")}
          </a>
        )}
        {evidence > 0 && (
          <Button icon="note" onClick={onExport} testId="export-evidence">
            {t("exportEvidence")}
          </Button>
        )}
      </div>
    </section>
  );
}

function sight(saw: Sight): string {
  switch (saw.saw) {
    case "twoHistories":
      return saw.proven ? t("sawTwoProven") : t("sawTwo");
    case "wentBack":
      return t("sawWentBack");
    case "shutOut":
      return t("sawShutOut");
    case "unusableKey":
      return t("sawUnusableKey");
    case "invalid":
      return t("sawInvalid");
  }
}
