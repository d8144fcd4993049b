/** The unlocked session outlives the worker, not the browser: its key rests in memory, sealed. */

import { loadKey, makeKey, open, seal } from "./sealed.ts";

const SLOT = "session-wrap";
const STORED = "session";

/** What {@link prefetchSession} found, for the one who asks first. */
let ahead: Promise<Uint8Array | undefined> | undefined;

export async function writeSession(bytes: Uint8Array | undefined): Promise<void> {
  ahead = undefined;
  if (bytes === undefined) {
    await chrome.storage.session.remove(STORED);
    return;
  }
  // A new key for each session, so that an old ciphertext opens nothing.
  await chrome.storage.session.set({ [STORED]: await seal(await makeKey(SLOT), bytes) });
}

/** Reads the session while the core still loads. */
export function prefetchSession(): void {
  ahead = unwrap();
  // A failure shows to the one who asks.
  ahead.catch(() => undefined);
}

export function readSession(): Promise<Uint8Array | undefined> {
  const found = ahead ?? unwrap();
  ahead = undefined;
  return found;
}

async function unwrap(): Promise<Uint8Array | undefined> {
  const [held, key] = await Promise.all([chrome.storage.session.get(STORED), loadKey(SLOT)]);
  const stored: unknown = held[STORED];
  // Sealed under a key that is gone, it is nothing: the person unlocks again.
  return typeof stored === "string" && key !== undefined ? open(key, stored) : undefined;
}
