import type { Membership, Standing, State } from "../../core/messages.ts";
import { Button, Notice } from "../components/basic.tsx";
import { Icon } from "../components/Icon.tsx";
import { syncLine } from "../status.ts";
import { date, t } from "../t.ts";
import { QuarantineView } from "./QuarantineView.tsx";

interface Props {
  state: Exclude<State, { phase: "empty" }>;
  standing: Standing | undefined;
  nameOf: (device: string) => string;
  busy: boolean;
  wrong: string | undefined;
  onSync: () => unknown;
  onExportEvidence: () => unknown;
  onRepair: () => unknown;
}

export function SyncView({ state, standing, nameOf, busy, wrong, onSync, onExportEvidence, onRepair }: Props) {
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
