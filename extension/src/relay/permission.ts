/** Whether Permissions Policy lets this document use passkeys. Without an answer the request is refused. */

import type { Kind } from "../messages/relay.ts";

interface FeaturePolicy {
  allowsFeature(name: string): boolean;
}

export function isAllowed(kind: Kind, source: unknown = document): boolean {
  const policy = (source as { featurePolicy?: FeaturePolicy }).featurePolicy;
  if (policy === undefined) return window.top === window;
  return policy.allowsFeature(kind === "create" ? "publickey-credentials-create" : "publickey-credentials-get");
}
