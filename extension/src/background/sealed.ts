/**
 * What outlives the worker and not the browser: sealed in `storage.session` (memory) under a WebCrypto key that cannot be exported.
 * Neither half opens anything without the other.
 */

import { decode, encode } from "../relay/base64url.ts";
import { database, KEYS, settled } from "./database.ts";

const IV_BYTES = 12;

export async function seal(key: CryptoKey, bytes: Uint8Array): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new Uint8Array(bytes));
  return encode(new Uint8Array([...iv, ...new Uint8Array(sealed)]));
}

/** Nothing when it was sealed under a key that is gone. */
export async function open(key: CryptoKey, sealed: string): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(decode(sealed));
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes.slice(0, IV_BYTES) }, key, bytes.slice(IV_BYTES)));
  } catch {
    return undefined;
  }
}

/** A new key in this slot, in place of the one before. */
export async function makeKey(slot: string): Promise<CryptoKey> {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const store = (await database()).transaction(KEYS, "readwrite").objectStore(KEYS);
  await settled(store.put(key, slot));
  return key;
}

export async function loadKey(slot: string): Promise<CryptoKey | undefined> {
  const store = (await database()).transaction(KEYS, "readonly").objectStore(KEYS);
  const found: unknown = await settled<unknown>(store.get(slot));
  return found instanceof CryptoKey ? found : undefined;
}
