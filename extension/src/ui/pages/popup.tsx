import { useEffect, useState } from "preact/hooks";
import type { ItemSummary } from "../../core/messages.ts";
import type { OfferView } from "../../messages/ui.ts";
import { core, offerIn, openOffer } from "../ask.ts";
import { useGenerator } from "../generator.ts";
import { useTask, useVaultState } from "../hooks.ts";
import { show } from "../show.tsx";
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
  const { generator, toggle } = useGenerator();
  const { wrong, run } = useTask();
  const open = state?.phase === "unlocked" || (state?.phase === "distrust" && !state.locked);

  useEffect(() => {
    void currentTab().then((tab) => {
      setSite(siteOf(tab));
      if (tab?.id !== undefined) void offerIn(tab.id).then(setOffer);
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
      copied={copied}
      offer={offer}
      wrong={wrong}
      onQuery={(next) => {
        toggle(false);
        setQuery(next);
      }}
      onCopy={copy}
      onGenerator={toggle}
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
