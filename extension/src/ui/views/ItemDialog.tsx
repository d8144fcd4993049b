import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Item } from "../../core/messages.ts";
import type { Endpoints } from "../../messages/ui.ts";
import { Button, Notice, SiteMark } from "../components/basic.tsx";
import { Dialog } from "../components/Dialog.tsx";
import { TextField } from "../components/fields.tsx";
import { ago, date, t } from "../t.ts";

interface Props {
  item: Item;
  /** Whether this device may still change it. */
  member: boolean;
  wrong: string | undefined;
  onClose: () => void;
  onRename: (title: string) => unknown;
  onOfferAgain: () => unknown;
  onTrash: () => unknown;
  onRestore: () => unknown;
  onPurge: () => unknown;
  onReveal: () => Promise<string | undefined>;
  /** Asks the site where its passkeys are managed. */
  onEndpoints: (site: string) => Promise<Endpoints>;
}

export function ItemDialog({ item, member, wrong, onClose, onRename, onOfferAgain, onTrash, onRestore, onPurge, onReveal, onEndpoints }: Props) {
  const { summary, detail } = item;
  const [title, setTitle] = useState(summary.title);
  const trashed = summary.trashed !== undefined;
  return (
    <Dialog title={summary.title} onClose={onClose}>
      <div class="row">
        <SiteMark site={summary.site ?? summary.title} />
        <div class="grow">
          <bdi class="wrap block">{summary.site}</bdi>
          <bdi class="wrap block soft small">{summary.account}</bdi>
        </div>
      </div>
      <dl class="facts">
        <Detail detail={detail} onReveal={onReveal} onEndpoints={onEndpoints} />
        <Fact name={t("created")}>{date(summary.created)}</Fact>
        {detail.kind === "passkey" && <Fact name={t("lastUsed")}>{summary.lastUsed === undefined ? t("neverUsed") : ago(summary.lastUsed)}</Fact>}
        <Fact name={t("stored")}>{t(summary.synced ? "storedSynced" : "storedPending")}</Fact>
        {item.history.map((past) => (
          <Fact key={`${past.field}${past.time}`} name={t("formerly", past.field)}>
            {past.value}
          </Fact>
        ))}
      </dl>
      {member && !trashed && (
        <form
          class="stack-s"
          onSubmit={(event) => {
            event.preventDefault();
            void onRename(title);
          }}
        >
          <TextField label={t("itemName")} value={title} onInput={setTitle} testId="item-name" />
          {title !== summary.title && title !== "" && (
            <div>
              <Button type="submit" testId="item-save">
                {t("save")}
              </Button>
            </div>
          )}
        </form>
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
      {wrong !== undefined && <Notice kind="bad">{wrong}</Notice>}
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
          <Button kind="danger" icon="trash" onClick={onTrash} testId="trash">
            {t("moveToTrash")}
          </Button>
        )}
        <Button kind="primary" autofocus onClick={onClose} testId="item-close">
          {t("close")}
        </Button>
      </div>
    </Dialog>
  );
}

function Detail({ detail, onReveal, onEndpoints }: { detail: Item["detail"] } & Pick<Props, "onReveal" | "onEndpoints">) {
  const [password, setPassword] = useState<string>();
  switch (detail.kind) {
    case "passkey":
      return (
        <>
          <Fact name={t("person")}>{detail.displayName}</Fact>
          <Fact name={t("algorithm")}>{detail.algorithm}</Fact>
          <Fact name={t("credentialId")}>
            <span class="mono">{detail.credentialId}</span>
          </Fact>
          <Fact name={t("atTheSite")}>
            <AtTheSite site={detail.rpId} onEndpoints={onEndpoints} />
          </Fact>
        </>
      );
    case "login":
      return (
        <>
          <Fact name={t("userName")}>{detail.userName}</Fact>
          <Fact name={t("password")}>
            {password === undefined ? (
              <button type="button" class="link" onClick={() => void onReveal().then(setPassword)}>
                {t("reveal")}
              </button>
            ) : (
              <span class="mono">{password}</span>
            )}
          </Fact>
          {detail.notes !== "" && <Fact name={t("remarks")}>{detail.notes}</Fact>}
        </>
      );
    case "note":
      return <Fact name={t("kindNote")}>{detail.text}</Fact>;
  }
}

function AtTheSite({ site, onEndpoints }: { site: string } & Pick<Props, "onEndpoints">) {
  const [found, setFound] = useState<Endpoints>();
  if (found === undefined) {
    return (
      <button type="button" class="link" onClick={() => void onEndpoints(site).then(setFound)} data-testid="endpoints">
        {t("askTheSite")}
      </button>
    );
  }
  const address = found.manage ?? found.enroll;
  if (address === undefined) return <span data-testid="no-endpoints">{t("siteSaysNothing")}</span>;
  return (
    <a class="wrap" href={address} target="_blank" rel="noreferrer" data-testid="manage">
      {t("openSite", new URL(address).host)}
    </a>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
