import { Button, IconButton } from "./basic.tsx";
import { t } from "../t.ts";

interface Props {
  text: string;
  onUndo: () => unknown;
  /** Present where what is said has still to happen. */
  onNow?: (() => unknown) | undefined;
  onClose: () => unknown;
}

/** Says what was just done, and takes it back. It is told to who listens, and takes no focus. */
export function Toast({ text, onUndo, onNow, onClose }: Props) {
  return (
    <div class="toast" role="status" data-testid="toast">
      <span class="grow wrap">{text}</span>
      {onNow !== undefined && (
        <Button kind="quiet" onClick={onNow} testId="toast-now">
          {t("deleteNow")}
        </Button>
      )}
      <Button kind="quiet" icon="restore" onClick={onUndo} testId="undo">
        {t("undo")}
      </Button>
      <IconButton label={t("close")} icon="close" onClick={onClose} testId="toast-close" />
    </div>
  );
}
