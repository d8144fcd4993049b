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
export function isAllowed(kind: Kind, source: object = document): boolean {
  const policy = own(source, "featurePolicy") as FeaturePolicy | undefined;
  if (policy === undefined) return window.top === window;
  return policy.allowsFeature(kind === "create" ? "publickey-credentials-create" : "publickey-credentials-get");
}

export function isInView(source: object = document): boolean {
  return own(source, "visibilityState") === "visible";
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
