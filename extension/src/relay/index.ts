/**
 * The isolated half in every frame. It adds what the page cannot be asked for (permission, ancestors, activation),
 * keeps a request until it is answered, and asks again when the worker died in between.
 */

import { HANDSHAKE, parseFromPage, type FromPage, type ToPage } from "../messages/page.ts";
import { jsonObject, Malformed, object } from "../messages/parse.ts";
import { parseToRelay, parseWake, RELAY_PORT, type FieldPress, type FromRelay, type ToRelay } from "../messages/relay.ts";
import { optionsToJson, partsFromJson } from "./convert.ts";
import { watchFields } from "./fields.ts";
import { isActivated, isAllowed, isInView, whenShown } from "./permission.ts";
import { timeoutOf } from "./timeout.ts";

/** A message at least this often keeps the worker alive while a request waits for the person. */
const PING_MS = 20_000;
/** How often a lost connection is made anew before the browser is left to answer. */
const MAX_RECONNECTS = 20;

interface Pending {
  page: MessagePort;
  id: number;
  message: Extract<FromRelay, { type: "request" | "call" }>;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** An offer, and nobody is at it: it can wait without the worker. */
  resting: boolean;
  /** The person was at a field, and what the worker makes of it is not known yet: should it die, the next one hears. */
  pressed?: FieldPress | undefined;
  /** The person was at a field again meanwhile. */
  again?: FieldPress | undefined;
}

type Ask = Extract<FromPage, { type: "request" }>;

const pending = new Map<string, Pending>();
/** Requests of which the browser has yet to say whether this document may make them. */
const checking = new Set<number>();
/** Requests that the browser answers in our place, and of which the worker wants to hear the end. */
const reports = new Map<number, string>();
const shown = whenShown();
let worker: chrome.runtime.Port | undefined;
let reconnects = 0;
let pings: ReturnType<typeof setInterval> | undefined;

// The person came for an offer at the extension's button: who rests comes back to hear the answer.
chrome.runtime.onMessage.addListener((data: unknown) => {
  // The forms' half beside us hears messages of its own.
  if (typeof data !== "object" || data === null || !("request" in data)) return;
  const each = pending.get(parseWake(data).request);
  if (!each) return;
  each.resting = false;
  tell(each.message);
});

window.addEventListener(
  HANDSHAKE,
  (event) => {
    event.stopImmediatePropagation();
    const port = event instanceof MessageEvent ? event.ports[0] : undefined;
    if (port) port.onmessage = (message: MessageEvent<unknown>) => void hear(port, message.data);
  },
  { once: true, capture: true },
);

async function hear(page: MessagePort, data: unknown): Promise<void> {
  // In Firefox the data is the page's own, seen from here through a wrapper: a copy is ours, its buffers included.
  const message = parseFromPage(structuredClone(data));
  if (message.type === "abort") { abort(page, message.id); return; }
  if (message.type === "refused") { for (const request of requestsOf(page, message.id)) tell({ type: "refused", request }); return; }
  if (message.type === "over") { report(message.id); return; }
  const settle = (answer: ToPage) => page.postMessage(answer);
  if (message.type === "call") { void shown.then(() => forward(page, message)); return; }
  const { id, kind, mediation } = message;
  const offered = mediation === "conditional" && kind === "get";
  checking.add(id);
  await shown;
  const activated = isActivated();
  const allowed = await isAllowed(kind);
  // Called off while the browser was asked.
  if (!checking.delete(id)) return;
  if (!allowed) { settle(refusal(id, "This frame may not use passkeys.")); return; }
  // An offer shows nothing before the person is at a field.
  if (offered) settle({ type: "beside", id });
  else if (!isInView() && (mediation === "optional" || mediation === "immediate")) { settle(refusal(id, "The page is not in view.")); return; }
  try {
    begin(page, message, activated);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    settle({ type: "native", id, alone: false });
  }
}

function begin(page: MessagePort, { id, kind, mediation, options: given }: Ask, activated: boolean): void {
  // Within the worker's bounds: what it would not take belongs to the browser.
  const options = jsonObject(optionsToJson(object(given)));
  const request = crypto.randomUUID();
  const ancestors = Array.from(location.ancestorOrigins);
  const message = { type: "request", request, kind, options, mediation, ancestors, activated } as const;
  // An offer stands as long as the page wants it, as the standard has it.
  const timer = mediation === "conditional" ? undefined : setTimeout(() => outOfTime(request, id), timeoutOf(options["timeout"]));
  pending.set(request, { page, id, message, timer, resting: false });
  tell(message);
}

