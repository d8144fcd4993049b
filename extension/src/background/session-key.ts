/**
 * The unlocked session outlives the worker, not the browser: its key rests in `storage.session` (memory), sealed
 * under a WebCrypto key that cannot be exported. Neither half opens anything without the other.
 */

import { database, KEYS, settled } from "./database.ts";
import { encode } from "../relay/base64url.ts";
import { decode } from "../relay/base64url.ts";

const SLOT = "session-wrap";
const STORED = "session";
const IV_BYTES = 12;

/** What {@link prefetchSession} found, for the one who asks first. */
let ahead: Promise<Uint8Array | undefined> | undefined;

export async function writeSession(bytes: Uint8Array | undefined): Promise<void> {
  ahead = undefined;
  if (bytes === undefined) {
    await chrome.storage.session.remove(STORED);
    return;
  }
  const key = await makeWrap();
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new Uint8Array(bytes));
  await chrome.storage.session.set({ [STORED]: encode(new Uint8Array([...iv, ...new Uint8Array(sealed)])) });
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
  const [held, key] = await Promise.all([chrome.storage.session.get(STORED), loadWrap()]);
  const stored: unknown = held[STORED];
  if (typeof stored !== "string" || key === undefined) return undefined;
  const bytes = new Uint8Array(decode(stored));
  try {
    const iv = bytes.slice(0, IV_BYTES);
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, bytes.slice(IV_BYTES)));
  } catch {
    // Sealed under a key that is gone: the person unlocks again.
    return undefined;
  }
}

/** A new key for each session, so that an old ciphertext opens nothing. */
async function makeWrap(): Promise<CryptoKey> {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const store = (await database()).transaction(KEYS, "readwrite").objectStore(KEYS);
  await settled(store.put(key, SLOT));
  return key;
}

async function loadWrap(): Promise<CryptoKey | undefined> {
  const store = (await database()).transaction(KEYS, "readonly").objectStore(KEYS);
  const found: unknown = await settled<unknown>(store.get(SLOT));
  return found instanceof CryptoKey ? found : undefined;
}
