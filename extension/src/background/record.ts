/**
 * The questions that were put before the person lately, and what came of them: the answer to "why did I see this?".
 * It names sites, so it rests in memory (`storage.session`), and locking ends it.
 */

import type { PromptRecord, PromptEnd } from "../messages/ui.ts";
import { inTurn, type Waiting } from "./requests.ts";

const STORED = "prompts";
const MOST = 20;

export async function readPrompts(): Promise<PromptRecord[]> {
  return ((await chrome.storage.session.get(STORED))[STORED] ?? []) as PromptRecord[];
}

/** A window opens for a request, because of `why`. */
export function recordPrompt({ request, kind, caller }: Waiting, why: PromptRecord["why"]): Promise<void> {
  const { origin, topOrigin } = caller;
  return change((known) => [{ request, kind, origin, ...(topOrigin === undefined ? {} : { topOrigin }), why, at: Date.now(), end: "open" }, ...known.filter((each) => each.request !== request)]);
}

/** A request that was shown is over; of one that never was there is nothing to say. */
export function recordEnd(request: string, end: PromptEnd): Promise<void> {
  return change((known) => known.map((each) => (each.request === request && each.end === "open" ? { ...each, end } : each)));
}

export function forgetPrompts(): Promise<void> {
  return inTurn(() => chrome.storage.session.remove(STORED));
}

function change(next: (known: PromptRecord[]) => PromptRecord[]): Promise<void> {
  return inTurn(async () => chrome.storage.session.set({ [STORED]: next(await readPrompts()).slice(0, MOST) }));
}
