import type { LogEntry, Membership, Standing, State } from "../../core/messages.ts";
import { Button, Notice } from "../components/basic.tsx";
import { Icon } from "../components/Icon.tsx";
import { syncLine } from "../status.ts";
import { date, t } from "../t.ts";
import { QuarantineView } from "./QuarantineView.tsx";

interface Props {
  state: Exclude<State, { phase: "empty" }>;
  entries: LogEntry[] | undefined;
  standing: Standing | undefined;
  nameOf: (device: string) => string;
  busy: boolean;
  wrong: string | undefined;
  onSync: () => unknown;
  onExportLog: () => unknown;
  onExportEvidence: () => unknown;
  onRepair: () => unknown;
}

export function SyncView({ state, entries, standing, nameOf, busy, wrong, onSync, onExportLog, onExportEvidence, onRepair }: Props) {
  const { membership } = state;
  return (
    <>
      <header class="head">
        <div>
          <h1>{t("navSync")}</h1>
          <p class="soft">{t("syncLead")}</p>
        </div>
        {state.phase !== "revoked" && (
          <Button icon="sync" busy={busy} onClick={onSync} testId="sync">
            {t("syncNow")}
          </Button>
        )}
      </header>
      {standing?.saw !== undefined && <QuarantineView standing={{ ...standing, saw: standing.saw }} nameOf={nameOf} onExport={onExportEvidence} onRepair={onRepair} />}
      {standing?.closesAt !== undefined && <Notice kind="warn">{t("closingNotice", date(standing.closesAt))}</Notice>}
      {wrong !== undefined && <Notice kind="bad">{wrong}</Notice>}
      <WithServer membership={membership} />
      <section class="stack-s">
        <div class="row between">
          <h2>{t("logTitle")}</h2>
          <Button kind="quiet" onClick={onExportLog} testId="export-log">
            {t("exportLog")}
          </Button>
        </div>
        <p class="soft">{t("logText")}</p>
        {entries !== undefined && (
          <ol class="card">
            {entries.map((entry) => (
              <li class="line" key={entry.id}>
                <span class="mono soft">{entry.seq}</span>
                <span class="grow">
                  <span class="block">{describe(entry, nameOf)}</span>
                  <span class="small soft block">{t("logBy", date(entry.time), nameOf(entry.author))}</span>
                </span>
                <Icon name="check" />
              </li>
            ))}
          </ol>
        )}
      </section>
      {standing !== undefined && standing.saw === undefined && (
        <section class="stack-s">
          <h2>{t("checkUpTitle")}</h2>
          <p class="soft">{t("checkUpText")}</p>
          <p class="card pad mono words" data-testid="check-up" dir="ltr">
            {standing.words}
          </p>
        </section>
      )}
      <p>
        <a href="#protection">{t("protectionLink")}</a>
      </p>
    </>
  );
}

function WithServer({ membership }: { membership: Membership }) {
  return (
    <section class="card">
      <div class="line">
        <Icon name={membership.online === false ? "offline" : "sync"} />
        <span class="grow" role="status" data-testid="sync-line">
          {syncLine(membership)}
        </span>
      </div>
      <div class="line">
        <dl class="facts grow">
          <dt>{t("server")}</dt>
          <dd dir="ltr">{membership.server}</dd>
          <dt>{t("accountId")}</dt>
          <dd class="mono">{membership.accountId}</dd>
        </dl>
      </div>
    </section>
  );
}

function describe({ action }: LogEntry, nameOf: (device: string) => string): string {
  switch (action.action) {
    case "genesis":
      return t("logGenesis");
    case "addDevice":
      return t("logAdd", nameOf(action.device));
    case "revokeDevices":
      return t("logRevoke", action.devices.map(nameOf).join(", "));
    case "leave":
      return t("logLeave");
    case "rotate":
      return t("logRotate");
    case "renewKeys":
      return t("logRenew");
    case "raiseSuite":
      return t("logSuite");
    case "close":
      return t("logClose", date(action.notBefore));
    case "cancelClose":
      return t("logCancelClose");
  }
}
