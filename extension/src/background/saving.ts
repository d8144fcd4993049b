/**
 * Keeping what a person typed: it is held until its form is gone or another page has come, then compared with the vault, and
 * asked about in a window of ours. A page sees nothing of it, and cannot make it ask again and again.
 */

import { failureOf } from "../core/error.ts";
import type { FromForms } from "../messages/forms.ts";
import type { SaveView } from "../messages/ui.ts";
import { call } from "./core.ts";
import { allHeld, becomeDue, heldIn, hold, holdName, nameIn, release, sweepHeld, updateHeld, type Held } from "./held.ts";
import { badge } from "./offers.ts";
import { look, mayFill, pageOf, type Speaker } from "./page-forms.ts";
import { isDismissed, mayAsk, rememberDismissal } from "./requests.ts";
import { isUnsaved, leaveUnsaved, readSettings } from "./settings.ts";
import { soon, tellPages } from "./sync.ts";
import { closeWindow, focusWindow, isInFront, openSave, windowIsOpen } from "./windows.ts";

type Typed = Extract<FromForms, { type: "typed" }>;
type Named = Extract<FromForms, { type: "named" }>;

/** Documents that are being looked at after they came. */
const arriving = new Set<number>();

export async function hearTyped({ userName, password, replaces, made, ancestors }: Typed, speaker: Speaker): Promise<void> {
  const { tab, document, origin } = speaker;
  const page = await pageToKeep(speaker, ancestors);
  if (page === undefined || password === "") return;
  const named = userName === "" ? await nameIn(tab) : undefined;
  const name = named?.origin === origin ? named.userName : userName;
  const before = await heldIn(tab);
  // A press and the sending that it comes to are told one by one.
  if (before?.document === document && before.password === password && before.userName === name) return;
  await hold({ tab, document, page, userName: name, password, ...(replaces === undefined ? {} : { replaces }), made, at: Date.now(), due: false, ...(before?.window === undefined ? {} : { window: before.window }) });
  watchArrivals();
  // The next page may have come before this was heard to its end.
  if (await hasMovedOn(tab, document)) await arrived({ tabId: tab, frameId: 0 });
}

/** Whether a document is gone, and what is there in its place has come to rest. */
async function hasMovedOn(tab: number, document: string): Promise<boolean> {
  const frames = (await chrome.webNavigation.getAllFrames({ tabId: tab }).catch(() => null)) ?? [];
  const named = frames.flatMap(({ documentId }) => (typeof documentId === "string" ? [documentId] : []));
  if (named.length === 0 || named.includes(document)) return false;
  return chrome.tabs.get(tab).then(({ status }) => status === "complete", () => false);
}

export async function hearNamed({ userName, ancestors }: Named, speaker: Speaker): Promise<void> {
  if ((await pageToKeep(speaker, ancestors)) === undefined) return;
  await holdName(speaker.tab, { origin: speaker.origin, userName, at: Date.now() });
}

/** The page, where anything of it may be kept at all. */
async function pageToKeep(speaker: Speaker, ancestors: string[]): Promise<Held["page"] | undefined> {
  const settings = await readSettings();
  if (!settings.enabled || isUnsaved(settings, speaker.origin)) return undefined;
  const page = await pageOf(speaker, ancestors);
  if (page === undefined || !(await mayFill(page))) return undefined;
  const { phase } = await call({ type: "state" });
  return phase === "empty" || phase === "revoked" ? undefined : page;
}

/** The form is gone from its page: it was taken. */
export async function hearGone({ tab, document }: Speaker): Promise<void> {
  const held = await heldIn(tab);
  if (held?.document === document && !held.due) await ask(tab);
}

/** Another page has come. One that asks for the password again did not take it. */
async function arrived({ tabId: tab, frameId }: { tabId: number; frameId: number }): Promise<void> {
  if (frameId !== 0 || arriving.has(tab)) return;
  arriving.add(tab);
  try {
    const held = await heldIn(tab);
    if (held === undefined || held.due) return;
    const spots = held.made ? [] : await look(tab);
    if (!spots.some(({ fields }) => fields.password)) await ask(tab);
  } finally {
    arriving.delete(tab);
  }
}

/** Only while something is held: the browser wakes a worker for what it listens to. */
function watchArrivals(): void {
  if (!chrome.webNavigation.onCompleted.hasListener(hear)) chrome.webNavigation.onCompleted.addListener(hear);
}

function hear(details: { tabId: number; frameId: number }): void {
  void arrived(details);
}

/** A new worker goes on waiting where the last one did. */
export async function resumeSaving(): Promise<void> {
  if ((await allHeld()).length > 0) watchArrivals();
}

