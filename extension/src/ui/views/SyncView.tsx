import type { LogEntry, Membership, State } from "../../core/messages.ts";
import { Button, Notice } from "../components/basic.tsx";
import { Icon } from "../components/Icon.tsx";
import { syncLine } from "../status.ts";
import { date, t } from "../t.ts";

interface Props {
  state: Exclude<State, { phase: "empty" }>;
  entries: LogEntry[] | undefined;
  nameOf: (device: string) => string;
  busy: boolean;
  wrong: string | undefined;
  onSync: () => unknown;
}

export function SyncView({ state, entries, nameOf, busy, wrong, onSync }: Props) {
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
      {state.phase === "distrust" && (
        <Notice kind="bad">
          <strong>{t("stateDistrust")}</strong>
          <p>{state.detail}</p>
        </Notice>
      )}
      {wrong !== undefined && <Notice kind="bad">{wrong}</Notice>}
      <Standing membership={membership} />
      <section class="stack-s">
        <h2>{t("logTitle")}</h2>
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
    </>
  );
}

function Standing({ membership }: { membership: Membership }) {
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
  }
}
