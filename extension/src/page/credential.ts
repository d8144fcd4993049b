/** Credentials that a page cannot tell from the browser's: accessors on a prototype, no own properties, `instanceof`. */

import type { CredentialParts } from "../messages/page.ts";
import { copyOf, createObject, parseJson, setPrototypeOf } from "./primordials.ts";

interface State extends CredentialParts {
  response: object;
}

const states = new WeakMap<object, State>();
const stateGet = states.get.bind(states);
const stateSet = states.set.bind(states);

function of(target: object): State {
  const state = stateGet(target);
  if (state === undefined) throw new TypeError("Illegal invocation");
  return state;
}

const bufferOf = (target: object, name: string) => of(target).buffers[name] ?? null;

/** Puts members between the browser's prototype and our objects: they read our state instead of the browser's slots. */
function over(base: object, members: object): object {
  setPrototypeOf(members, base);
  return members;
}

const credential = over(PublicKeyCredential.prototype, {
  get id() { return of(this).id; },
  get type() { of(this); return "public-key"; },
  get rawId() { return of(this).rawId; },
  get response() { return of(this).response; },
  get authenticatorAttachment() { return of(this).attachment; },
  getClientExtensionResults() { return copyOf(of(this).extensions); },
  toJSON() { return parseJson(of(this).json) as unknown; },
});

const attestation = over(AuthenticatorAttestationResponse.prototype, {
  get clientDataJSON() { return bufferOf(this, "clientDataJSON"); },
  get attestationObject() { return bufferOf(this, "attestationObject"); },
  getTransports() { return copyOf(of(this).transports); },
  getAuthenticatorData() { return bufferOf(this, "authenticatorData"); },
  getPublicKey() { return bufferOf(this, "publicKey"); },
  getPublicKeyAlgorithm() { return of(this).algorithm; },
});

const assertion = over(AuthenticatorAssertionResponse.prototype, {
  get clientDataJSON() { return bufferOf(this, "clientDataJSON"); },
  get authenticatorData() { return bufferOf(this, "authenticatorData"); },
  get signature() { return bufferOf(this, "signature"); },
  get userHandle() { return bufferOf(this, "userHandle"); },
});

export function buildCredential(parts: CredentialParts, kind: "create" | "get"): object {
  const response = createObject(kind === "create" ? attestation : assertion) as object;
  const built = createObject(credential) as object;
  const state = { ...parts, response };
  stateSet(response, state);
  stateSet(built, state);
  return built;
}