export async function sweepSaving(): Promise<void> {
  await sweepHeld();
  if ((await allHeld()).length === 0) chrome.webNavigation.onCompleted.removeListener(hear);
}

/** A window that closes itself after its work is done was taken as well; one that the person closed later was not. */
const CLOSES_ITSELF_MS = 15_000;

export async function savingTabClosed(tab: number): Promise<void> {
  const held = await heldIn(tab);
  if (held === undefined || held.window !== undefined) return;
  if (!held.due && Date.now() - held.at < CLOSES_ITSELF_MS) await ask(tab);
  else await release(tab);
}

/** Asks the person, unless it is known; while locked it waits at the button. */
async function ask(tab: number): Promise<void> {
  const held = await becomeDue(tab);
  if (held === undefined) return;
  const weighed = await weigh(held).catch((error: unknown) => failureOf(error).code);
  if (weighed === "locked") return markTab(tab);
  if (typeof weighed === "string" || weighed.verdict === "known") return letGo(tab);
  if (await mayOpen(held)) await open(held);
  await markTab(tab);
}

/** A page that goes on and on opens one window, and none after the person closed it. */
async function mayOpen({ tab, document, page, window }: Held): Promise<boolean> {
  if (window !== undefined && (await windowIsOpen(window))) return false;
  const isGone = await chrome.tabs.get(tab).then(() => false, () => true);
  const place = { tab, frame: 0, document };
  return (isGone || (await isInFront(tab))) && !(await isDismissed(place, page.origin)) && mayAsk(tab, false);
}

async function open({ tab }: Held): Promise<void> {
  const window = await openSave(tab);
  if (window !== undefined) await updateHeld(tab, { window });
}

function weigh({ page, userName, password, replaces }: Held) {
  return call({ type: "weighLogin", page, userName, password, ...(replaces === undefined ? {} : { replaces }) });
}

async function markTab(tab: number): Promise<void> {
  const title = chrome.i18n.getMessage("saveBadge");
  await Promise.all([chrome.action.setBadgeText({ tabId: tab, text: "+" }), chrome.action.setTitle({ tabId: tab, title })]).catch(() => undefined);
}

async function letGo(tab: number): Promise<void> {
  const held = await release(tab);
  await badge(tab);
  if (held?.window !== undefined) await closeWindow(held.window);
}

/** The site of what waits for the person, which may need no asking once the vault is open. */
export async function pendingSave(tab: number): Promise<string | undefined> {
  const held = await heldIn(tab);
  return held?.due === true ? new URL(held.page.origin).hostname : undefined;
}

/** What the window shows; nothing when it is over, or not yet known. */
export async function viewSave(tab: number): Promise<SaveView | undefined> {
  const held = await heldIn(tab);
  if (held === undefined || !held.due) return undefined;
  const { userName, password, page } = held;
  const { verdict, logins } = await weigh(held);
  if (verdict !== "known") return { site: new URL(page.origin).hostname, userName, password, logins };
  await letGo(tab);
  return undefined;
}

/** The person came for it at the extension's button. */
export async function openSaving(tab: number): Promise<void> {
  const held = await heldIn(tab);
  if (held === undefined) return;
  if (held.window !== undefined && (await windowIsOpen(held.window))) return focusWindow(held.window);
  await open(held);
}

export async function save(tab: number, userName: string, id: string | undefined): Promise<void> {
  const held = await heldIn(tab);
  if (held === undefined) return;
  const { page, password } = held;
  const title = new URL(page.origin).hostname;
  if (id === undefined) await call({ type: "addLogin", title, site: page.origin, userName, password, notes: "" });
  else await call({ type: "editLogin", id, password, ...(userName === "" ? {} : { userName }) });
  soon();
  tellPages();
  await letGo(tab);
}

/** Not now: nothing of this site opens in this tab any more. */
export async function dismissSave(tab: number): Promise<void> {
  const held = await heldIn(tab);
  if (held === undefined) return;
  await rememberDismissal({ tab, frame: 0, document: held.document }, held.page.origin);
  await letGo(tab);
}

export async function neverSave(tab: number): Promise<void> {
  const held = await heldIn(tab);
  if (held === undefined) return;
  await leaveUnsaved(held.page.origin);
  await letGo(tab);
}

/** The window was closed: by the person, or by itself as something else was typed meanwhile. */
export async function saveClosed(window: number): Promise<void> {
  const held = (await allHeld()).find((each) => each.window === window);
  if (held?.due === true) await dismissSave(held.tab);
}
