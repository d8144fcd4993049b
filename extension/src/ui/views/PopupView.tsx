import type { ItemSummary, State } from "../../core/messages.ts";
import { Brand, Button, Busy, IconButton, Notice, SiteMark } from "../components/basic.tsx";
import { Icon } from "../components/Icon.tsx";
import { syncLine } from "../status.ts";
import type { OfferView } from "../../messages/ui.ts";
import { ago, t } from "../t.ts";

interface Props {
  state: State | undefined;
  site: string | undefined;
  items: ItemSummary[];
  /** A page waits for a passkey. */
  offer?: OfferView | undefined;
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

function Body({ state, site, items, offer, onOffer, onUnlock, onLock, onSettings, onWelcome }: Props & { state: State }) {
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
        {offer && <Offer offer={offer} onOffer={onOffer} />}
        <Button {...(offer ? {} : { kind: "primary" })} wide icon="lock" onClick={onUnlock} testId="unlock">
          {t("unlock")}
        </Button>
      </div>
    );
  }
  return (
    <div class="stack">
      {state.phase === "distrust" && <Notice kind="bad">{t("stateDistrust")}</Notice>}
      {offer && <Offer offer={offer} onOffer={onOffer} />}
      <SiteItems site={site} items={items} />
      <div class="row between small soft">
        <span class="row grow">
          <Icon name={state.membership.online === false ? "offline" : "sync"} />
          {syncLine(state.membership)}
        </span>
        <Button kind="quiet" icon="lock" onClick={onLock} testId="lock">
          {t("lock")}
        </Button>
      </div>
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

function SiteItems({ site, items }: { site: string | undefined; items: ItemSummary[] }) {
  if (site === undefined) return <p class="soft">{t("popupNoSite")}</p>;
  return (
    <section class="stack-s">
      <h2 class="wrap">
        <bdi>{site}</bdi>
      </h2>
      {items.length === 0 ? (
        <p class="soft">{t("popupNothing")}</p>
      ) : (
        <ul class="card">
          {items.map((item) => (
            <li class="line" key={item.id} data-testid="site-item">
              <SiteMark site={item.site ?? item.title} />
              <span class="grow">
                <bdi class="cut block">{item.account ?? item.title}</bdi>
                <span class="small soft">{item.lastUsed === undefined ? t("neverUsed") : t("usedAgo", ago(item.lastUsed))}</span>
              </span>
              {!item.synced && <Icon name="sync" />}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
