/** The way of a request: from a frame, by the core's decision and the person's, to an answer. */

import { CoreError, failureOf } from "../core/error.ts";
import type { PasskeyDecision } from "../core/messages.ts";
import { parseFromRelay, RELAY_PORT, type DomErrorName, type FromRelay, type ToRelay } from "../messages/relay.ts";
import type { ConsentView } from "../messages/ui.ts";
import { callerOf, type Frame } from "./ancestry.ts";
import { automaticConsent } from "./automatic.ts";
import { call } from "./core.ts";
import { mark } from "./marks.ts";
import {
  allRequests,
  mayAsk,
  nativeAnswer,
  readRequest,
  rememberRefusal,
  removeRequest,
  samePlace,
  writeRequest,
  type Consented,
  type Place,
  type Waiting,
} from "./requests.ts";
import { readSettings, type Settings } from "./settings.ts";
import { unlocked, used } from "./session.ts";
import { soon } from "./sync.ts";
import { closeWindow, openConsent, windowIsOpen } from "./windows.ts";

type Ask = Extract<FromRelay, { type: "request" }>;

/** The frames that wait, by request; a new worker has none until they come back. */
const ports = new Map<string, chrome.runtime.Port>();
/** Requests that are being worked on in this worker, so that a repeated one does not start twice. */
const busy = new Set<string>();

export function acceptRelay(port: chrome.runtime.Port): void {
  if (port.name !== RELAY_PORT) return;
  const place = placeOf(port.sender);
  const origin = port.sender?.origin;
  if (place === undefined || origin === undefined) { port.disconnect(); return; }
  mark("port");
  port.onMessage.addListener((data: unknown) => {
    const message = parseFromRelay(data);
    if (message.type === "abort") void abandon(message.request, place);
    if (message.type === "request") void receive(port, message, place, origin);
  });
  port.onDisconnect.addListener(() => {
    for (const [request, each] of ports) if (each === port) void abandon(request, place);
  });
}

function placeOf(sender: chrome.runtime.MessageSender | undefined): Place | undefined {
  const { tab, frameId, documentId } = sender ?? {};
  if (tab?.id === undefined || frameId === undefined || documentId === undefined) return undefined;
  return { tab: tab.id, frame: frameId, document: documentId };
}

async function receive(port: chrome.runtime.Port, ask: Ask, place: Place, origin: string): Promise<void> {
  ports.set(ask.request, port);
  if (busy.has(ask.request)) return;
  busy.add(ask.request);
  try {
    const [known, settings, frames] = await Promise.all([
      readRequest(ask.request),
      readSettings(),
      chrome.webNavigation.getAllFrames({ tabId: place.tab }),
    ]);
    mark("read");
    if (known === undefined) await begin(ask, place, origin, settings, frames ?? []);
    else if (samePlace(known.place, place)) await resume(known);
    else ports.delete(ask.request);
  } catch (error) {
    await fail(ask.request, error);
  } finally {
    busy.delete(ask.request);
  }
}

async function begin(ask: Ask, place: Place, origin: string, settings: Settings, frames: Frame[]): Promise<void> {
  const { request, kind, options } = ask;
  if (!settings.enabled) { answer(nativeAnswer(request)); return; }
  const caller = callerOf(origin, place.frame, ask.ancestors, frames);
  if (caller === undefined) { refuse(request, "SecurityError", "The frame's ancestors do not add up."); return; }
  const waiting: Waiting = { request, kind, options, caller, place, verified: false };

  const decision = await decide(waiting);
  mark("decided");
  if (decision === "native") { answer(nativeAnswer(request)); return; }
  if (decision !== "ask") { refuse(request, decision.name, decision.message); return; }
  if (await turnedAway(waiting, ask.activated)) return;

  const consent = automaticConsent && (await automaticConsent(waiting.prompt));
  if (consent === "refuse") return decline(waiting);
  if (consent === "hang") return writeRequest(waiting);
  if (consent) return complete({ ...waiting, consent });
  await writeRequest(waiting);
  const window = await openConsent(request, place.tab);
  if (window === undefined) return decline(waiting);
  await writeRequest({ ...waiting, window });
}

type Outcome = "ask" | "native" | Extract<PasskeyDecision, { decision: "refuse" }>;

/** Asks the core; with `ask`, the request holds the prompt, or none while the vault is locked. */
async function decide(waiting: Waiting): Promise<Outcome> {
  const { kind, caller, options } = waiting;
  const decision = await call({ type: "passkeyPrompt", kind, caller, options });
  switch (decision.decision) {
    case "ask":
      waiting.prompt = decision.prompt;
      return "ask";
    case "unlock":
      delete waiting.prompt;
      return "ask";
    case "native":
      return "native";
    case "refuse":
      return decision;
  }
}

/** One question a tab, and none right after a refusal that nobody followed up. */
async function turnedAway({ request, place }: Waiting, activated: boolean): Promise<boolean> {
  const others = (await allRequests()).filter((each) => each.place.tab === place.tab && each.request !== request);
  for (const other of others) {
    if (other.window === undefined || (await windowIsOpen(other.window))) {
      refuse(request, "OperationError", "A request is already pending.");
      return true;
    }
    await removeRequest(other.request);
  }
  if (await mayAsk(place.tab, activated)) return false;
  refuse(request, "NotAllowedError", "The person refused; the page has to wait for them to act.");
  return true;
}

