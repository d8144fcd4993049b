/**
 * The isolated half in every frame. It adds what the page cannot be asked for (permission, ancestors, activation),
 * keeps a request until it is answered, and asks again when the worker died in between.
 */

import { HANDSHAKE, parseFromPage, type ToPage } from "../messages/page.ts";
import { jsonObject, Malformed, object } from "../messages/parse.ts";
import { parseToRelay, RELAY_PORT, type FromRelay, type Kind, type ToRelay } from "../messages/relay.ts";
import { optionsToJson, partsFromJson } from "./convert.ts";
import { isActivated, isAllowed, isInView } from "./permission.ts";
import { timeoutOf } from "./timeout.ts";

/** A message at least this often keeps the worker alive while a request waits for the person. */
const PING_MS = 20_000;
/** How often a lost connection is made anew before the browser is left to answer. */
const MAX_RECONNECTS = 20;

interface Pending {
  page: MessagePort;
  id: number;
  message: Extract<FromRelay, { type: "request" }>;
  timer: ReturnType<typeof setTimeout>;
}

const pending = new Map<string, Pending>();
let worker: chrome.runtime.Port | undefined;
let reconnects = 0;
let pings: ReturnType<typeof setInterval> | undefined;

window.addEventListener(
  HANDSHAKE,
  (event) => {
    event.stopImmediatePropagation();
    const port = event instanceof MessageEvent ? event.ports[0] : undefined;
    if (port) port.onmessage = (message: MessageEvent<unknown>) => hear(port, message.data);
  },
  { once: true, capture: true },
);

function hear(page: MessagePort, data: unknown): void {
  const message = parseFromPage(data);
  if (message.type === "abort") { abort(page, message.id); return; }
  const settle = (answer: ToPage) => page.postMessage(answer);
  const { id, kind } = message;
  if (!isAllowed(kind)) { settle(refusal(id, "This frame may not use passkeys.")); return; }
  if (!isInView()) { settle(refusal(id, "The page is not in view.")); return; }
  try {
    begin(page, id, kind, message.options);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    settle({ type: "native", id });
  }
}

function begin(page: MessagePort, id: number, kind: Kind, given: unknown): void {
  // Within the worker's bounds: what it would not take belongs to the browser.
  const options = jsonObject(optionsToJson(object(given)));
  const request = crypto.randomUUID();
  const ancestors = Array.from(location.ancestorOrigins);
  const timer = setTimeout(() => {
    tell({ type: "abort", request });
    settle(request, refusal(id, "The request took too long."));
  }, timeoutOf(options["timeout"]));
  const message = { type: "request", request, kind, options, ancestors, activated: isActivated() } as const;
  pending.set(request, { page, id, message, timer });
  tell(message);
}

function abort(page: MessagePort, id: number): void {
  for (const [request, each] of pending) {
    if (each.page !== page || each.id !== id) continue;
    drop(request);
    tell({ type: "abort", request });
  }
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
  pings ??= setInterval(() => { if (pending.size > 0) tell({ type: "ping" }); }, PING_MS);
  return worker;
}

/** The worker went away. What is still unanswered is asked again under the same name, and it remembers. */
function lost(): void {
  worker = undefined;
  if (pending.size === 0) return;
  reconnects += 1;
  if (reconnects > MAX_RECONNECTS) { giveUp(); return; }
  setTimeout(() => {
    for (const each of pending.values()) tell(each.message);
  }, 50 * reconnects);
}

function giveUp(): void {
  for (const [request, each] of pending) settle(request, { type: "native", id: each.id });
}

function answer(message: ToRelay): void {
  const waiting = pending.get(message.request);
  if (!waiting) return;
  reconnects = 0;
  settle(message.request, forPage(waiting.id, message));
}

function forPage(id: number, message: ToRelay): ToPage {
  switch (message.type) {
    case "response":
      return { type: "response", id, parts: partsFromJson(message.response) };
    case "native":
      return { type: "native", id };
    case "error":
      return { type: "error", id, name: message.name, message: message.message };
  }
}

function settle(request: string, message: ToPage): void {
  const waiting = drop(request);
  waiting?.page.postMessage(message);
}

function drop(request: string): Pending | undefined {
  const waiting = pending.get(request);
  pending.delete(request);
  if (waiting) clearTimeout(waiting.timer);
  if (pending.size === 0) {
    clearInterval(pings);
    pings = undefined;
  }
  return waiting;
}

function refusal(id: number, message: string): ToPage {
  return { type: "error", id, name: "NotAllowedError", message };
}
