// What came of a request, in a form that can be compared: secrets, keys and ids, which differ, become what kind they are.
import { createHash } from "node:crypto";

import { helpers } from "./packages.mjs";

const bytes = (text) => Buffer.from(text, "base64url");

export function outcome(kind, answer, nameOf) {
  if (answer.error !== undefined) return { error: answer.error };
  const { response } = answer.ok;
  const told = {
    type: answer.ok.type,
    attachment: answer.ok.authenticatorAttachment,
    idIsRawId: answer.ok.id === answer.ok.rawId,
    clientData: clientData(response.clientDataJSON),
    extensions: clientExtensions(answer.ok.clientExtensionResults),
    members: Object.keys(response).sort(),
  };
  if (kind === "get") return { ...told, credential: nameOf(answer.ok.id), userHandle: response.userHandle, data: data(response.authenticatorData) };
  const attestation = helpers.decodeAttestationObject(new Uint8Array(bytes(response.attestationObject)));
  return {
    ...told,
    algorithm: response.publicKeyAlgorithm,
    // The head of the structure: what kind of key it is.
    publicKey: response.publicKey && [response.publicKey.slice(0, 12), response.publicKey.length],
    transports: [...response.transports].sort(),
    format: attestation.get("fmt"),
    statement: [...attestation.get("attStmt").keys()],
    sameData: bytes(response.authenticatorData).equals(Buffer.from(attestation.get("authData"))),
    data: data(response.authenticatorData),
  };
}

/** Chromium adds a member now and then, so that nobody compares with a template. */
const GREASE = /,"other_keys_can_be_added_here":"[^"]*"/;

function clientData(text) {
  return bytes(text).toString().replace(GREASE, "");
}

function data(text) {
  const raw = new Uint8Array(bytes(text));
  const parsed = helpers.parseAuthenticatorData(raw);
  const { up, uv, be, bs, at, ed } = parsed.flags;
  const told = {
    rpIdHash: Buffer.from(parsed.rpIdHash).toString("hex"),
    flags: { up, uv, be, bs, at, ed },
    extensions: plain(parsed.extensionsData ?? {}),
  };
  if (!at) return told;
  const key = helpers.decodeCredentialPublicKey(parsed.credentialPublicKey);
  return { ...told, key: Object.fromEntries([...key].map(([label, value]) => [label, typeof value === "number" ? value : value.length])) };
}

export function rpIdHash(id) {
  return createHash("sha256").update(id).digest("hex");
}

function plain(value) {
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, each]) => [name, plain(each)]));
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64url");
  if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
  return value;
}

/** Results of PRFs are secrets of each side: their lengths are compared. */
function clientExtensions(results) {
  const copy = structuredClone(results);
  for (const [name, value] of Object.entries(copy.prf?.results ?? {})) copy.prf.results[name] = `${bytes(value).length} bytes`;
  return copy;
}

/** The paths at which two outcomes differ. */
export function differences(left, right, path = "") {
  // One failed: what the other says is no difference of its own.
  if (path === "" && (left.error ?? right.error) !== undefined && left.error !== right.error) {
    return [{ path: "error", chromium: left.error ?? "none", ours: right.error ?? "none" }];
  }
  if (JSON.stringify(left) === JSON.stringify(right)) return [];
  const objects = [left, right].every((each) => typeof each === "object" && each !== null && !Array.isArray(each));
  if (!objects) return [{ path, chromium: left, ours: right }];
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return names.flatMap((name) => differences(left[name], right[name], path === "" ? name : `${path}.${name}`));
}
