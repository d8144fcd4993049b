import type { LogEntry } from "../../core/messages.ts";
import { Button, Notice } from "../components/basic.tsx";
import { Icon } from "../components/Icon.tsx";
import { date, t } from "../t.ts";

interface Props {
  entries: LogEntry[] | undefined;
  nameOf: (device: string) => string;
  wrong: string | undefined;
  onExport: () => unknown;
}

/** Who let whom in, took whom out, when and how, as this device verified it: the newest first. */
export function HistoryView({ entries, nameOf, wrong, onExport }: Props) {
  if (entries === undefined) return null;
  return (
    <section class="stack-s" data-testid="history">
      <div class="row between">
        <h2>{t("logTitle")}</h2>
        <Button kind="quiet" onClick={onExport} testId="export-log">
          {t("exportLog")}
        </Button>
      </div>
      <p class="soft">{t("logText")}</p>
      {wrong !== undefined && <Notice kind="bad">{wrong}</Notice>}
      <ol class="card" reversed>
        {entries.toReversed().map((entry) => (
          <li class="line" key={entry.id} data-testid="history-entry">
            <span class="mono soft">{entry.seq}</span>
            <span class="grow">
              <span class="block">{describe(entry, nameOf)}</span>
              <span class="small soft block">{entry.recovery === undefined ? t("logBy", date(entry.time), nameOf(entry.author)) : date(entry.time)}</span>
            </span>
            <Icon name="check" />
          </li>
        ))}
      </ol>
    </section>
  );
}

function describe({ action, recovery }: LogEntry, nameOf: (device: string) => string): string {
  switch (action.action) {
    case "genesis":
      return t("logGenesis");
    case "addDevice":
      return t(recovery === undefined ? "logAdd" : "logRecovered", nameOf(action.device));
    case "revokeDevices":
      return t(action.reason === "lost" ? "logRevokeLost" : "logRevokeRetired", action.devices.map(nameOf).join(", "));
    case "leave":
      return t("logLeave");
    case "rotate":
      return t("logRotate");
    case "renewKeys":
      return t("logRenew");
    case "setRecovery":
      return t("logKit");
    case "removeRecovery":
      return t("logKitRemoved");
    case "raiseSuite":
      return t("logSuite");
    case "close":
      return t("logClose", date(action.notBefore));
    case "cancelClose":
      return t("logCancelClose");
  }
}
