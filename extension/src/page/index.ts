/**
 * Runs in the page's own world, before its scripts. It decides nothing: it reads the request once, lets the browser
 * validate it, asks the relay, and either builds the answer or calls the browser as if it had never been here.
 */

import type { Kind, Mediation } from "../messages/relay.ts";
import { ask, forget, openChannel } from "./channel.ts";
import { buildCredential } from "./credential.ts";
import {
  apply,
  createObject,
  defineProperty,
  getOwnPropertyDescriptor,
  getterOf,
  NativeAbortController,
  NativeDOMException,
  NativePromise,
} from "./primordials.ts";
import { patchCalls } from "./calls.ts";
import { creationOptions, requestOptions, snapshot } from "./snapshot.ts";

type Native = (this: unknown, options?: unknown) => Promise<unknown>;
type Options = Record<string, unknown>;
/** A credential; or the browser is to answer: alone, or because the person wants it to ask them too. */
type Outcome = object | "native" | "elsewhere";

/** Other kinds of credential: a request that names one belongs to the browser. */
const OTHERS = ["password", "federated", "identity", "otp", "digital"];

const reasonOf = getterOf(AbortSignal.prototype, "reason");
const abortedOf = getterOf(AbortSignal.prototype, "aborted");
const signalOf = getterOf(AbortController.prototype, "signal");
const { addEventListener, removeEventListener } = EventTarget.prototype;
const { abort } = AbortController.prototype;
const abortedSignal = AbortSignal.abort.bind(AbortSignal);
const anySignal = AbortSignal.any.bind(AbortSignal);

function patch(kind: Kind): void {
  const container = CredentialsContainer.prototype;
  const original = getOwnPropertyDescriptor(container, kind);
  if (typeof original?.value !== "function") return;
  const native = original.value as Native;
  const replacement = {
    // No named parameter: the browser's own functions have length 0.
    [kind](this: unknown, ...given: unknown[]) {
      return handle(kind, native, this, given[0]);
    },
  };
  defineProperty(container, kind, { ...original, value: replacement[kind] });
}

async function handle(kind: Kind, native: Native, container: unknown, options: unknown): Promise<unknown> {
  const own = readOnce(kind, options);
  if (own === undefined) return apply(native, container, [options]);
  const conditional = own["mediation"] === "conditional";
  if (own["mediation"] === "silent" || (conditional && kind === "create")) return apply(native, container, [own]);

  await dryRun(native, container, own);
  const signal = own["signal"];
  if (signal !== undefined && abortedOf(signal) === true) throw reasonOf(signal);
  if (conditional) return beside(native, container, own);

  const mediation = own["uiMode"] === "immediate" ? "immediate" : "optional";
  const outcome = await request(kind, own["publicKey"], signal, mediation);
  return typeof outcome === "string" ? apply(native, container, [own]) : outcome;
}

/** What the person may take in a field, ours beside the browser's: whoever is second is called off. */
function beside(native: Native, container: unknown, own: Options): Promise<unknown> {
  const [ours, theirs] = [new NativeAbortController(), new NativeAbortController()];
  const until = (controller: AbortController) => {
    const mine = signalOf(controller) as AbortSignal;
    return anySignal(own["signal"] === undefined ? [mine] : [own["signal"] as AbortSignal, mine]);
  };
  const callOff = (controller: AbortController) => apply(abort, controller, []);
  return new NativePromise((resolve, reject) => {
    let browser: Promise<unknown> | undefined;
    const askBrowser = async () => {
      try {
        browser = apply(native, container, [{ ...own, signal: until(theirs) }]);
        resolve(await browser);
        callOff(ours);
      } catch {
        // It may not know such requests. That ends ours only where there is nothing else: see below.
      }
    };
    const askHere = async () => {
      try {
        const outcome = await request("get", own["publicKey"], until(ours), "conditional", () => void askBrowser());
        if (outcome === "native") { resolve(browser); return; }
        callOff(theirs);
        resolve(outcome === "elsewhere" ? apply(native, container, [{ ...own, mediation: "optional" }]) : outcome);
      } catch (error) {
        callOff(theirs);
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the page's own reason, or ours
        reject(error);
      }
    };
    void askHere();
  });
}

/** The request as plain data, or nothing when it is not for a passkey alone. */
function readOnce(kind: Kind, options: unknown): Options | undefined {
  if (typeof options !== "object" || options === null) return undefined;
  const given = options as Options;
  const publicKey = given["publicKey"];
  if (publicKey === undefined || publicKey === null) return undefined;
  for (let i = 0; i < OTHERS.length; i++) if (given[OTHERS[i] ?? ""] !== undefined) return undefined;
  const own = createObject(null) as Options;
  own["publicKey"] = snapshot(publicKey, kind === "create" ? creationOptions : requestOptions);
  for (const name of ["mediation", "uiMode", "signal"] as const) {
    const value = given[name];
    if (value !== undefined) own[name] = name === "signal" ? value : snapshot(value, "plain");
  }
  return own;
}

/** The browser checks the request as it would its own; the aborted signal keeps it from showing anything. */
async function dryRun(native: Native, container: unknown, own: Options): Promise<void> {
  const marker = createObject(null) as object;
  // A signal of the wrong type has to be refused too, so the page's own is tried first when it is not a signal.
  if (own["signal"] !== undefined) abortedOf(own["signal"]);
  try {
    await apply(native, container, [{ ...own, signal: abortedSignal(marker) }]);
  } catch (error) {
    if (error !== marker) throw error;
  }
}

/** The answer of the extension; of an offer, `beside` hears when the browser may be asked as well. */
function request(kind: Kind, publicKey: unknown, signal: unknown, mediation: Mediation, beside?: () => void): Promise<Outcome> {
  return new NativePromise((resolve, reject) => {
    const stop = () => {
      forget(id);
      // The page's own reason, whatever it is, as the browser does.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      reject(reasonOf(signal));
    };
    const id = ask(kind, publicKey, mediation, (answer) => {
      if (answer.type === "beside") { beside?.(); return; }
      if (signal !== undefined) apply(removeEventListener, signal, ["abort", stop]);
      if (answer.type === "native") resolve(answer.elsewhere ? "elsewhere" : "native");
      else if (answer.type === "response") resolve(buildCredential(answer.parts, kind));
      else if (answer.type === "error") reject(new NativeDOMException(answer.message, answer.name));
    });
    if (signal !== undefined) apply(addEventListener, signal, ["abort", stop]);
  });
}

if (typeof CredentialsContainer === "function" && typeof PublicKeyCredential === "function") {
  openChannel();
  patch("create");
  patch("get");
  patchCalls();
}
