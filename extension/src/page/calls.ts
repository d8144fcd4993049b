/** The static methods of PublicKeyCredential: what sites say of their passkeys, and ask of the browser. */

import type { ToPage } from "../messages/page.ts";
import type { Call } from "../messages/relay.ts";
import { tell } from "./channel.ts";
import { apply, defineProperty, getOwnPropertyDescriptor, NativeDOMException, NativePromise, NativeTypeError } from "./primordials.ts";
import { signalOptions, snapshot } from "./snapshot.ts";

type Native = ((this: unknown, options?: unknown) => Promise<unknown>) | undefined;

const owner = PublicKeyCredential;

export function patchCalls(): void {
  patchSignal("signalUnknownCredential", "unknownCredential");
  patchSignal("signalAllAcceptedCredentials", "allAcceptedCredentials");
  patchSignal("signalCurrentUserDetails", "currentUserDetails");
  replace("getClientCapabilities", (native) => ({ getClientCapabilities: () => capabilities(native) }));
  patchQuestion("isConditionalMediationAvailable", "conditionalGet");
  patchQuestion("isUserVerifyingPlatformAuthenticatorAvailable", "userVerifyingPlatformAuthenticator");
}

/** The browser hears it too, and is the one to say that it makes no sense; one that has no such method leaves that to us. */
function patchSignal(name: string, call: Call): void {
  replace(name, (native) => ({
    async [name](options: unknown) {
      const own = snapshot(options, signalOptions);
      if (native) await apply(native, owner, [own]);
      const answer = await heard(call, own ?? {});
      if (native === undefined && answer.type === "error") {
        throw answer.name === "DataError" ? new NativeTypeError(answer.message) : new NativeDOMException(answer.message, answer.name);
      }
    },
  }));
}

/** What the browser cannot do by itself, it may with us. */
function patchQuestion(name: string, capability: string): void {
  replace(name, (native) => ({
    async [name]() {
      if (native && (await apply(native, owner, [])) === true) return true;
      return (await capabilities(undefined))[capability] === true;
    },
  }));
}

async function capabilities(native: Native): Promise<Record<string, unknown>> {
  const browser = native ? await apply(native, owner, []) : {};
  const answer = await heard("capabilities", browser);
  return (answer.type === "value" ? answer.value : browser) as Record<string, unknown>;
}

const heard = (call: Call, options: unknown) => new NativePromise<ToPage>((resolve) => tell(call, options, resolve));

function replace(name: string, make: (native: Native) => Record<string, unknown>): void {
  const original = getOwnPropertyDescriptor(owner, name);
  const value = make(original?.value as Native)[name];
  defineProperty(owner, name, { configurable: true, enumerable: true, writable: true, ...original, value });
}
