/**
 * What only the browser can say of a document: whether Permissions Policy lets it use passkeys, whether it is in view,
 * whether the person acted in it. Read by the prototypes' own accessors, because an element of the page that is named
 * `featurePolicy` takes the place of the document's member, here as well.
 */

import type { Kind } from "../messages/relay.ts";

interface FeaturePolicy {
  allowsFeature(name: string): boolean;
}

/** Without an answer the request is refused. */
export async function isAllowed(kind: Kind, source: object = document): Promise<boolean> {
  const policy = own(source, "featurePolicy") as FeaturePolicy | undefined;
  if (policy !== undefined) return policy.allowsFeature(kind === "create" ? "publickey-credentials-create" : "publickey-credentials-get");
  // Firefox has no such member, and creates no passkey for a frame of another origin, whatever its policy.
  return kind === "create" ? isOfOneOrigin() : (probed ??= probe());
}

/** A document's policy does not change. And once is right: where a request waits, another one ends it. */
let probed: Promise<boolean> | undefined;

/** The browser refuses an impossible name before it shows anything: as insecure, or, where nothing is permitted, at once. */
async function probe(): Promise<boolean> {
  try {
    await navigator.credentials.get({ publicKey: { challenge: new Uint8Array(16), rpId: "probe.invalid" } });
  } catch (error) {
    return error instanceof DOMException && error.name === "SecurityError";
  }
  return false;
}

function isOfOneOrigin(): boolean {
  return Array.from(location.ancestorOrigins).every((each) => each === location.origin);
}

export function isInView(source: object = document): boolean {
  return own(source, "visibilityState") === "visible";
}

/**
 * Resolves once a person may see the document. A browser may load one ahead; it makes what asks something of the person wait
 * until they go there, and tells such a document's frames by another number than later on.
 */
export function whenShown(source: object = document, target?: EventTarget): Promise<unknown> {
  if (own(source, "prerendering") !== true) return Promise.resolve();
  return new Promise((resolve) => (target ?? window).addEventListener("prerenderingchange", resolve, { once: true, capture: true }));
}

export function isActivated(): boolean {
  return navigator.userActivation.isActive;
}

/** A member of a document by the accessor of its class; the object's own properties do not count. */
function own(source: object, name: string): unknown {
  let owner = Reflect.getPrototypeOf(source);
  while (owner !== null) {
    const descriptor = Reflect.getOwnPropertyDescriptor(owner, name);
    if (descriptor?.get) return Reflect.apply(descriptor.get, source, []) as unknown;
    owner = Reflect.getPrototypeOf(owner);
  }
  return undefined;
}
