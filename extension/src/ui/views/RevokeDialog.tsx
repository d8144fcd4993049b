import { useState } from "preact/hooks";
import type { DeviceView } from "../../core/messages.ts";
import { Button, Notice } from "../components/basic.tsx";
import { Dialog } from "../components/Dialog.tsx";
import { Segments } from "../components/fields.tsx";
import { t } from "../t.ts";
import { nameOf } from "./DevicesView.tsx";

type Why = "lost" | "retired";

interface Props {
  device: DeviceView;
  /** Devices that this one let in: the person says which of them stay. */
  dependents: DeviceView[];
  busy: boolean;
  wrong: string | undefined;
  onRevoke: (reason: Why, keep: string[]) => unknown;
  onClose: () => void;
}

export function RevokeDialog({ device, dependents, busy, wrong, onRevoke, onClose }: Props) {
  const [reason, setReason] = useState<Why>("lost");
  const [keep, setKeep] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) => setKeep((kept) => (kept.has(id) ? new Set([...kept].filter((each) => each !== id)) : new Set([...kept, id])));
  return (
    <Dialog title={t("revokeTitle", nameOf(device))} onClose={onClose}>
      <p>{t("revokeText")}</p>
      <Segments label={t("revokeWhy")} value={reason} onChange={setReason} options={[["lost", t("revokeLost")], ["retired", t("revokeRetired")]]} />
      {reason === "lost" && <Notice kind="warn">{t("revokeLostText")}</Notice>}
      {dependents.length > 0 && (
        <div class="stack-s">
          <h3>{t("revokeDependents")}</h3>
          {dependents.map((each) => (
            <label class="check" key={each.id}>
              <input type="checkbox" checked={keep.has(each.id)} onChange={() => toggle(each.id)} />
              <span>{t("revokeKeep", nameOf(each))}</span>
            </label>
          ))}
        </div>
      )}
      {wrong !== undefined && <Notice kind="bad">{wrong}</Notice>}
      <div class="dialog-actions">
        <Button onClick={onClose}>{t("cancel")}</Button>
        <Button kind="danger primary" busy={busy} onClick={() => onRevoke(reason, [...keep])} testId="revoke-confirm">
          {t("removeDevice")}
        </Button>
      </div>
    </Dialog>
  );
}
