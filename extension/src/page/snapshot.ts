/** Reads the options of a request once: a getter may answer differently the second time. */

import { copyBytes, createObject, isArray, isView, ownKeys } from "./primordials.ts";

/** How a member is copied: as text or number, as bytes, as a list, as a dictionary, or by what it is. */
type Shape = "plain" | "bytes" | "any" | readonly [Shape] | { readonly [member: string]: Shape };

const plain = "plain";
const bytes = "bytes";
const descriptor: Shape = { id: bytes, transports: [plain], type: plain };

export const creationOptions: Shape = {
  attestation: plain,
  attestationFormats: [plain],
  authenticatorSelection: {
    authenticatorAttachment: plain,
    requireResidentKey: plain,
    residentKey: plain,
    userVerification: plain,
  },
  challenge: bytes,
  excludeCredentials: [descriptor],
  extensions: "any",
  hints: [plain],
  pubKeyCredParams: [{ alg: plain, type: plain }],
  rp: { id: plain, name: plain },
  timeout: plain,
  user: { displayName: plain, id: bytes, name: plain },
};

export const requestOptions: Shape = {
  allowCredentials: [descriptor],
  challenge: bytes,
  extensions: "any",
  hints: [plain],
  rpId: plain,
  timeout: plain,
  userVerification: plain,
};

export const signalOptions: Shape = {
  allAcceptedCredentialIds: [plain],
  credentialId: plain,
  displayName: plain,
  name: plain,
  rpId: plain,
  userId: plain,
};

const MAX_DEPTH = 6;

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

export function snapshot(value: unknown, shape: Shape): unknown {
  if (value === undefined || shape === "any") return anything(value, 0);
  if (shape === "bytes") return copyBytes(value);
  if (shape === "plain") return isObject(value) ? asText(value) : value;
  if (!isObject(value)) return value;
  if (isArray(shape)) return sequence(value, (shape as readonly [Shape])[0]);
  const copy = createObject(null) as Record<string, unknown>;
  const members = shape as Record<string, Shape>;
  for (const name in members) {
    const member = value[name];
    if (member !== undefined) copy[name] = snapshot(member, members[name] ?? "plain");
  }
  return copy;
}

/** What the browser makes of an object where it wants text. */
function asText(value: Record<PropertyKey, unknown>): string {
  // eslint-disable-next-line @typescript-eslint/no-base-to-string -- that is what WebIDL does
  return String(value);
}

function sequence(value: Record<PropertyKey, unknown>, shape: Shape): unknown {
  if (typeof value[Symbol.iterator] !== "function") return value;
  const copy: unknown[] = [];
  let length = 0;
  for (const each of value as unknown as Iterable<unknown>) copy[length++] = snapshot(each, shape);
  return copy;
}

/** Extensions are open-ended: bytes, lists and own members are copied, functions are left out. */
function anything(value: unknown, depth: number): unknown {
  if (!isObject(value)) return value;
  if (typeof value === "function" || depth > MAX_DEPTH) return undefined;
  const copied = copyBytes(value);
  if (copied !== value || isView(value)) return copied;
  if (isArray(value)) return sequence(value, "any");
  const copy = createObject(null) as Record<string, unknown>;
  const names = ownKeys(value);
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    if (typeof name === "string") copy[name] = anything(value[name], depth + 1);
  }
  return copy;
}
