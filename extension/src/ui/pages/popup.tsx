import { useEffect, useState } from "preact/hooks";
import type { ItemSummary } from "../../core/messages.ts";
import type { Place } from "../../messages/forms.ts";
import type { FillView, OfferView } from "../../messages/ui.ts";
import { answerSave, core, fillIn, fillLogin, fillMade, offerIn, openOffer, pendingSave } from "../ask.ts";
import { useGenerator } from "../generator.ts";
import { useTask, useVaultState } from "../hooks.ts";
import { show } from "../show.tsx";
import { t } from "../t.ts";
import { PopupView, type Found } from "../views/PopupView.tsx";

/** As many as a person looks through before they type another letter. */
const MOST_FOUND = 20;

function Popup() {
  const [state, refresh] = useVaultState();
  const [site, setSite] = useState<string>();
  const [items, setItems] = useState<ItemSummary[]>();
  const [query, setQuery] = useState("");
  const [found, setFound] = useState<Found>();
  const [copied, setCopied] = useState<string>();
  const [offer, setOffer] = useState<OfferView>();
  const [tab, setTab] = useState<number>();
  const [fill, setFill] = useState<FillView>();
  const [pending, setPending] = useState<string>();
  /** The page had no place for what was chosen. */
  const [nothing, setNothing] = useState(false);
  const { wrong, run } = useTask();
  const filled = (places: Place[]) => {
    if (places.length > 0) window.close();
    setNothing(places.length === 0);
  };
  const { generator, toggle } = useGenerator({
    site,
    rules: fill?.rules,
    onFill: tab === undefined || fill?.fresh !== true ? undefined : (made) => run(async () => filled(await fillMade(tab, made))),
  });
  const open = state?.phase === "unlocked" || (state?.phase === "distrust" && !state.locked);

  useEffect(() => {
    void currentTab().then((tab) => {
      setSite(siteOf(tab));
      if (tab?.id === undefined) return;
      setTab(tab.id);
      void offerIn(tab.id).then(setOffer);
      void fillIn(tab.id).then(setFill, () => undefined);
      void pendingSave(tab.id).then(setPending, () => undefined);
    });
  }, []);
  useEffect(() => {
    if (!open || site === undefined) return;
    // What the index finds is here at once; the whole list may have to be read first.
    void core({ type: "siteItems", host: site, whole: false })
      .then((quick) => setItems(quick.items))
      .then(() => core({ type: "siteItems", host: site, whole: true }))
      .then((whole) => setItems(whole.items))
      .catch(() => undefined);
  }, [open, site]);
  useEffect(() => {
    if (query === "") return;
    let gone = false;
    const arrive = (page: Found) => {
      if (!gone) setFound(page);
    };
    void core({ type: "items", query, offset: 0, limit: MOST_FOUND }).then(arrive, () => undefined);
    return () => {
      gone = true;
    };
  }, [query]);

  const copy = (item: ItemSummary, what: "account" | "password") =>
    run(async () => {
      const text = what === "account" ? (item.account ?? "") : (await core({ type: "reveal", id: item.id })).password;
      await navigator.clipboard.writeText(text);
      setCopied(item.id + what);
    });

  return (
    <PopupView
      state={state}
      site={site}
      items={items}
      query={query}
      found={found}
      generator={generator}
      fill={fill}
      pending={pending}
      copied={copied}
      offer={offer}
      wrong={wrong ?? (nothing ? t("errorNothingToFill") : undefined)}
      onQuery={(next) => {
        toggle(false);
        setQuery(next);
      }}
      onCopy={copy}
      onGenerator={toggle}
      onFill={(item) => run(async () => filled(tab === undefined ? [] : await fillLogin(tab, item.id)))}
      onPending={() => tab !== undefined && answerSave(tab, "open").then(() => window.close())}
      onOffer={(request) => openOffer(request).then(() => window.close())}
      onUnlock={() => openWindow("unlock.html")}
      onLock={() => core({ type: "lock" }).then(refresh)}
      onSettings={() => openTab("settings.html")}
      onWelcome={() => openTab("welcome.html")}
    />
  );
}

async function currentTab(): Promise<chrome.tabs.Tab | undefined> {
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  return tab;
}

function siteOf(tab: chrome.tabs.Tab | undefined): string | undefined {
  const url = tab?.url;
  if (url === undefined || !/^https?:/.test(url)) return undefined;
  return new URL(url).hostname;
}

async function openTab(page: string): Promise<void> {
  await chrome.tabs.create({ url: chrome.runtime.getURL(page) });
  window.close();
}

async function openWindow(page: string): Promise<void> {
  await chrome.windows.create({ url: chrome.runtime.getURL(page), type: "popup", width: 440, height: 560 });
  window.close();
}

document.body.className = "popup";
void show(<Popup />);
