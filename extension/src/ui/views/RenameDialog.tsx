import { useState } from "preact/hooks";
import { Button } from "../components/basic.tsx";
import { Dialog } from "../components/Dialog.tsx";
import { TextField } from "../components/fields.tsx";
import { t } from "../t.ts";

interface Props {
  name: string;
  busy: boolean;
  wrong: string | undefined;
  onRename: (name: string) => unknown;
  onClose: () => void;
}

/** Another name for this device. */
export function RenameDialog({ name: before, busy, wrong, onRename, onClose }: Props) {
  const [name, setName] = useState(before);
  return (
    <Dialog title={t("renameDevice")} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void onRename(name.trim());
        }}
      >
        <TextField label={t("deviceName")} hint={t("deviceNameHint")} value={name} onInput={setName} wrong={wrong} autofocus testId="new-name" />
        <div class="dialog-actions">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="primary" type="submit" busy={busy} disabled={name.trim() === "" || name.trim() === before} testId="rename-confirm">
            {t("save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
