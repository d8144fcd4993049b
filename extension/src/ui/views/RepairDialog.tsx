import { useState } from "preact/hooks";
import type { Histories, HistoryView, KeptHistory } from "../../core/messages.ts";
import { Busy, Button, Notice } from "../components/basic.tsx";
import { Dialog } from "../components/Dialog.tsx";
import { PassphraseField, Segments } from "../components/fields.tsx";
import { date, t } from "../t.ts";

interface Props {
  histories: Histories | undefined;
  nameOf: (device: string) => string;
  busy: boolean;
  wrong: string | undefined;
  onKeep: (keep: KeptHistory, passphrase: string) => unknown;
  onClose: () => void;
}

/** Both histories side by side; going on with one of them takes the passphrase. */
export function RepairDialog({ histories, nameOf, busy, wrong, onKeep, onClose }: Props) {
  const [keep, setKeep] = useState<KeptHistory>();
  const [passphrase, setPassphrase] = useState("");
  if (histories === undefined) {
    return (
      <Dialog title={t("repairTitle")} onClose={onClose}>
        {wrong === undefined ? <Busy /> : <Notice kind="bad">{wrong}</Notice>}
        <div class="dialog-actions">
          <Button onClick={onClose}>{t("cancel")}</Button>
        </div>
      </Dialog>
    );
  }
  const { same, here, server, revoke, pairAgain, member } = histories;
  const names = (devices: string[]) => devices.map(nameOf).join(", ");
  const options: [KeptHistory, string][] = member ? [["server", t("repairServer")], ["here", t("repairHere")]] : [["here", t("repairHere")]];
  return (
    <Dialog title={t("repairTitle")} onClose={onClose}>
      <p>{same ? t("repairSame") : t("repairText")}</p>
      {!same && (
        <dl class="facts">
          <dt>{t("repairHere")}</dt>
          <dd data-testid="history-here">{said(here, names)}</dd>
          <dt>{t("repairServer")}</dt>
          <dd data-testid="history-server">{said(server, names)}</dd>
        </dl>
      )}
      {!member && <Notice kind="warn">{t("repairNoMember")}</Notice>}
      <div class="stack-s">
        <span class="small soft">{t("repairPick")}</span>
        <Segments label={t("repairPick")} value={keep} onChange={setKeep} options={options} />
      </div>
      {keep === "server" && <p class="soft">{t("repairServerText")}</p>}
      {keep === "server" && revoke.length > 0 && <Notice>{t("repairRevoke", names(revoke))}</Notice>}
      {keep === "server" && pairAgain.length > 0 && <Notice kind="warn">{t("repairPairAgain", names(pairAgain))}</Notice>}
      {keep === "here" && <p class="soft">{t("repairHereText")}</p>}
      <PassphraseField label={t("passphrase")} value={passphrase} onInput={setPassphrase} wrong={wrong} autocomplete="current-password" testId="repair-passphrase" />
      <div class="dialog-actions">
        <Button onClick={onClose}>{t("cancel")}</Button>
        <Button kind="primary" busy={busy} disabled={keep === undefined || passphrase === ""} onClick={() => keep !== undefined && onKeep(keep, passphrase)} testId="repair-keep">
          {t("repairGoOn")}
        </Button>
      </div>
    </Dialog>
  );
}

function said({ items, joined, went, last }: HistoryView, names: (devices: string[]) => string): string {
  const parts = [t("repairItems", String(items))];
  if (joined.length > 0) parts.push(t("repairJoined", names(joined)));
  if (went.length > 0) parts.push(t("repairWent", names(went)));
  if (last !== undefined) parts.push(t("repairLast", date(last)));
  return parts.join(" ");
}
