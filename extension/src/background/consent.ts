/** The way of a request: from a frame, by the core's decision and the person's, to an answer. */

import { CoreError, failureOf } from "../core/error.ts";
import type { PasskeyDecision } from "../core/messages.ts";
import { parseFromRelay, RELAY_PORT, type DomErrorName, type FromRelay, type ToRelay } from "../messages/relay.ts";
import type { ConsentView } from "../messages/ui.ts";
import { callerOf, type Frame } from "./ancestry.ts";
import { automaticConsent } from "./automatic.ts";
import { call } from "./core.ts";
import { answer, awaitAnswer, forget, isAwaited, requestsOf } from "./frames.ts";
import { mark } from "./marks.ts";
import {
  allRequests,
  forgive,
  mayAsk,
  nativeAnswer,
  readRequest,
  rememberRefusal,
  rememberRetreat,
  removeRequest,
  samePlace,
  updateRequest,
  writeRequest,
  type Consented,
  type Place,
  type Waiting,
} from "./requests.ts";
import { readSettings, type Settings } from "./settings.ts";
import { lockIfIdle, unlocked, used } from "./session.ts";
import { soon } from "./sync.ts";
import { closeWindow, openConsent, windowIsOpen } from "./windows.ts";

type Ask = Extract<FromRelay, { type: "request" }>;

/** Requests that are being worked on in this worker, so that a repeated one does not start twice. */
const busy = new Set<string>();
/** Tabs that are about to ask; what is stored says so a moment later. */
const asking = new Set<number>();
/** Requests whose consent is being used: it serves once. */
const completing = new Set<string>();

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
    for (const request of requestsOf(port)) void abandon(request, place);
  });
}

function placeOf(sender: chrome.runtime.MessageSender | undefined): Place | undefined {
  const { tab, frameId, documentId } = sender ?? {};
  if (tab?.id === undefined || frameId === undefined || documentId === undefined) return undefined;
  return { tab: tab.id, frame: frameId, document: documentId };
}

async function receive(port: chrome.runtime.Port, ask: Ask, place: Place, origin: string): Promise<void> {
  if (!awaitAnswer(ask.request, port, place) || busy.has(ask.request)) return;
  busy.add(ask.request);
  try {
    const [known, settings, frames] = await Promise.all([
      readRequest(ask.request),
      readSettings(),
      chrome.webNavigation.getAllFrames({ tabId: place.tab }),
      lockIfIdle(),
    ]);
    mark("read");
    if (known === undefined) await begin(ask, place, origin, settings, frames ?? []);
    else if (samePlace(known.place, place)) await resume(known);
    else forget(ask.request, place);
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
  if (asking.has(place.tab)) { refuse(request, "OperationError", PENDING); return; }
  asking.add(place.tab);
  try {
    await put(waiting, ask.activated);
  } finally {
    asking.delete(place.tab);
  }
}

/** Puts the question before the person, if this tab may ask now. */
async function put(waiting: Waiting, activated: boolean): Promise<void> {
  const { request, place } = waiting;
  if (await turnedAway(waiting, activated)) return;
  const consent = automaticConsent && (await automaticConsent(waiting.prompt));
  if (consent === "refuse") return decline(waiting);
  if (!isAwaited(request)) return;
  await writeRequest(consent === undefined || consent === "hang" ? waiting : { ...waiting, consent });
  if (consent === "hang") return;
  if (consent) return once(request, () => complete({ ...waiting, consent }));
  const window = await openConsent(request, place.tab);
  if (window === undefined) return decline(waiting);
  // The page may have taken it back while the window opened.
  if ((await updateRequest(request, { window })) === undefined) await closeWindow(window);
  else if (!isAwaited(request)) await abandon(request, place);
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
      refuse(request, "OperationError", PENDING);
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
  if (waiting.consent) return use(waiting.request, {});
  if (waiting.window === undefined) {
    const window = await openConsent(waiting.request, waiting.place.tab);
    if (window !== undefined) await updateRequest(waiting.request, { window });
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
  await used();
  await call({ type: "unlock", passphrase });
  await unlocked();
  const waiting = await readRequest(request);
  if (waiting === undefined) return undefined;
  const next: Waiting = { ...waiting, verified: true };
  const decision = await decide(next);
  if (decision === "ask") {
    await updateRequest(request, next);
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
  await use(request, { consent });
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

/** Uses a consent, which is kept first: should the worker die now, the next one completes it without asking again. */
function use(request: string, consented: Pick<Waiting, "consent">): Promise<void> {
  return once(request, async () => {
    const waiting = await updateRequest(request, consented);
    if (waiting === undefined) return;
    // The frame is not back yet after the last worker's end. Nothing is made until somebody can hear of it.
    if (isAwaited(request)) await complete(waiting);
    else if (waiting.window !== undefined) await closeWindow(waiting.window);
  });
}

async function once(request: string, task: () => Promise<void>): Promise<void> {
  if (completing.has(request)) return;
  completing.add(request);
  try {
    await task();
  } finally {
    completing.delete(request);
  }
}

async function complete(waiting: Waiting): Promise<void> {
  const { request, kind, caller, options, consent } = waiting;
  if (consent === undefined) return;
  mark("consented");
  try {
    const done = await call({ type: "passkeyComplete", kind, caller, options, consent: { present: true, ...consent } });
    mark("completed");
    await finish(waiting, { type: "response", request, response: done.response as never });
    await forgive(waiting.place.tab);
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
const PENDING = "A request is already pending.";

async function finish(waiting: Waiting, message: ToRelay): Promise<void> {
  answer(message);
  await removeRequest(waiting.request);
  if (waiting.window !== undefined) await closeWindow(waiting.window);
}

/** The frame went away or changed its mind. */
async function abandon(request: string, place: Place): Promise<void> {
  forget(request, place);
  const waiting = await readRequest(request);
  if (waiting === undefined || !samePlace(waiting.place, place)) return;
  await removeRequest(request);
  await rememberRetreat(place.tab);
  if (waiting.window !== undefined) await closeWindow(waiting.window);
}

function refuse(request: string, name: string, message: string): void {
  answer({ type: "error", request, name: domName(name), message });
}

async function fail(request: string, error: unknown): Promise<void> {
  answer(refusalFor(request, error));
  await removeRequest(request);
}

/** What the standard has a name for, a site may hear in words; of what goes on in here it learns nothing. */
function refusalFor(request: string, error: unknown): ToRelay {
  const failure = failureOf(error);
  if (failure.code !== "dom" || failure.name === undefined) {
    console.debug("request:", failure.code);
    return { type: "error", request, name: "UnknownError", message: "The passkey could not be used." };
  }
  return { type: "error", request, name: domName(failure.name), message: failure.message.slice(0, MAX_MESSAGE) };
}

/** A TypeError is not a DOMException: the browser's own validation raises those. */
function domName(name: string): DomErrorName {
  return name === "TypeError" ? "DataError" : (name as DomErrorName);
}