/** A request that an earlier worker knew. */
async function resume(waiting: Waiting): Promise<void> {
  if (waiting.consent) return complete(waiting);
  if (waiting.window === undefined) {
    const window = await openConsent(waiting.request, waiting.place.tab);
    if (window !== undefined) await writeRequest({ ...waiting, window });
  } else if (!(await windowIsOpen(waiting.window))) {
    await decline(waiting);
  }
}

/** What the consent window shows; nothing when the request is over. */
export async function consentView(request: string): Promise<ConsentView | undefined> {
  const waiting = await readRequest(request);
  if (waiting === undefined) return undefined;
  const { kind, caller, prompt, verified } = waiting;
  return { kind, caller, ...(prompt ? { prompt } : {}), verified };
}

/** Unlocking for a request verifies the person for it. */
export async function consentUnlock(request: string, passphrase: string): Promise<ConsentView | undefined> {
  await call({ type: "unlock", passphrase });
  await unlocked();
  const waiting = await readRequest(request);
  if (waiting === undefined) return undefined;
  const next: Waiting = { ...waiting, verified: true };
  const decision = await decide(next);
  if (decision === "ask") {
    await writeRequest(next);
    return consentView(request);
  }
  if (decision === "native") await finish(next, nativeAnswer(request));
  else await finish(next, { type: "error", request, name: domName(decision.name), message: decision.message });
  return undefined;
}

export async function consentAccept(request: string, credential?: string, passphrase?: string): Promise<void> {
  const waiting = await readRequest(request);
  if (waiting === undefined) return;
  let { verified } = waiting;
  if (passphrase !== undefined) {
    await call({ type: "verify", passphrase });
    verified = true;
  }
  if (waiting.prompt?.userVerification === "required" && !verified) {
    throw new CoreError({ code: "wrongPassphrase", message: "this site wants you verified" });
  }
  const consent: Consented = { verified, ...(credential === undefined ? {} : { credential }) };
  await used();
  await complete({ ...waiting, consent });
}

export async function consentNative(request: string): Promise<void> {
  const waiting = await readRequest(request);
  if (waiting) await finish(waiting, nativeAnswer(request));
}

export async function consentRefuse(request: string): Promise<void> {
  const waiting = await readRequest(request);
  if (waiting) await decline(waiting);
}

/** A consent window that closes without a word is a refusal. */
export async function windowClosed(window: number): Promise<void> {
  const waiting = (await allRequests()).find((each) => each.window === window);
  if (waiting && !waiting.consent) await decline(waiting);
}

async function complete(waiting: Waiting): Promise<void> {
  const { request, kind, caller, options, consent } = waiting;
  if (consent === undefined) return;
  // Kept first: should the worker die now, the next one completes it without asking again.
  await writeRequest(waiting);
  mark("consented");
  try {
    const done = await call({ type: "passkeyComplete", kind, caller, options, consent: { present: true, ...consent } });
    mark("completed");
    await finish(waiting, { type: "response", request, response: done.response as never });
  } catch (error) {
    await finish(waiting, refusalFor(request, error));
  }
  soon();
}

async function decline(waiting: Waiting): Promise<void> {
  await rememberRefusal(waiting.place.tab);
  await finish(waiting, { type: "error", request: waiting.request, name: "NotAllowedError", message: NOT_ALLOWED });
}

/** The relay takes no longer text. */
const MAX_MESSAGE = 500;
const NOT_ALLOWED = "The operation either timed out or was not allowed.";

async function finish(waiting: Waiting, message: ToRelay): Promise<void> {
  answer(message);
  await removeRequest(waiting.request);
  if (waiting.window !== undefined) await closeWindow(waiting.window);
}

/** The frame went away or changed its mind. */
async function abandon(request: string, place: Place): Promise<void> {
  ports.delete(request);
  const waiting = await readRequest(request);
  if (waiting === undefined || !samePlace(waiting.place, place)) return;
  await removeRequest(request);
  if (waiting.window !== undefined) await closeWindow(waiting.window);
}

function answer(message: ToRelay): void {
  ports.get(message.request)?.postMessage(message);
  ports.delete(message.request);
}

function refuse(request: string, name: string, message: string): void {
  answer({ type: "error", request, name: domName(name), message });
}

async function fail(request: string, error: unknown): Promise<void> {
  answer(refusalFor(request, error));
  await removeRequest(request);
}

function refusalFor(request: string, error: unknown): ToRelay {
  const failure = failureOf(error);
  const name = failure.code === "dom" && failure.name !== undefined ? failure.name : "UnknownError";
  return { type: "error", request, name: domName(name), message: failure.message.slice(0, MAX_MESSAGE) };
}

/** A TypeError is not a DOMException: the browser's own validation raises those. */
function domName(name: string): DomErrorName {
  return name === "TypeError" ? "DataError" : (name as DomErrorName);
}
