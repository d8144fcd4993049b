import type { Sight, Standing } from "../../core/messages.ts";
import { Button } from "../components/basic.tsx";
import { Icon } from "../components/Icon.tsx";
import { t } from "../t.ts";

interface Props {
  standing: Standing & { saw: Sight };
  nameOf: (device: string) => string;
  onExport: () => unknown;
  onRepair: () => unknown;
}

/** What was seen, what is safe, what to do: in that order, for a person who has just been frightened. */
export function QuarantineView({ standing, nameOf, onExport, onRepair }: Props) {
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
            {(saw.saw === "wentBack" || saw.saw === "keyWithheld" || saw.saw === "invalid") && <li>{t("quarantineWait")}</li>}
            {revoke.length === 0 && (
              <li>
                {t("quarantineCompare")} <bdi class="mono words">{words}</bdi>
              </li>
            )}
            {evidence > 0 && <li>{t("quarantineReport")}</li>}
            {hasTwo(saw) && <li>{t("quarantineRepair")}</li>}
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
      <div class="row fold actions">
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
        {hasTwo(saw) && (
          <Button icon="sync" onClick={onRepair} testId="repair">
            {t("repairShow")}
          </Button>
        )}
      </div>
    </section>
  );
}

/** Whether there may be two histories, of which the person can pick one. */
function hasTwo(saw: Sight): boolean {
  return saw.saw === "twoHistories" || saw.saw === "wentBack";
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
    case "keyWithheld":
      return t("sawKeyWithheld");
    case "invalid":
      return t("sawInvalid");
  }
}
