import { useState } from "preact/hooks";
import { Brand, Button, Notice } from "../components/basic.tsx";
import { Dialog } from "../components/Dialog.tsx";
import { PassphraseField } from "../components/fields.tsx";
import { t } from "../t.ts";

interface Props {
  busy: boolean;
  wrong: string | undefined;
  onUnlock: (passphrase: string) => unknown;
  onReset: () => unknown;
}

export function UnlockView({ busy, wrong, onUnlock, onReset }: Props) {
  const [passphrase, setPassphrase] = useState("");
  const [forgotten, setForgotten] = useState(false);
  return (
    <form
      class="window"
      onSubmit={(event) => {
        event.preventDefault();
        void onUnlock(passphrase);
      }}
    >
      <header>
        <Brand />
      </header>
      <main>
        <div class="question">
          <h1>{t("unlockTitle")}</h1>
          <p class="soft">{t("unlockLead")}</p>
        </div>
        <PassphraseField label={t("passphrase")} value={passphrase} onInput={setPassphrase} wrong={wrong} autofocus autocomplete="current-password" testId="passphrase" />
      </main>
      <footer>
        <Button kind="primary" type="submit" wide busy={busy} disabled={passphrase === ""} testId="unlock">
          {t("unlock")}
        </Button>
        <Button kind="quiet" wide onClick={() => setForgotten(true)} testId="forgotten">
          {t("forgotten")}
        </Button>
      </footer>
      {forgotten && <ResetDialog onClose={() => setForgotten(false)} onReset={onReset} />}
    </form>
  );
}

export function ResetDialog({ onClose, onReset }: { onClose: () => void; onReset: () => unknown }) {
  return (
    <Dialog title={t("resetTitle")} onClose={onClose}>
      <p>{t("resetText")}</p>
      <Notice kind="warn">{t("resetWarning")}</Notice>
      <div class="dialog-actions">
        <Button onClick={onClose}>{t("cancel")}</Button>
        <Button kind="danger primary" onClick={onReset} testId="reset">
          {t("resetButton")}
        </Button>
      </div>
    </Dialog>
  );
}