/** What is no ceremony is answered at once, or not at all. */
function forward(page: MessagePort, { id, call, options: given }: Extract<FromPage, { type: "call" }>): void {
  try {
    const options = jsonObject(optionsToJson(object(given)));
    const request = crypto.randomUUID();
    const message = { type: "call", request, call, options, ancestors: Array.from(location.ancestorOrigins) } as const;
    pending.set(request, { page, id, message, timer: undefined, resting: false });
    tell(message);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    page.postMessage({ type: "error", id, name: "DataError", message: "A member is missing or malformed." } satisfies ToPage);
  }
}

function outOfTime(request: string, id: number): void {
  tell({ type: "abort", request });
  settle(request, refusal(id, "The request took too long."));
}

/** The person is at a field that an offer is for. */
function atField(how: FieldPress): void {
  for (const each of pending.values()) {
    if (each.message.type !== "request" || each.message.mediation !== "conditional") continue;
    if (each.resting) press(each, how);
    else each.again = how;
  }
}

function press(each: Pending, how: FieldPress): void {
  each.resting = false;
  each.pressed = how;
  each.again = undefined;
  put(each);
}

/** Asks with everything there is to know: the worker that hears it may be a new one. */
function put({ message, pressed }: Pending): void {
  tell(message.type === "request" && pressed !== undefined ? { ...message, pressed } : message);
}

function abort(page: MessagePort, id: number): void {
  checking.delete(id);
  for (const request of requestsOf(page, id)) {
    drop(request);
    tell({ type: "abort", request });
  }
}

function requestsOf(page: MessagePort, id: number): string[] {
  return [...pending].filter(([, each]) => each.page === page && each.id === id).map(([request]) => request);
}

/** The browser has answered in our place, which the worker waits for where it is not to be in between. */
function report(id: number): void {
  const request = reports.get(id);
  reports.delete(id);
  if (request !== undefined) tell({ type: "over", request });
}

function tell(message: FromRelay): void {
  const port = worker ?? connect();
  if (!port) return;
  try {
    port.postMessage(message);
  } catch {
    lost();
  }
}

function connect(): chrome.runtime.Port | undefined {
  try {
    worker = chrome.runtime.connect({ name: RELAY_PORT });
  } catch {
    // The extension was updated or removed under this page: the browser answers from here on.
    giveUp();
    return undefined;
  }
  worker.onMessage.addListener((data: unknown) => answer(parseToRelay(data)));
  worker.onDisconnect.addListener(lost);
  pings ??= setInterval(() => { if (waiting().length > 0) tell({ type: "ping" }); }, PING_MS);
  return worker;
}

/** The worker went away. What is still unanswered is asked again under the same name, and it remembers. */
function lost(): void {
  worker = undefined;
  if (waiting().length === 0) return;
  reconnects += 1;
  if (reconnects > MAX_RECONNECTS) { giveUp(); return; }
  setTimeout(() => {
    for (const each of waiting()) put(each);
  }, 50 * reconnects);
}

/** Those for whom the worker has to live. */
function waiting(): Pending[] {
  return [...pending.values()].filter((each) => !each.resting);
}

function giveUp(): void {
  for (const [request, each] of pending) settle(request, { type: "native", id: each.id, alone: false });
}

function answer(message: ToRelay): void {
  const asked = pending.get(message.request);
  if (!asked) return;
  reconnects = 0;
  if (message.type === "offer") {
    asked.resting = true;
    asked.pressed = undefined;
    watchFields(atField);
    if (asked.again !== undefined) press(asked, asked.again);
  } else if (message.type === "proxied") {
    asked.page.postMessage({ type: "beside", id: asked.id } satisfies ToPage);
  } else {
    if (message.type === "native" && message.report === true) reports.set(asked.id, message.request);
    settle(message.request, forPage(asked.id, message));
  }
}

function forPage(id: number, message: Exclude<ToRelay, { type: "offer" | "proxied" }>): ToPage {
  switch (message.type) {
    case "response":
      return { type: "response", id, parts: partsFromJson(message.response) };
    case "value":
      return { type: "value", id, value: message.value };
    case "native":
      return { type: "native", id, alone: message.elsewhere || message.report === true };
    case "error":
      return { type: "error", id, name: message.name, message: message.message };
  }
}

function settle(request: string, message: ToPage): void {
  drop(request)?.page.postMessage(message);
}

function drop(request: string): Pending | undefined {
  const dropped = pending.get(request);
  pending.delete(request);
  clearTimeout(dropped?.timer);
  if (pending.size === 0) {
    clearInterval(pings);
    pings = undefined;
  }
  return dropped;
}

function refusal(id: number, message: string): ToPage {
  return { type: "error", id, name: "NotAllowedError", message };
}
