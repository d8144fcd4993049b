/**
 * The worker: a service worker in Chromium, an event page in Firefox. Listeners are set at once, because the event
 * that started the worker is delivered right after; everything else waits until it is needed.
 */

import { acceptRelay, way, windowClosed } from "./consent.ts";
import { warm } from "./core.ts";
import { installHooks } from "./hooks.ts";
import { sweep, tabClosed } from "./leftovers.ts";
import { forgetForms } from "./filling.ts";
import { hearForms } from "./forms.ts";
import { expireProxied, hearProxy } from "./proxied.ts";
import { resumeSaving, saveClosed, savingTabClosed, sweepSaving } from "./saving.ts";
import { isUnlocked, lock, lockIfIdle } from "./session.ts";
import { applyStrict } from "./strict.ts";
import { listen, soon, tellPages } from "./sync.ts";
import { answerUi, isOurPage } from "./ui.ts";

const TICK = "tick";
const SYNC = "sync";

chrome.runtime.onConnect.addListener(acceptRelay);

chrome.runtime.onMessage.addListener((message: unknown, sender, reply) => {
  void (isOurPage(sender) ? answerUi(message) : hearForms(message, sender)).then(reply);
  return true;
});

hearProxy(way);
chrome.permissions.onAdded.addListener(() => {
  hearProxy(way);
  void applyStrict();
});
chrome.permissions.onRemoved.addListener(() => void applyStrict());

chrome.windows.onRemoved.addListener((window) => {
  void windowClosed(window);
  void saveClosed(window);
});
chrome.tabs.onRemoved.addListener((tab) => {
  void tabClosed(tab, way.withdraw);
  void savingTabClosed(tab);
  forgetForms(tab);
});

chrome.alarms.onAlarm.addListener((alarm) => {
  if (alarm.name === TICK) void tick();
  if (alarm.name === SYNC) void syncIfUnlocked();
});

chrome.idle.onStateChanged.addListener((state) => {
  if (state === "locked") void lock().then(tellPages);
});

chrome.runtime.onInstalled.addListener(({ reason }) => {
  if (isInstall(reason) && !__TEST_HOOKS__) {
    void chrome.tabs.create({ url: chrome.runtime.getURL("welcome.html") });
  }
});

// Whatever woke the worker asks the core next.
warm();
void applyStrict();
void resumeSaving();
// Content scripts need none of it, and a page that took one over could switch the lock off. Firefox has no such word.
void (chrome.storage.local as Partial<chrome.storage.StorageArea>).setAccessLevel?.({ accessLevel: "TRUSTED_CONTEXTS" });
void chrome.alarms.create(TICK, { periodInMinutes: 1 });
void chrome.alarms.create(SYNC, { periodInMinutes: 5 });
if (__TEST_HOOKS__) installHooks();

async function tick(): Promise<void> {
  await lockIfIdle();
  await expireProxied(way);
  await sweep(way.withdraw);
  await sweepSaving();
  await applyStrict();
  if (await isUnlocked()) await listen();
}

async function syncIfUnlocked(): Promise<void> {
  if (await isUnlocked()) soon();
}

function isInstall(reason: string): boolean {
  return reason === "install";
}
