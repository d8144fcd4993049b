/** The way of a request: from a frame, by the core's decision and the person's, to an answer. */

import { CoreError, failureOf } from "../core/error.ts";
import { parseFromRelay, RELAY_PORT, type DomErrorName, type FromRelay, type ToRelay } from "../messages/relay.ts";
import type { ConsentView, PromptEnd } from "../messages/ui.ts";
import { callerOf, type Frame, type Sender } from "./ancestry.ts";
import { automaticConsent } from "./automatic.ts";
import { answerCall } from "./calls.ts";
import { call } from "./core.ts";
import { decide, type Outcome } from "./decision.ts";
import { answer, awaitAnswer, forget, forgetReport, inform, isAnswerable, isAwaited, isReported, reportsOf, requestsOf } from "./frames.ts";
import { mark } from "./marks.ts";
import { badge, dismiss, makeOffer, openAtField, openByButton, renewOffer, rest } from "./offers.ts";
import { completeProxied, type Way } from "./proxied.ts";
import { openQuestion } from "./question.ts";
import { recordEnd } from "./record.ts";
import {
  allRequests,
  forgive,
  isOffer,
  mayAsk,
  readRequest,
  rememberRefusal,
  rememberRetreat,
  samePlace,
  takeRequest,
  updateRequest,
  writeRequest,
  type Consented,
  type Place,
  type Waiting,
} from "./requests.ts";
import { isNever, neverOffer, readSettings, type Settings } from "./settings.ts";
import { lockIfIdle, unlocked, used } from "./session.ts";
import { handOver, isStrict, takeBack } from "./strict.ts";
import { soon } from "./sync.ts";
import { closeWindow, isInFront, windowIsOpen } from "./windows.ts";

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
  const sender = senderOf(port.sender);
  if (place === undefined || sender === undefined) { port.disconnect(); return; }
  mark("port");
  port.onMessage.addListener((data: unknown) => {
    const message = parseFromRelay(data);
    if (message.type === "abort") void abandon(message.request, place);
    if (message.type === "request") void receive(port, message, place, sender);
    if (message.type === "call") void answerCall(port, message, place, sender);
    if (message.type === "refused") void browserRefused(message.request, place);
    if (message.type === "over") void browserAnswered(message.request);
  });
  port.onDisconnect.addListener(() => {
    for (const request of requestsOf(port)) void abandon(request, place);
    for (const request of reportsOf(port)) void browserAnswered(request);
  });
}

function placeOf(sender: chrome.runtime.MessageSender | undefined): Place | undefined {
  const { tab, frameId, documentId } = sender ?? {};
  if (tab?.id === undefined || frameId === undefined || documentId === undefined) return undefined;
  return { tab: tab.id, frame: frameId, document: documentId };
}

function senderOf(sender: chrome.runtime.MessageSender | undefined): Sender | undefined {
  const { origin, frameId: frame, url } = sender ?? {};
  return origin === undefined || frame === undefined ? undefined : { origin, frame, url: url ?? "" };
}

async function receive(port: chrome.runtime.Port, ask: Ask, place: Place, sender: Sender): Promise<void> {
  mark("asked");
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
    if (known === undefined) await begin(ask, place, sender, settings, frames ?? []);
    else if (samePlace(known.place, place)) await resume(known, ask);
    else forget(ask.request, place);
  } catch (error) {
    await fail(ask.request, error);
  } finally {
    busy.delete(ask.request);
  }
}

