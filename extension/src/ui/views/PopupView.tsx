import { useEffect, useId, useRef } from "preact/hooks";
import type { ItemSummary, State } from "../../core/messages.ts";
import { Brand, Button, Busy, IconButton, Notice, SiteMark } from "../components/basic.tsx";
import { Icon } from "../components/Icon.tsx";
import { syncLine } from "../status.ts";
import type { FillView, OfferView } from "../../messages/ui.ts";
import { ago, t, tn } from "../t.ts";
import { GeneratorView, type Generator } from "./GeneratorView.tsx";

/** What was found, and how many there are in all. */
export interface Found {
  total: number;
  items: ItemSummary[];
}

interface Props {
  state: State | undefined;
  site: string | undefined;
  /** Absent until it is known. */
  items: ItemSummary[] | undefined;
  query: string;
  found: Found | undefined;
  /** Absent while it is closed. */
  generator: Generator | undefined;
  /** What was copied last: an item's id and what of it. */
  copied: string | undefined;
  /** A page waits for a passkey. */
  offer?: OfferView | undefined;
  /** What the page has a place for. */
  fill?: FillView | undefined;
  /** The site of what was typed and may be kept. */
  pending?: string | undefined;
  wrong: string | undefined;
  onFill: (item: ItemSummary) => unknown;
  onPending: () => unknown;
  onQuery: (query: string) => void;
  onCopy: (item: ItemSummary, what: "account" | "password") => unknown;
  onGenerator: (open: boolean) => void;
  onOffer: (request: string) => unknown;
  onUnlock: () => unknown;
  onLock: () => unknown;
  onSettings: () => unknown;
  onWelcome: () => unknown;
}

export function PopupView(props: Props) {
  const { state, onSettings } = props;
  return (
    <div class="window">
      <header class="row between">
        <Brand />
        {state !== undefined && state.phase !== "empty" && <IconButton label={t("openSettings")} icon="settings" onClick={onSettings} />}
      </header>
      <main>
        <h1 class="unseen">{t("appName")}</h1>
        {state === undefined ? <Busy /> : <Body {...props} state={state} />}
      </main>
    </div>
  );
}

function Body(props: Props & { state: State }) {
  const { state, offer, pending, onOffer, onUnlock, onSettings, onWelcome } = props;
  if (state.phase === "empty") {
    return (
      <div class="stack">
        <p>{t("popupEmpty")}</p>
        <Button kind="primary" wide onClick={onWelcome} testId="start">
          {t("popupStart")}
        </Button>
      </div>
    );
  }
  if (state.phase === "revoked") {
    return (
      <div class="stack" data-testid="revoked">
        <h2>{t("revokedTitle")}</h2>
        <p class="soft">
          {t("stateRevoked")} {t("stayAside")}
        </p>
        <Button wide onClick={onSettings}>
          {t("showVault")}
        </Button>
      </div>
    );
  }
  if (state.phase === "locked" || (state.phase === "distrust" && state.locked)) {
    return (
      <div class="stack">
        <p class="soft">{t("popupLocked")}</p>
        {pending !== undefined && <p class="wrap">{t("popupPendingLocked", pending)}</p>}
        {offer && <Offer offer={offer} onOffer={onOffer} />}
        <Button {...(offer ? {} : { kind: "primary" })} wide icon="lock" onClick={onUnlock} testId="unlock">
          {t("unlock")}
        </Button>
      </div>
    );
  }
  return <Open {...props} state={state} />;
}

function Open(props: Props & { state: Extract<State, { membership: unknown }> }) {
  const { state, query, generator, copied, wrong, offer, pending, onPending, onOffer, onQuery, onGenerator, onLock } = props;
  return (
    <div class="stack">
      {state.phase === "distrust" && <Notice kind="bad">{t("stateDistrust")}</Notice>}
      {offer && <Offer offer={offer} onOffer={onOffer} />}
      {pending !== undefined && (
        <Button wide icon="plus" onClick={onPending} testId="pending-save">
          <span class="wrap">{t("popupPending", pending)}</span>
        </Button>
      )}
      <Search query={query} onQuery={onQuery} />
      {wrong !== undefined && <Notice kind="bad">{wrong}</Notice>}
      <span class="unseen" role="status">
        {copied !== undefined && t("copied")}
      </span>
      {generator !== undefined ? <GeneratorView {...generator} /> : query !== "" ? <Results {...props} /> : <SiteItems {...props} />}
      <div class="row between small soft">
        <span class="row grow" data-testid="sync-word">
          <Icon name={state.membership.online === false ? "offline" : "sync"} />
          <span class="cut">{syncLine(state.membership)}</span>
        </span>
        <Button kind="quiet" icon="dice" onClick={() => onGenerator(generator === undefined)} testId="generator">
          {t(generator === undefined ? "generator" : "back")}
        </Button>
        <Button kind="quiet" icon="lock" onClick={onLock} testId="lock">
          {t("lock")}
        </Button>
      </div>
    </div>
  );
}

