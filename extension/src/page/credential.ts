/** Credentials that a page cannot tell from the browser's: accessors on a prototype, no own properties, `instanceof`. */

import type { CredentialParts } from "../messages/page.ts";
import { copyOf, createObject, defineProperty, parseJson } from "./primordials.ts";

interface State {
  parts: CredentialParts;
  response: object;
}

const states = new WeakMap<object, State>();
const stateGet = states.get.bind(states);
const stateSet = states.set.bind(states);

function stateOf(target: object): State {
  const state = stateGet(target);
  if (state === undefined) throw new TypeError("Illegal invocation");
  return state;
}

/** A prototype between ours and the browser's, whose members read our state instead of the browser's slots. */
function extend(base: object, accessors: Record<string, (state: State) => unknown>, methods: Record<string, (state: State) => unknown>): object {
  const prototype = createObject(base) as object;
  for (const name in accessors) {
    const read = accessors[name];
    if (read) {
      const accessor = { get(this: object) { return read(stateOf(this)); } };
      defineProperty(prototype, name, { get: accessor.get, enumerable: true, configurable: true });
    }
  }
  for (const name in methods) {
    const run = methods[name];
    if (run) {
      const method = { [name](this: object) { return run(stateOf(this)); } };
      defineProperty(prototype, name, { value: method[name], enumerable: true, configurable: true, writable: true });
    }
  }
  return prototype;
}

const buffer = (name: string) => (state: State) => state.parts.buffers[name] ?? null;

const shared = {
  id: (state: State) => state.parts.id,
  type: () => "public-key",
  rawId: (state: State) => state.parts.rawId,
  response: (state: State) => state.response,
  authenticatorAttachment: (state: State) => state.parts.attachment,
};

const credential = extend(PublicKeyCredential.prototype, shared, {
  getClientExtensionResults: (state) => copyOf(state.parts.extensions),
  toJSON: (state) => parseJson(state.parts.json) as unknown,
});

const attestation = extend(
  AuthenticatorAttestationResponse.prototype,
  { clientDataJSON: buffer("clientDataJSON"), attestationObject: buffer("attestationObject") },
  {
    getTransports: (state) => copyOf(state.parts.transports),
    getAuthenticatorData: buffer("authenticatorData"),
    getPublicKey: buffer("publicKey"),
    getPublicKeyAlgorithm: (state) => state.parts.algorithm,
  },
);

const assertion = extend(
  AuthenticatorAssertionResponse.prototype,
  {
    clientDataJSON: buffer("clientDataJSON"),
    authenticatorData: buffer("authenticatorData"),
    signature: buffer("signature"),
    userHandle: buffer("userHandle"),
  },
  {},
);

export function buildCredential(parts: CredentialParts, kind: "create" | "get"): object {
  const response = createObject(kind === "create" ? attestation : assertion) as object;
  const built = createObject(credential) as object;
  const state = { parts, response };
  stateSet(response, state);
  stateSet(built, state);
  return built;
}
