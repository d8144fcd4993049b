/** What the core may ask of the browser. It only forwards: every rule is in the core. */

import { applyBatch, getRows, scanRows, type Change } from "./database.ts";
import { readSession, writeSession } from "./session-key.ts";

export interface Reply {
  status: number;
  contentType: string;
  retryAfter?: string;
  body: Uint8Array;
}

export interface Host {
  /** Rows as of one moment: a table and a key each. */
  get(tables: string[], keys: Uint8Array[]): Promise<(Uint8Array | undefined)[]>;
  scan(table: string, after: Uint8Array | undefined, limit: number): Promise<[Uint8Array, Uint8Array][]>;
  apply(batch: Change[]): Promise<void>;
  fetch(method: string, url: string, headers: [string, string][], body: Uint8Array | undefined): Promise<Reply>;
  now(): number;
  keepSession(bytes: Uint8Array | undefined): Promise<void>;
  session(): Promise<Uint8Array | undefined>;
}

/** A server that has not answered by then counts as unreachable; pending changes wait for the next try. */
const REQUEST_TIMEOUT_MS = 30_000;

export const host: Host = {
  get: getRows,
  scan: scanRows,
  apply: applyBatch,
  fetch: request,
  now: () => Date.now(),
  keepSession: writeSession,
  session: readSession,
};

async function request(method: string, url: string, headers: [string, string][], body: Uint8Array | undefined): Promise<Reply> {
  const response = await fetch(url, {
    method,
    headers,
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
    referrerPolicy: "no-referrer",
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  const retryAfter = response.headers.get("retry-after");
  return {
    status: response.status,
    contentType: response.headers.get("content-type") ?? "",
    ...(retryAfter === null ? {} : { retryAfter }),
    body: new Uint8Array(await response.arrayBuffer()),
  };
}
