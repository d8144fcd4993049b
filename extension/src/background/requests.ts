/**
 * Requests that wait for a person. They live in `storage.session`, because the worker may die while they wait; a new
 * worker finds them there, and the frame's relay and the consent window come back to it by the request's name.
 */

import type { Caller, FetchedDocument, PasskeyPrompt } from "../core/messages.ts";
import type { Json } from "../messages/parse.ts";
import type { Kind, Mediation } from "../messages/relay.ts";

/** The frame that asked. */
export interface Place {
  tab: number;
  frame: number;
  document: string;
}

export interface Consented {
  verified: boolean;
  credential?: string;
}

export interface Waiting {
  request: string;
  kind: Kind;
  options: Record<string, Json>;
  caller: Caller;
  place: Place;
  mediation: Mediation;
  /** What the owner of the rpId says of sites that may use it, where the core wanted that. */
  fetched?: FetchedDocument | undefined;
  /** The consent window, while there is one. */
  window?: number | undefined;
  /** What to ask; absent while the vault is locked. */
  prompt?: PasskeyPrompt | undefined;
  /** The person was verified within this request. */
  verified: boolean;
  /** Strict mode: the number of the browser's own request, or `due` while that is still to come. */
  proxied?: number | "due" | undefined;
  /** Until when it may wait, where no frame of ours keeps the time. */
  deadline?: number;
  /** What the person agreed to; from here on only the core's answer is missing. */
  consent?: Consented;
}

const PREFIX = "request:";
const unansweredKey = (tab: number) => `unanswered:${tab}`;
/** How many questions a tab may take back before it has to wait for the person; a refusal counts for all of them. */
const MOST_UNANSWERED = 3;

let last: Promise<unknown> = Promise.resolve();

/** One change of what is stored at a time, so that none brings back what another removed. */
export function inTurn<T>(change: () => Promise<T>): Promise<T> {
  const next = last.then(change);
  last = next.catch(() => undefined);
  return next;
}

export async function readRequest(request: string): Promise<Waiting | undefined> {
  const key = PREFIX + request;
  return (await chrome.storage.session.get(key))[key] as Waiting | undefined;
}

export function writeRequest(waiting: Waiting): Promise<void> {
  return inTurn(() => store(waiting));
}

function store(waiting: Waiting): Promise<void> {
  return chrome.storage.session.set({ [PREFIX + waiting.request]: waiting });
}

/** Takes a request in where there is room beside the others, in one step: of many at once, each sees those before it. */
export function admitRequest(waiting: Waiting, look: (others: Waiting[]) => { stale: Waiting[]; hasRoom: boolean }): Promise<boolean> {
  return inTurn(async () => {
    const { stale, hasRoom } = look((await allRequests()).filter(({ request }) => request !== waiting.request));
    await chrome.storage.session.remove(stale.map(({ request }) => PREFIX + request));
    if (hasRoom) await store(waiting);
    return hasRoom;
  });
}

/** Changes a request that still waits, and returns it; nothing when it is over. */
export function updateRequest(request: string, change: Partial<Waiting>): Promise<Waiting | undefined> {
  return inTurn(async () => {
    const waiting = await readRequest(request);
    if (waiting === undefined) return undefined;
    const next = { ...waiting, ...change };
    await store(next);
    return next;
  });
}

/** Ends a request, and returns it as it was last; nothing when another ended it first. */
export function takeRequest(request: string): Promise<Waiting | undefined> {
  return inTurn(async () => {
    const waiting = await readRequest(request);
    await chrome.storage.session.remove(PREFIX + request);
    return waiting;
  });
}

export async function allRequests(): Promise<Waiting[]> {
  const stored = await chrome.storage.session.get(null);
  return Object.entries(stored)
    .filter(([key]) => key.startsWith(PREFIX))
    .map(([, value]) => value as Waiting);
}

/** An offer is for a field of the page: nothing is shown before the person comes for it. */
export function isOffer({ kind, mediation }: Waiting): boolean {
  return kind === "get" && mediation === "conditional";
}

/** Strict mode: the browser alone told of it, and says when nobody waits any more. Its tab is a guess. */
export function isTheBrowsers({ deadline }: Waiting): boolean {
  return deadline !== undefined;
}

export function samePlace(a: Place, b: Place): boolean {
  return a.tab === b.tab && a.frame === b.frame && a.document === b.document;
}

/** After a refusal a tab may ask again only once the person did something in it: no storm of windows. */
export async function rememberRefusal(tab: number): Promise<void> {
  await chrome.storage.session.set({ [unansweredKey(tab)]: MOST_UNANSWERED });
}

/** The page took its question back. Some do, and ask anew at once; one that goes on doing so makes windows flicker. */
export function rememberRetreat(tab: number): Promise<void> {
  return inTurn(async () => chrome.storage.session.set({ [unansweredKey(tab)]: (await unanswered(tab)) + 1 }));
}

export async function mayAsk(tab: number, activated: boolean): Promise<boolean> {
  if (activated) {
    await forgive(tab);
    return true;
  }
  return (await unanswered(tab)) < MOST_UNANSWERED;
}

/** The person acted in the tab, or for it. */
export async function forgive(tab: number): Promise<void> {
  await chrome.storage.session.remove(unansweredKey(tab));
}

/** Forgets what tabs did that are no more. */
export function forgetTabs(open: ReadonlySet<number | undefined>): Promise<void> {
  return inTurn(async () => {
    const names = Object.keys(await chrome.storage.session.get(null));
    const gone = names.filter((name) => TAB_KEY.test(name) && !open.has(Number(name.split(":")[1])));
    await chrome.storage.session.remove(gone);
  });
}

async function unanswered(tab: number): Promise<number> {
  const key = unansweredKey(tab);
  return Number((await chrome.storage.session.get(key))[key] ?? 0);
}

const TAB_KEY = /^(unanswered|dismissed):/;
const dismissedPrefix = (tab: number) => `dismissed:${tab}:`;
const dismissedKey = (place: Place, origin: string) => dismissedPrefix(place.tab) + origin;

/** The person closed what a field had opened: in this tab, this site's fields open nothing by a press any more. */
export async function rememberDismissal(place: Place, origin: string): Promise<void> {
  await chrome.storage.session.set({ [dismissedKey(place, origin)]: true });
}

export async function isDismissed(place: Place, origin: string): Promise<boolean> {
  const key = dismissedKey(place, origin);
  return key in (await chrome.storage.session.get(key));
}

/** The tab is gone: no worker may have been there to hear of its documents' end. */
export function forgetTab(tab: number): Promise<void> {
  return inTurn(async () => {
    const stored = await chrome.storage.session.get(null);
    const names = Object.entries(stored).filter(([name, value]) => isOfTab(tab, name, value)).map(([name]) => name);
    await chrome.storage.session.remove(names);
  });
}

function isOfTab(tab: number, name: string, value: unknown): boolean {
  if (name.startsWith(PREFIX)) return (value as Waiting).place.tab === tab && !isTheBrowsers(value as Waiting);
  return name === unansweredKey(tab) || name.startsWith(dismissedPrefix(tab));
}