function Search({ query, onQuery }: { query: string; onQuery: (query: string) => void }) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  // Whoever opens the popup by keyboard types at once.
  useEffect(() => input.current?.focus(), []);
  return (
    <div class="with-icon">
      <label class="unseen" for={id}>
        {t("searchItems")}
      </label>
      <Icon name="search" />
      <input id={id} class="input" type="search" value={query} placeholder={t("search")} ref={input} onInput={(event) => onQuery(event.currentTarget.value)} data-testid="popup-search" />
    </div>
  );
}

function Offer({ offer, onOffer }: { offer: OfferView; onOffer: (request: string) => unknown }) {
  return (
    <section class="stack-s" data-testid="offer">
      <p class="wrap">{t("popupOffer", offer.site)}</p>
      <Button kind="primary" wide icon="key" onClick={() => onOffer(offer.request)} testId="offer-open">
        {t("popupOfferButton")}
      </Button>
    </section>
  );
}

function Results(props: Props) {
  const { found, query } = props;
  return (
    <section class="stack-s" aria-label={t("searchItems")}>
      <p class="small soft" role="status">
        {found === undefined ? t("working") : found.total === 0 ? t("nothingFoundText", query) : tn("items", found.total)}
      </p>
      {found !== undefined && found.items.length > 0 && <Rows {...props} items={found.items} testId="found-item" titled fill={undefined} />}
    </section>
  );
}

function SiteItems(props: Props) {
  const { site, items } = props;
  if (site === undefined) return <p class="soft">{t("popupNoSite")}</p>;
  return (
    <section class="stack-s">
      <h2 class="wrap">
        <bdi>{site}</bdi>
      </h2>
      {items === undefined ? null : items.length === 0 ? <p class="soft">{t("popupNothing")}</p> : <Rows {...props} items={items} testId="site-item" titled={false} />}
    </section>
  );
}

function Rows({ items, copied, testId, titled, fill, onFill, onCopy }: Pick<Props, "copied" | "fill" | "onFill" | "onCopy"> & { items: ItemSummary[]; testId: string; titled: boolean }) {
  const isFillable = fill?.login === true || fill?.code === true;
  return (
    <ul class="card rows">
      {items.map((item) => (
        <li class="line" key={item.id} data-testid={testId}>
          <SiteMark site={item.group ?? item.site ?? item.title} />
          <span class="grow">
            <bdi class="cut block">{titled ? item.title : (item.account ?? item.title)}</bdi>
            <span class="small soft cut block">{titled && item.account !== undefined ? <bdi>{item.account}</bdi> : item.lastUsed === undefined ? t(item.kind === "passkey" ? "neverUsed" : item.kind === "login" ? "kindLogin" : "kindNote") : t("usedAgo", ago(item.lastUsed))}</span>
          </span>
          {!item.synced && <Icon name="sync" />}
          {item.kind === "passkey" && (
            <span class="kind soft" role="img" aria-label={t("kindPasskey")} title={t("kindPasskey")}>
              <Icon name="key" />
            </span>
          )}
          {item.kind === "login" && (
            <span class="copied">
              {isFillable && (
                <Button onClick={() => onFill(item)} testId="fill">
                  {t("fill")}
                </Button>
              )}
              {!isFillable && item.account !== undefined && <IconButton label={t("copyUserName")} icon={copied === `${item.id}account` ? "check" : "person"} onClick={() => onCopy(item, "account")} testId="copy-account" />}
              <IconButton label={t("copyPassword")} icon={copied === `${item.id}password` ? "check" : "copy"} onClick={() => onCopy(item, "password")} testId="copy-password" />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
