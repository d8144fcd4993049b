/**
 * What the browser asks in strict mode. A page's request that our own script saw first is known by its challenge: it keeps its frame,
 * and with that the tab and the outermost origin, of which the browser says nothing here. What is asked, and for which origin, is the
 * browser's word.
 */

import { failureOf } from "../core/error.ts";
import type { Caller } from "../core/messages.ts";
import type { Json } from "../messages/parse.ts";
import type { Kind, ToRelay } from "../messages/relay.ts";
import { timeoutOf } from "../relay/timeout.ts";
import { call } from "./core.ts";
import { allRequests, updateRequest, writeRequest, type Place, type Waiting } from "./requests.ts";
import { proxyOf } from "./strict.ts";

/** An extension call at least this often keeps the worker alive while no frame of ours waits beside the browser. */
const PING_MS = 20_000;

interface Details {
  requestId: number;
  requestDetailsJson: string;
}

/** The way of a request, which lies in `consent.ts`. */
export interface Way {
  ask: (waiting: Waiting) => Promise<void>;
  /** Nobody waits for it any more. */
  withdraw: (waiting: Waiting) => Promise<void>;
  expire: (waiting: Waiting) => Promise<void>;
}

/** Requests that are not written down yet, and whether they were called off since. */
const arriving = new Map<number, { canceled: boolean }>();
let pings: ReturnType<typeof setInterval> | undefined;
let listening = false;

/** Listens, at the worker's start or once the person allows it. */
export function hearProxy(way: Way): void {
  const proxy = proxyOf();
  if (proxy === undefined || listening) return;
  listening = true;
  proxy.onCreateRequest.addListener((details) => void receive("create", details, way));
  proxy.onGetRequest.addListener((details) => void receive("get", details, way));
  // Only where there is a vault is there a proxy.
  proxy.onIsUvpaaRequest.addListener(({ requestId }) => void proxy.completeIsUvpaaRequest({ requestId, isUvpaa: true }));
  proxy.onRequestCanceled.addListener((requestId) => void cancel(requestId, way));
}

/** Answers the browser. */
export async function completeProxied(kind: Kind, requestId: number, message: Extract<ToRelay, { type: "response" | "error" }>): Promise<void> {
  const proxy = proxyOf();
  const answer =
    message.type === "response"
      ? { requestId, responseJson: JSON.stringify(message.response) }
      : { requestId, error: { name: message.name, message: message.message } };
  try {
    await (kind === "create" ? proxy?.completeCreateRequest(answer) : proxy?.completeGetRequest(answer));
  } catch (error) {
    // Called off meanwhile.
    console.debug("proxied:", failureOf(error).message);
  }
}

/** Ends what nobody has answered in its time; the browser leaves that to us. */
export async function expireProxied(way: Way): Promise<void> {
  const left = (await allRequests()).filter((each) => each.deadline !== undefined);
  for (const each of left) if ((each.deadline ?? 0) <= Date.now()) await way.expire(each);
  stayAwake(left.length > 0);
}

async function receive(kind: Kind, { requestId, requestDetailsJson }: Details, way: Way): Promise<void> {
  const arrival = { canceled: false };
  arriving.set(requestId, arrival);
  try {
    const { caller, options } = await call({ type: "passkeyProxied", details: requestDetailsJson });
    const waiting = await known(kind, requestId, caller, options as Waiting["options"], way);
    arriving.delete(requestId);
    await (arrival.canceled ? way.withdraw(waiting) : way.ask(waiting));
  } catch (error) {
    arriving.delete(requestId);
    console.debug("proxied:", failureOf(error).code);
    await completeProxied(kind, requestId, { type: "error", request: "", name: "NotAllowedError", message: "The request makes no sense." });
  }
}

/** The request, as the page's own script told of it, or as one of which nothing else is known. */
async function known(kind: Kind, requestId: number, caller: Caller, options: Record<string, Json>, way: Way): Promise<Waiting> {
  const due = (await allRequests()).find((each) => isSame(each, kind, caller, options));
  const taken = due && (await updateRequest(due.request, { proxied: requestId, options }));
  if (taken) return taken;
  const timeout = timeoutOf(options["timeout"]);
  const request = crypto.randomUUID();
  const place = await likelyPlace(caller.origin);
  const waiting: Waiting = { request, kind, options, caller, place, mediation: "optional", verified: false, proxied: requestId, deadline: Date.now() + timeout };
  await writeRequest(waiting);
  setTimeout(() => void expireProxied(way), timeout);
  stayAwake(true);
  return waiting;
}

function isSame(each: Waiting, kind: Kind, { origin, crossOrigin }: Caller, options: Record<string, Json>): boolean {
  const isDue = each.proxied === "due" && each.kind === kind && each.options["challenge"] === options["challenge"];
  return isDue && each.caller.origin === origin && each.caller.crossOrigin === crossOrigin;
}

/** The browser asks for a page that is in front. Where that is wrong, a window opens beside another one. */
async function likelyPlace(origin: string): Promise<Place> {
  const tabs = await chrome.tabs.query({ active: true });
  const tab = tabs.find(({ url }) => url !== undefined && URL.canParse(url) && new URL(url).origin === origin);
  return { tab: tab?.id ?? chrome.tabs.TAB_ID_NONE, frame: 0, document: "" };
}

async function cancel(requestId: number, way: Way): Promise<void> {
  const waiting = (await allRequests()).find(({ proxied }) => proxied === requestId);
  const arrival = arriving.get(requestId);
  if (arrival) arrival.canceled = true;
  if (waiting) await way.withdraw(waiting);
}

function stayAwake(needed: boolean): void {
  if (!needed) {
    clearInterval(pings);
    pings = undefined;
  }
  if (needed) pings ??= setInterval(() => void chrome.runtime.getPlatformInfo(), PING_MS);
}