async function begin(ask: Ask, place: Place, sender: Sender, settings: Settings, frames: Frame[]): Promise<void> {
  const { request, kind, options, mediation } = ask;
  // A window at once is for a person who has just done something, as the standard has it.
  const tooSoon = mediation === "immediate" && !ask.activated;
  if (!settings.enabled || isNever(settings, sender.origin) || tooSoon) return standAside(ask);
  const caller = callerOf(sender, ask.ancestors, frames);
  if (caller === undefined) { refuse(request, "SecurityError", "The frame's ancestors do not add up."); return; }
  const waiting: Waiting = { request, kind, options, caller, place, mediation, verified: false };

  const decision = await decide(waiting);
  mark("decided");
  if (decision === "native") return standAside(ask);
  if (decision !== "ask") { refuse(request, decision.name, decision.message); return; }
  if (isOffer(waiting)) return offer(waiting, ask);
  if (asking.has(place.tab)) { refuse(request, "OperationError", PENDING); return; }
  asking.add(place.tab);
  try {
    if (await turnedAway(waiting, ask.activated)) return;
    if (mediation === "optional" && (await isStrict())) await sendOn(waiting);
    else await put(waiting);
  } finally {
    asking.delete(place.tab);
  }
}

/** Leaves the request to the browser alone. */
async function standAside({ request, kind, mediation }: Pick<Ask, "request" | "kind" | "mediation">): Promise<void> {
  // It offers nothing at fields in strict mode; and we may have something later.
  if (kind === "get" && mediation === "conditional" && (await isStrict())) inform({ type: "offer", request });
  else await leave(request, false);
}

/** `elsewhere`: the person was asked, and wants the browser to ask them too. */
async function leave(request: string, elsewhere: boolean): Promise<void> {
  const report = await handOver(request, letGo);
  answer({ type: "native", request, elsewhere, ...(report ? { report } : {}) });
  // The frame may have gone away.
  if (report && !isReported(request)) await takeBack(request);
}

/** Strict mode: the page asks the browser, and the browser us. */
async function sendOn(waiting: Waiting): Promise<void> {
  const { request } = waiting;
  await writeRequest({ ...waiting, proxied: "due" });
  if (isAwaited(request)) inform({ type: "proxied", request });
  else await end(request);
}

/** The proxy is let go of, and the browser forgets what it asked: it is answered by way of the frames that still wait. */
async function letGo(): Promise<void> {
  for (const { request, proxied, deadline } of await allRequests()) {
    if (proxied === undefined) continue;
    if (deadline === undefined) await updateRequest(request, { proxied: undefined });
    else await end(request);
  }
}

/** The browser, asked beside us, said no: in strict mode by itself, or because the proxy was let go of. */
async function browserRefused(request: string, place: Place): Promise<void> {
  const waiting = await readRequest(request);
  if (waiting === undefined || isOffer(waiting) || !samePlace(waiting.place, place)) return;
  if (waiting.proxied !== undefined) {
    await recordEnd(request, "failed");
    await end(request);
    answer({ type: "native", request, elsewhere: false });
  } else if (waiting.window === undefined && !waiting.consent) {
    await putAgain(waiting);
  }
}

async function browserAnswered(request: string): Promise<void> {
  forgetReport(request);
  await takeBack(request);
}

/** What the browser asks in strict mode goes the same way. */
export const way: Way = {
  async ask(waiting) {
    // Of what a page's script said first, only who asks is kept: what is asked is the browser's word.
    const decision = await decide(waiting);
    if (decision !== "ask") return settle(waiting, decision);
    if (waiting.deadline !== undefined && (await turnedAway(waiting, false))) return;
    await putAgain(waiting);
  },
  withdraw: (waiting) => withdraw(waiting.request),
  expire: (waiting) => finish(waiting, { type: "error", request: waiting.request, name: "NotAllowedError", message: NOT_ALLOWED }),
};

async function offer(waiting: Waiting, { pressed }: Ask): Promise<void> {
  const { request } = waiting;
  const consent = automaticConsent && (await automaticConsent(waiting.prompt));
  if (typeof consent === "object") return once(request, () => complete({ ...waiting, consent }));
  if (!(await makeOffer(waiting))) return standAside(waiting);
  await atOffer(waiting, pressed);
}

async function atOffer(waiting: Waiting, pressed: Ask["pressed"]): Promise<void> {
  // Called off before it was stored: nobody else ends it.
  if (!isAwaited(waiting.request)) await end(waiting.request);
  else if (pressed === undefined) rest(waiting);
  else await openAtField(waiting, pressed);
}

