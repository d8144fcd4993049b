import { useEffect, useState } from "preact/hooks";
import type { ItemSummary } from "../../core/messages.ts";
import type { OfferView } from "../../messages/ui.ts";
import { core, offerIn, openOffer } from "../ask.ts";
import { useVaultState } from "../hooks.ts";
import { show } from "../show.tsx";
import { PopupView } from "../views/PopupView.tsx";

const MOST_ITEMS = 50;

function Popup() {
  const [state, refresh] = useVaultState();
  const [site, setSite] = useState<string>();
  const [items, setItems] = useState<ItemSummary[]>([]);
  const open = state?.phase === "unlocked" || (state?.phase === "distrust" && !state.locked);

  const [offer, setOffer] = useState<OfferView>();

  useEffect(() => {
    void currentTab().then((tab) => {
      setSite(siteOf(tab));
      if (tab?.id !== undefined) void offerIn(tab.id).then(setOffer);
    });
  }, []);
  useEffect(() => {
    if (!open || site === undefined) return;
    void core({ type: "items", query: lastLabels(site), offset: 0, limit: MOST_ITEMS }).then((page) => {
      setItems(page.items.filter((each) => serves(each, site)));
    });
  }, [open, site]);

  return (
    <PopupView
      state={state}
      site={site}
      items={items}
      offer={offer}
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

/** What to look for: a passkey may be for any suffix of the host, so the search is wide and the filter exact. */
function lastLabels(host: string): string {
  return host.split(".").slice(-2).join(".");
}

function serves(item: ItemSummary, host: string): boolean {
  const site = (item.site ?? "").replace(/^https?:\/\//, "").replace(/[:/].*$/, "");
  return host === site || host.endsWith(`.${site}`);
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
