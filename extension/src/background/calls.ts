/** What pages say and ask beside the two ceremonies: nobody is asked anything, and the page learns nothing of the vault. */

import { failureOf } from "../core/error.ts";
import type { Caller } from "../core/messages.ts";
import type { Json } from "../messages/parse.ts";
import type { FromRelay, ToRelay } from "../messages/relay.ts";
import { callerOf, type Sender } from "./ancestry.ts";
import { call } from "./core.ts";
import type { Place } from "./requests.ts";
import { isNever, readSettings } from "./settings.ts";
import { soon, tellPages } from "./sync.ts";

type Call = Extract<FromRelay, { type: "call" }>;

interface Signal {
  signal: Exclude<Call["call"], "capabilities">;
  caller: Caller;
  options: Record<string, Json>;
}

/** A signal may change the vault, and so reaches the person's other devices: a page that goes on and on is not heard. */
const MOST_SIGNALS = 20;
const WITHIN_MS = 60_000;
const KEPT = "signals";
const MOST_KEPT = 50;
const signals = new Map<number, number[]>();

export async function answerCall(port: chrome.runtime.Port, message: Call, place: Place, sender: Sender): Promise<void> {
  let answer: ToRelay;
  try {
    answer = { type: "value", request: message.request, value: await valueOf(message, place, sender) };
  } catch (error) {
    answer = refusal(message.request, error);
  }
  try {
    port.postMessage(answer);
  } catch {
    // The frame went away.
  }
}

async function valueOf({ call: name, options, ancestors }: Call, place: Place, sender: Sender): Promise<Json> {
  const settings = await readSettings();
  const ours = settings.enabled && !isNever(settings, sender.origin);
  if (name === "capabilities") {
    // What is not a flag is none of the browser's words.
    const flags = Object.entries(options).filter((each): each is [string, boolean] => typeof each[1] === "boolean");
    const browser = Object.fromEntries(flags);
    return ours ? (await call({ type: "capabilities", capabilities: browser })).capabilities : browser;
  }
  if (!ours || isTooMuch(place.tab)) return null;
  const frames = (await chrome.webNavigation.getAllFrames({ tabId: place.tab })) ?? [];
  const caller = callerOf(sender, ancestors, frames);
  if (caller !== undefined) await hear({ signal: name, caller, options });
  return null;
}

async function hear(signal: Signal): Promise<void> {
  try {
    const { changed } = await call({ type: "passkeySignal", ...signal });
    if (changed === 0) return;
    soon();
    tellPages();
  } catch (error) {
    if (failureOf(error).code !== "locked") throw error;
    await keep(signal);
  }
}

/** A locked vault hears it once it is open; the browser's end forgets it, as a site has to say it again anyway. */
async function keep(signal: Signal): Promise<void> {
  const kept = await keptSignals();
  await chrome.storage.session.set({ [KEPT]: [...kept, signal].slice(-MOST_KEPT) });
}

export async function hearKeptSignals(): Promise<void> {
  const kept = await keptSignals();
  await chrome.storage.session.remove(KEPT);
  // What one of them got wrong is not the others' fault.
  for (const signal of kept) await hear(signal).catch((error: unknown) => console.debug("signal:", failureOf(error).code));
}

async function keptSignals(): Promise<Signal[]> {
  return ((await chrome.storage.session.get(KEPT))[KEPT] ?? []) as Signal[];
}

function isTooMuch(tab: number): boolean {
  const now = Date.now();
  const recent = (signals.get(tab) ?? []).filter((each) => now - each < WITHIN_MS);
  signals.set(tab, [...recent, now]);
  return recent.length >= MOST_SIGNALS;
}

/** What makes no sense may be told; that there is no vault, or that it is locked, may not. */
function refusal(request: string, error: unknown): ToRelay {
  const { code, name, message } = failureOf(error);
  if (code !== "dom" || name === undefined) return { type: "value", request, value: null };
  return { type: "error", request, name: name === "TypeError" ? "DataError" : name, message: message.slice(0, 500) };
}
