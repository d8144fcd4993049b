/** Fetches a site's document, as WebAuthn has it: without credentials or a referrer, from `https` alone. The core judges it. */

import type { FetchedDocument } from "../core/messages.ts";

const TIMEOUT_MS = 10_000;
/** The core takes no more; one byte over says that there was more. */
const MOST_BYTES = 256 * 1024;

const NOTHING: FetchedDocument = { status: 0, contentType: "", body: "" };

export async function fetchDocument(url: string): Promise<FetchedDocument> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, { credentials: "omit", referrerPolicy: "no-referrer", redirect: "follow", cache: "no-store", signal });
    // On the way, our own content security policy keeps redirections from leaving https.
    if (!response.url.startsWith("https://")) return NOTHING;
    const body = await readSome(response);
    return { status: response.status, contentType: response.headers.get("content-type") ?? "", body };
  } catch {
    return NOTHING;
  }
}

async function readSome(response: Response): Promise<string> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  while (reader && length <= MOST_BYTES) {
    const { done, value } = await reader.read();
    if (done) return new Blob(chunks).text();
    chunks.push(value);
    length += value.length;
  }
  await reader?.cancel();
  return new Blob(chunks).text();
}
