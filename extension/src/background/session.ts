/** The unlocked time: what begins with it, what ends it. */

import { hearKeptSignals } from "./calls.ts";
import { call } from "./core.ts";
import { forgetPrompts } from "./record.ts";
import { readSettings } from "./settings.ts";
import { listen, soon, stopListening } from "./sync.ts";

const USED = "used-at";

/** The vault was opened just now. */
export async function unlocked(): Promise<void> {
  await used();
  await hearKeptSignals();
  soon();
  void listen();
}

/** The person did something: the time until the lock starts again. */
export async function used(): Promise<void> {
  await chrome.storage.session.set({ [USED]: Date.now() });
}

export async function lock(): Promise<void> {
  stopListening();
  await forgetPrompts();
  await call({ type: "lock" });
}

export async function isUnlocked(): Promise<boolean> {
  const state = await call({ type: "state" });
  return state.phase === "unlocked" || (state.phase === "distrust" && !state.locked);
}

/** Locks when nobody used the vault for as long as the person chose. */
export async function lockIfIdle(): Promise<void> {
  const { autoLock } = await readSettings();
  if (autoLock === 0 || (await usedWithin(autoLock))) return;
  // It may be opened while we ask, by somebody who says so first.
  if ((await isUnlocked()) && !(await usedWithin(autoLock))) await lock();
}

async function usedWithin(minutes: number): Promise<boolean> {
  const last: unknown = (await chrome.storage.session.get(USED))[USED];
  return typeof last === "number" && Date.now() - last < minutes * 60_000;
}
