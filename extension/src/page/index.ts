/**
 * Runs in the page's own world, before its scripts. It decides nothing: it reads the request once, lets the browser
 * validate it, asks the relay, and either builds the answer or calls the browser as if it had never been here.
 */

import type { Kind, Mediation } from "../messages/relay.ts";
import { ask, forget, openChannel, send } from "./channel.ts";
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
  await dryRun(native, container, own);
  const signal = own["signal"];
  if (signal !== undefined && abortedOf(signal) === true) throw reasonOf(signal);
  return ceremony(kind, native, container, own);
}

/**
 * Ours, with the browser's beside it where it is to be asked as well: for its own passkeys in a field, or because in strict mode the
 * request goes by way of the browser itself. Whoever is second is called off, and the last word is the extension's.
 */
function ceremony(kind: Kind, native: Native, container: unknown, own: Options): Promise<unknown> {
  const { signal } = own;
  const mediation = (own["uiMode"] === "immediate" ? "immediate" : (own["mediation"] ?? "optional")) as Mediation | "required";
  const theirs = new NativeAbortController();
  const callOff = () => apply(abort, theirs, []);
  const mine = signalOf(theirs) as AbortSignal;
  let browser: Promise<unknown> | undefined;

  return new NativePromise((resolve, reject) => {
    const beside = async () => {
      browser ??= apply(native, container, [{ ...own, signal: anySignal(signal === undefined ? [mine] : [signal as AbortSignal, mine]) }]);
      try {
        resolve(await browser);
        forget(id);
      } catch {
        send({ type: "refused", id });
      }
    };
    const alone = async (options: Options) => {
      callOff();
      const call = apply(native, container, [options]);
      resolve(call);
      try {
        await call;
      } catch {
        // The page hears of it.
      }
      send({ type: "over", id });
    };
    const stop = () => {
      forget(id);
      callOff();
      // The page's own reason, whatever it is, as the browser does.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      reject(reasonOf(signal));
    };
    const id = ask(kind, own["publicKey"], mediation === "required" ? "optional" : mediation, (answer) => {
      if (answer.type === "beside") { void beside(); return; }
      if (signal !== undefined) apply(removeEventListener, signal, ["abort", stop]);
      if (answer.type === "native") {
        // Who wants it elsewhere wants a dialogue, whatever the page had in mind.
        if (answer.alone) void alone(mediation === "conditional" && kind === "get" ? { ...own, mediation: "optional" } : own);
        else if (browser) resolve(browser);
        else void alone(own);
        return;
      }
      callOff();
      if (answer.type === "response") resolve(buildCredential(answer.parts, kind));
      else if (answer.type === "error") reject(new NativeDOMException(answer.message, answer.name));
    });
    if (signal !== undefined) apply(addEventListener, signal, ["abort", stop]);
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

if (typeof CredentialsContainer === "function" && typeof PublicKeyCredential === "function") {
  openChannel();
  patch("create");
  patch("get");
  patchCalls();
}
