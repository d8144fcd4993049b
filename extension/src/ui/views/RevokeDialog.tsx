import { useState } from "preact/hooks";
import type { DeviceView } from "../../core/messages.ts";
import { Button, Notice, Tag } from "../components/basic.tsx";
import { Dialog } from "../components/Dialog.tsx";
import { Segments } from "../components/fields.tsx";
import { t } from "../t.ts";
import { nameOf } from "./DevicesView.tsx";

type Why = "lost" | "retired";
type Fate = "keep" | "remove";

interface Props {
  device: DeviceView;
  /** Devices that this one let in, itself or through others: the person says what becomes of each. */
  dependents: DeviceView[];
  /** Whether it, or one of those, made the recovery kit. */
  hasKit: boolean;
  busy: boolean;
  wrong: string | undefined;
  onRevoke: (reason: Why, keep: string[], remove: string[], keepKit: boolean) => unknown;
  onClose: () => void;
}

export function RevokeDialog({ device, dependents, hasKit, busy, wrong, onRevoke, onClose }: Props) {
  const [reason, setReason] = useState<Why>("lost");
  const [fates, setFates] = useState<ReadonlyMap<string, Fate>>(new Map());
  const [kit, setKit] = useState<Fate>();
  // The device in hand cannot take itself out.
  const fateOf = (each: DeviceView) => (each.current ? "keep" : fates.get(each.id));
  const named = (fate: Fate) => dependents.filter((each) => fateOf(each) === fate).map((each) => each.id);
  return (
    <Dialog title={t("revokeTitle", nameOf(device))} onClose={onClose}>
      <p>{t("revokeText")}</p>
      <div>
        <Segments label={t("revokeWhy")} value={reason} onChange={setReason} options={[["lost", t("revokeLost")], ["retired", t("revokeRetired")]]} />
      </div>
      {reason === "lost" && <Notice kind="warn">{t("revokeLostText")}</Notice>}
      {dependents.some((each) => !each.current) && (
        <section class="stack-s">
          <h3>{t("revokeDependents")}</h3>
          <p class="soft small">{t("revokeDependentsText")}</p>
          <ul class="card">
            {dependents.map((each) => (
              <li class="line" key={each.id} data-testid="dependent" data-device={each.id}>
                <bdi class="grow cut" title={nameOf(each)}>
                  {nameOf(each)}
                </bdi>
                {each.current ? (
                  <Tag kind="good">{t("thisDevice")}</Tag>
                ) : (
                  <Segments
                    label={nameOf(each)}
                    value={fateOf(each)}
                    onChange={(fate) => setFates(new Map([...fates, [each.id, fate]]))}
                    options={[["keep", t("keepDevice")], ["remove", t("removeToo")]]}
                  />
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      {hasKit && (
        <section class="stack-s" data-testid="revoke-kit">
          <h3>{t("revokeKit")}</h3>
          <p class="soft small">{t("revokeKitText")}</p>
          <div>
            <Segments label={t("revokeKit")} value={kit} onChange={setKit} options={[["keep", t("keepKit")], ["remove", t("removeKitToo")]]} />
          </div>
        </section>
      )}
      {wrong !== undefined && <Notice kind="bad">{wrong}</Notice>}
      <div class="dialog-actions">
        <Button onClick={onClose}>{t("cancel")}</Button>
        <Button kind="danger primary" busy={busy} disabled={!dependents.every(fateOf) || (hasKit && kit === undefined)} onClick={() => onRevoke(reason, named("keep"), named("remove"), kit === "keep")} testId="revoke-confirm">
          {t("removeDevice")}
        </Button>
      </div>
    </Dialog>
  );
}
