/**
 * What a person typed into the page of a tab and may want to keep: one thing a tab, for a while, sealed in memory. The worker may
 * die between what was sent off and what came of it.
 */

import type { PageOrigins } from "../core/messages.ts";
import { inTurn } from "./requests.ts";
import { loadKey, makeKey, open, seal } from "./sealed.ts";

export interface Held {
  tab: number;
  document: string;
  page: PageOrigins;
  userName: string;
  password: string;
  replaces?: string;
  /** It is new at the site. */
  made: boolean;
  at: number;
  /** What came of it is known, and the person may be asked. */
  due: boolean;
  /** The window that asks. */
  window?: number;
}

/** The name of an earlier step, which the next one does not ask for. */
export interface Named {
  origin: string;
  userName: string;
  at: number;
}

const SLOT = "typed-wrap";
const MOST_MS = 10 * 60_000;
/** Tabs whose typing is held at once; the oldest goes. */
const MOST_TABS = 16;
const TYPED = "typed:";
const NAMED = "named:";
const keyOf = (prefix: string, tab: number) => `${prefix}${tab}`;

export function hold(held: Held): Promise<void> {
  return inTurn(async () => {
    await write(TYPED, held.tab, held);
    const names = Object.entries(await stored(TYPED)).sort(([, a], [, b]) => a.at - b.at).map(([name]) => name);
    await chrome.storage.session.remove(names.slice(0, Math.max(0, names.length - MOST_TABS)));
  });
}

export function holdName(tab: number, named: Named): Promise<void> {
  return inTurn(() => write(NAMED, tab, named));
}

export const heldIn = (tab: number) => read<Held>(TYPED, tab);
export const nameIn = (tab: number) => read<Named>(NAMED, tab);

/** Changes what is held, and returns it; nothing when it is over. */
export function updateHeld(tab: number, change: Partial<Held>): Promise<Held | undefined> {
  return inTurn(async () => {
    const held = await heldIn(tab);
    if (held === undefined) return undefined;
    const next = { ...held, ...change };
    await write(TYPED, tab, next);
    return next;
  });
}

/** What came of it is known: returns it to the first who says so, and to nobody else. */
export function becomeDue(tab: number): Promise<Held | undefined> {
  return inTurn(async () => {
    const held = await heldIn(tab);
    if (held === undefined || held.due) return undefined;
    const next = { ...held, due: true };
    await write(TYPED, tab, next);
    return next;
  });
}

/** Lets go of it, and returns it; nothing when another was first. */
export function release(tab: number): Promise<Held | undefined> {
  return inTurn(async () => {
    const held = await heldIn(tab);
    await chrome.storage.session.remove([keyOf(TYPED, tab), keyOf(NAMED, tab)]);
    return held;
  });
}

export async function allHeld(): Promise<Held[]> {
  const tabs = Object.keys(await stored(TYPED)).map((name) => Number(name.slice(TYPED.length)));
  return (await Promise.all(tabs.map(heldIn))).filter((held) => held !== undefined);
}

/** Forgets what is too old to be asked about. */
export function sweepHeld(): Promise<void> {
  return inTurn(async () => {
    const all = { ...(await stored(TYPED)), ...(await stored(NAMED)) };
    await chrome.storage.session.remove(Object.entries(all).filter(([, { at }]) => isOver(at)).map(([name]) => name));
  });
}

interface Sealed {
  at: number;
  sealed: string;
}

async function stored(prefix: string): Promise<Record<string, Sealed>> {
  const all = Object.entries(await chrome.storage.session.get(null)).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(all) as Record<string, Sealed>;
}

async function write(prefix: string, tab: number, value: Held | Named): Promise<void> {
  const key = (await loadKey(SLOT)) ?? (await makeKey(SLOT));
  const sealed: Sealed = { at: value.at, sealed: await seal(key, new TextEncoder().encode(JSON.stringify(value))) };
  await chrome.storage.session.set({ [keyOf(prefix, tab)]: sealed });
}

async function read<T>(prefix: string, tab: number): Promise<T | undefined> {
  const name = keyOf(prefix, tab);
  const held = (await chrome.storage.session.get(name))[name] as Sealed | undefined;
  const key = await loadKey(SLOT);
  if (held === undefined || key === undefined || isOver(held.at)) return undefined;
  const bytes = await open(key, held.sealed);
  return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as T);
}

function isOver(at: number): boolean {
  return Date.now() - at > MOST_MS;
}