/** Puts it if nobody ended it meanwhile. */
async function putAgain({ request, prompt, fetched }: Waiting): Promise<void> {
  const waiting = await updateRequest(request, { prompt, fetched });
  if (waiting) await put(waiting);
}

/** Puts the question before the person. */
async function put(waiting: Waiting): Promise<void> {
  const { request, place } = waiting;
  const consent = automaticConsent && (await automaticConsent(waiting.prompt));
  if (consent === "refuse") return decline(waiting);
  // That the page is in view, its frame says. A tab that nobody looks at opens nothing, whatever speaks for its frames.
  // Of what the browser itself asks it knows where the person is.
  if (consent === undefined && waiting.deadline === undefined && !(await isInFront(place.tab))) {
    await finish(waiting, { type: "error", request, name: "NotAllowedError", message: "The page is not in view." });
    return;
  }
  if (!isAnswerable(waiting)) return;
  await writeRequest(typeof consent === "object" ? { ...waiting, consent } : waiting);
  if (consent === "hang") return;
  if (consent) return once(request, () => complete({ ...waiting, consent }));
  const opened = await openQuestion(waiting, "asked");
  if (opened === "failed") await decline(waiting);
  if (opened === "gone") await abandon(request, place);
}

/** One question a tab, and none right after a refusal that nobody followed up. */
async function turnedAway(waiting: Waiting, activated: boolean): Promise<boolean> {
  const { request, place } = waiting;
  const others = (await allRequests()).filter((each) => each.place.tab === place.tab && each.request !== request && !rests(each));
  for (const other of others) {
    if (other.window === undefined || (await windowIsOpen(other.window))) {
      await finish(waiting, { type: "error", request, name: "OperationError", message: PENDING });
      return true;
    }
    await takeRequest(other.request);
  }
  if (await mayAsk(place.tab, activated)) return false;
  await finish(waiting, { type: "error", request, name: "NotAllowedError", message: "The person refused; the page has to wait for them to act." });
  return true;
}

/** An offer that nobody is at is no question. */
function rests(waiting: Waiting): boolean {
  return isOffer(waiting) && waiting.window === undefined;
}

/** A request that an earlier worker knew, or an offer that the person comes for. */
async function resume(waiting: Waiting, { pressed }: Ask): Promise<void> {
  if (waiting.consent) return use(waiting.request, {});
  if (rests(waiting)) return takeUp(waiting, pressed);
  if (waiting.proxied === "due") { inform({ type: "proxied", request: waiting.request }); return; }
  if (waiting.window === undefined) {
    if ((await openQuestion(waiting, "asked")) === "failed") await decline(waiting);
  } else if (!(await windowIsOpen(waiting.window))) {
    // It closes when it is answered, too.
    const now = await readRequest(waiting.request);
    if (now !== undefined && now.consent === undefined) await decline(now);
  }
}

async function takeUp(waiting: Waiting, pressed: Ask["pressed"]): Promise<void> {
  if (await stands(waiting)) await atOffer(waiting, pressed);
}

/** The person asked for an offer at the extension's button. */
export async function consentOffer(request: string): Promise<void> {
  const waiting = await readRequest(request);
  if (waiting && isOffer(waiting) && (await stands(waiting))) await openByButton(waiting);
}

/** Whether there is still something to offer: the vault may have been locked, opened or changed since. */
async function stands(waiting: Waiting): Promise<boolean> {
  const decision = await decide(waiting);
  if (decision === "ask") return renewOffer(waiting);
  await settle(waiting, decision);
  return false;
}

/** Ends a request that nobody is to be asked about any more. */
function settle(waiting: Waiting, decision: Exclude<Outcome, "ask">): Promise<void> {
  const { request } = waiting;
  if (decision === "native") return finish(waiting, { type: "native", request, elsewhere: false });
  return finish(waiting, { type: "error", request, name: domName(decision.name), message: decision.message });
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
  await settle(next, decision);
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
  if (waiting) await finish(waiting, { type: "native", request, elsewhere: true }, "elsewhere");
}

