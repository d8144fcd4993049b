import { useState } from "preact/hooks";
import type { WayBack } from "../../core/messages.ts";
import { Button, Notice } from "../components/basic.tsx";
import { Dialog } from "../components/Dialog.tsx";
import { ago, date, t } from "../t.ts";

interface Props {
  ways: readonly WayBack[];
  busy: boolean;
  wrong: string | undefined;
  onKit: () => unknown;
  onRemove: () => unknown;
}

export function RecoveryCardView({ ways, busy, wrong, onKit, onRemove }: Props) {
  const [removing, setRemoving] = useState(false);
  const kit = ways.find((way) => way.slot === "kit");
  return (
    <section class="card pad stack" data-testid="recovery">
      <div class="stack-s">
        <h2>{t("recoverySection")}</h2>
        <p class="soft">{t("recoveryText")}</p>
      </div>
      {kit === undefined ? (
        <Notice kind="warn" testId="no-way-back">
          {t("recoveryNone")}
        </Notice>
      ) : (
        <Notice kind={kit.rehearsed === undefined ? "warn" : "good"} testId="kit-state">
          {t("kitSetOn", date(kit.set))} · {kit.rehearsed === undefined ? t("kitNeverTried") : t("kitTried", ago(kit.rehearsed))}
        </Notice>
      )}
      {wrong !== undefined && <Notice kind="bad">{wrong}</Notice>}
      <div class="row">
        <Button onClick={onKit} testId="kit-open">
          {t(kit === undefined ? "kitMake" : "kitManage")}
        </Button>
        {kit !== undefined && (
          <Button kind="danger" busy={busy} onClick={() => setRemoving(true)} testId="kit-remove">
            {t("kitRemove")}
          </Button>
        )}
      </div>
      {removing && (
        <RemoveKitDialog
          onClose={() => setRemoving(false)}
          onRemove={() => {
            setRemoving(false);
            void onRemove();
          }}
        />
      )}
    </section>
  );
}

export function RemoveKitDialog({ onClose, onRemove }: { onClose: () => void; onRemove: () => void }) {
  return (
    <Dialog title={t("kitRemoveTitle")} onClose={onClose}>
      <Notice kind="warn">{t("kitRemoveText")}</Notice>
      <div class="dialog-actions">
        <Button onClick={onClose}>{t("cancel")}</Button>
        <Button kind="danger primary" onClick={onRemove} testId="kit-remove-confirm">
          {t("kitRemove")}
        </Button>
      </div>
    </Dialog>
  );
}
