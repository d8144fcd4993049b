import { useState } from "preact/hooks";
import type { Item, ItemSummary, OneTimeCode, Revealed } from "../../core/messages.ts";
import type { Endpoints, Managed } from "../../messages/ui.ts";
import { Button, Notice, SiteMark, Tag } from "../components/basic.tsx";
import { Dialog } from "../components/Dialog.tsx";
import { Fact } from "../components/Fact.tsx";
import { Icon } from "../components/Icon.tsx";
import { date, t } from "../t.ts";
import { EditItem, type ItemChange } from "./EditItem.tsx";
import { Detail } from "./ItemDetail.tsx";
import { nameOfFormat } from "./formats.ts";

export interface ItemActions {
  onClose: () => void;
  onOpen: (item: ItemSummary) => unknown;
  /** Whether it was changed. */
  onEdit: (change: ItemChange) => Promise<boolean>;
  onGenerate: () => Promise<string>;
  onOfferAgain: () => unknown;
  onTrash: () => unknown;
  onRestore: () => unknown;
  onPurge: () => unknown;
  onReveal: () => Promise<Revealed>;
  onCode: () => Promise<OneTimeCode>;
  onCopy: (text: string) => Promise<unknown>;
  /** Asks the site where its passkeys are managed. */
  onEndpoints: (site: string, of: Managed) => Promise<Endpoints>;
}

interface Props extends ItemActions {
  item: Item;
  /** Whether this device may still change it. */
  member: boolean;
  busy: boolean;
  wrong: string | undefined;
}

export function ItemDialog(props: Props) {
  const { item, member, busy, wrong, onClose, onEdit, onGenerate, onOfferAgain } = props;
  const { summary, detail } = item;
  const [editing, setEditing] = useState(false);
  const trashed = summary.trashed !== undefined;
  const save = async (change: ItemChange) => {
    if (await onEdit(change)) setEditing(false);
  };
  if (editing) {
    return (
      <Dialog title={t("editItem", summary.title)} onClose={() => setEditing(false)}>
        <EditItem item={item} busy={busy} wrong={wrong} onGenerate={onGenerate} onCancel={() => setEditing(false)} onSave={save} />
      </Dialog>
    );
  }
  return (
    <Dialog title={summary.title} onClose={onClose}>
      <div class="row">
        <SiteMark site={summary.group ?? summary.title} />
        <div class="grow">
          <bdi class="wrap block">{summary.site}</bdi>
          <bdi class="wrap block soft small">{summary.account}</bdi>
        </div>
      </div>
      <dl class="facts">
        <Detail {...props} />
        <Fact name={t("created")}>{date(summary.created)}</Fact>
        {item.imported !== undefined && <Fact name={t("importedFrom")}>{t("importedFromText", nameOfFormat(item.imported.format), date(item.imported.at))}</Fact>}
        <Fact name={t("stored")}>{t(summary.synced ? "storedSynced" : "storedPending")}</Fact>
        {item.history.map((past) => (
          <Fact key={`${past.field}${past.time}`} name={t("formerly", past.field)}>
            {past.value}
          </Fact>
        ))}
      </dl>
      {summary.tags !== undefined && (
        <div class="row tags">
          {summary.tags.map((tag) => (
            <Tag key={tag}>
              <bdi>{tag}</bdi>
            </Tag>
          ))}
        </div>
      )}
      {member && !trashed && detail.kind === "passkey" && detail.hidden && (
        <Notice kind="warn" testId="item-hidden">
          <p>{t("itemHidden")}</p>
          <Button onClick={onOfferAgain} testId="offer-again">
            {t("offerAgain")}
          </Button>
        </Notice>
      )}
      {trashed && <Notice>{t("trashedText")}</Notice>}
      <Beside {...props} />
      {wrong !== undefined && <Notice kind="bad">{wrong}</Notice>}
      <Actions {...props} onEditing={() => setEditing(true)} />
    </Dialog>
  );
}

/** What else there is of the same site. */
function Beside({ item, onOpen }: Props) {
  if (item.beside.length === 0) return null;
  return (
    <section class="stack-s">
      <h3>{t("beside")}</h3>
      <ul class="card">
        {item.beside.map((other) => (
          <li key={other.id}>
            <button type="button" class="item short" onClick={() => void onOpen(other)} data-testid="beside">
              <Icon name={other.kind === "passkey" ? "key" : other.kind === "login" ? "lock" : "note"} />
              <span class="grow">
                <bdi class="cut block">{other.account ?? other.title}</bdi>
                <span class="small soft">{t(other.kind === "passkey" ? "kindPasskey" : other.kind === "login" ? "kindLogin" : "kindNote")}</span>
              </span>
              <Icon name="next" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Actions({ item, member, onEditing, onPurge, onRestore, onTrash, onClose }: Props & { onEditing: () => void }) {
  const trashed = item.summary.trashed !== undefined;
  return (
    <div class="dialog-actions">
      {member && trashed && (
        <>
          <Button kind="danger" onClick={onPurge} testId="purge">
            {t("purge")}
          </Button>
          <Button icon="restore" onClick={onRestore} testId="restore">
            {t("restore")}
          </Button>
        </>
      )}
      {member && !trashed && (
        <>
          <Button kind="danger" icon="trash" onClick={onTrash} testId="trash">
            {t("moveToTrash")}
          </Button>
          <Button icon="edit" onClick={onEditing} testId="item-edit">
            {t("edit")}
          </Button>
        </>
      )}
      <Button kind="primary" autofocus onClick={onClose} testId="item-close">
        {t("close")}
      </Button>
    </div>
  );
}
