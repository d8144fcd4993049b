/** Between the page's buffers and WebAuthn's JSON. */

import { Malformed, MAX_DEPTH, object, optional, text, type Json } from "../messages/parse.ts";
import type { CredentialParts } from "../messages/page.ts";
import { decode, encode } from "./base64url.ts";

/** Options as JSON: every ArrayBuffer becomes base64url, absent members stay absent. */
export function optionsToJson(value: unknown, depth = 0): Json {
  if (depth > MAX_DEPTH) throw new Malformed("too deep");
  if (value instanceof ArrayBuffer) return encode(new Uint8Array(value));
  if (Array.isArray(value)) return value.map((each) => optionsToJson(each, depth + 1));
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).filter(([, each]) => each !== undefined);
    return Object.fromEntries(members.map(([name, each]) => [name, optionsToJson(each, depth + 1)]));
  }
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new Malformed("not data");
}

const BUFFERS = ["clientDataJSON", "attestationObject", "authenticatorData", "publicKey", "signature", "userHandle"];

/** A credential's parts from the core's RegistrationResponseJSON or AuthenticationResponseJSON. */
export function partsFromJson(json: Record<string, Json>): CredentialParts {
  const response = object(json["response"]);
  const id = text(json["id"]);
  const buffers: Record<string, ArrayBuffer> = {};
  for (const name of BUFFERS) {
    const encoded = optional(response[name], text);
    if (encoded !== undefined) buffers[name] = decode(encoded);
  }
  const transports = response["transports"];
  const algorithm = response["publicKeyAlgorithm"];
  return {
    id,
    rawId: decode(id),
    attachment: optional(json["authenticatorAttachment"], text) ?? null,
    extensions: extensionBuffers(json["clientExtensionResults"] ?? {}),
    buffers,
    transports: Array.isArray(transports) ? transports.map((each) => text(each)) : [],
    algorithm: typeof algorithm === "number" ? algorithm : 0,
    json: JSON.stringify(json),
  };
}

/** The extension outputs that are bytes: PRF results and blobs. */
const BYTE_OUTPUTS = new Set(["first", "second", "blob", "getCredBlob"]);

function extensionBuffers(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      BYTE_OUTPUTS.has(name) && typeof each === "string" ? decode(each) : extensionBuffers(each),
    ]),
  );
}