/** Leaves this site to the browser, now and from now on. */
export async function consentNever(request: string): Promise<void> {
  const waiting = await readRequest(request);
  if (waiting === undefined) return;
  await neverOffer(waiting.caller.origin);
  await finish(waiting, { type: "native", request, elsewhere: true }, "never");
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
    // The frame may not be back yet after the last worker's end. Nothing is made until somebody can hear of it.
    if (!isAnswerable(waiting) && waiting.window !== undefined) await closeWindow(waiting.window);
    // It may have come back while the window closed, and found this at work.
    if (isAnswerable(waiting)) await complete(waiting);
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
  const { request, kind, caller, options, fetched, prompt, consent } = waiting;
  if (consent === undefined) return;
  mark("consented");
  try {
    // The core compares what was shown with what it is asked to do: it does not take this worker's word for it.
    const given = { request: prompt?.request ?? "", present: true, ...consent };
    const done = await call({ type: "passkeyComplete", kind, caller, options, ...(fetched ? { fetched } : {}), consent: given });
    mark("completed");
    await finish(waiting, { type: "response", request, response: done.response as never }, "answered");
    await forgive(waiting.place.tab);
  } catch (error) {
    await finish(waiting, refusalFor(request, error));
  }
  soon();
}

async function decline(waiting: Waiting): Promise<void> {
  if (isOffer(waiting)) return dismiss(waiting);
  await rememberRefusal(waiting.place.tab);
  await finish(waiting, { type: "error", request: waiting.request, name: "NotAllowedError", message: NOT_ALLOWED }, "refused");
}

/** The relay takes no longer text. */
const MAX_MESSAGE = 500;
const NOT_ALLOWED = "The operation either timed out or was not allowed.";
const PENDING = "A request is already pending.";

async function finish(waiting: Waiting, message: ToRelay, how: PromptEnd = "failed"): Promise<void> {
  const { request } = waiting;
  // Nothing is to hold up the site's answer; the browser gets its own once nothing else can give it another.
  const direct = waiting.proxied === undefined && message.type !== "native";
  if (direct) answer(message);
  await recordEnd(request, how);
  const ended = await end(request);
  if (!direct) await deliver(ended ?? waiting, message);
}

/** Gives an answer to whoever asked: the frame, or in strict mode the browser. */
async function deliver(waiting: Waiting, message: ToRelay): Promise<void> {
  const { request, kind, proxied } = waiting;
  if (message.type === "native" && (message.elsewhere || !isOffer(waiting))) return leave(request, message.elsewhere);
  if (typeof proxied !== "number" || (message.type !== "response" && message.type !== "error")) { answer(message); return; }
  await completeProxied(kind, proxied, message);
  // The browser's answer is the page's.
  answer({ type: "native", request, elsewhere: false });
}

/** Takes a request out of the world: what is stored of it, its window, its number at the button. */
async function end(request: string): Promise<Waiting | undefined> {
  const ended = await takeRequest(request);
  if (ended?.window !== undefined) await closeWindow(ended.window);
  if (ended && isOffer(ended)) await badge(ended.place.tab);
  return ended;
}

/** The frame went away or changed its mind. */
async function abandon(request: string, place: Place): Promise<void> {
  forget(request, place);
  const waiting = await readRequest(request);
  if (waiting !== undefined && samePlace(waiting.place, place)) await withdraw(request);
}

async function withdraw(request: string): Promise<void> {
  // As it was last: a window may have opened since it was read.
  const ended = await end(request);
  if (ended && !rests(ended)) await rememberRetreat(ended.place.tab);
  await recordEnd(request, "withdrawn");
  answer({ type: "native", request, elsewhere: false });
}

function refuse(request: string, name: string, message: string): void {
  answer({ type: "error", request, name: domName(name), message });
}

async function fail(request: string, error: unknown): Promise<void> {
  answer(refusalFor(request, error));
  await end(request);
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
