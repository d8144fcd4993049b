import { Button, Notice } from "../components/basic.tsx";
import { Dialog } from "../components/Dialog.tsx";
import { t } from "../t.ts";

interface Props {
  /** Changes made here would be lost: the person has to say so. */
  pending: boolean;
  busy: boolean;
  wrong: string | undefined;
  onLeave: (losePending: boolean) => unknown;
  onClose: () => void;
}

/** Signs this device out of the vault, on its own word. */
export function LeaveDialog({ pending, busy, wrong, onLeave, onClose }: Props) {
  return (
    <Dialog title={t("leaveTitle")} onClose={onClose}>
      <p>{t("leaveText")}</p>
      {pending && <Notice kind="warn">{t("leavePending")}</Notice>}
      {wrong !== undefined && <Notice kind="bad">{wrong}</Notice>}
      <div class="dialog-actions">
        <Button onClick={onClose}>{t("cancel")}</Button>
        <Button kind="danger primary" busy={busy} onClick={() => onLeave(pending)} testId="leave-confirm">
          {t(pending ? "leaveLosing" : "leave")}
        </Button>
      </div>
    </Dialog>
  );
}
