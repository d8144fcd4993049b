/** What the page script and its relay say over their private MessagePort. */

import { object, oneOf, text } from "./parse.ts";
import type { DomErrorName, Kind } from "./relay.ts";

/** The event that carries the port; heard by the relay alone, before any script of the page runs. */
export const HANDSHAKE = "roamkey-port";

/** Options as the page gave them, once: plain data with ArrayBuffers. */
export type FromPage =
  | { type: "request"; id: number; kind: Kind; options: unknown }
  | { type: "abort"; id: number };

/** The parts of a credential; `json` is what its `toJSON` answers. */
export interface CredentialParts {
  id: string;
  rawId: ArrayBuffer;
  attachment: string | null;
  extensions: unknown;
  buffers: Record<string, ArrayBuffer>;
  transports: string[];
  algorithm: number;
  json: string;
}

export type ToPage =
  | { type: "response"; id: number; parts: CredentialParts }
  | { type: "native"; id: number }
  | { type: "error"; id: number; name: DomErrorName; message: string };

export function parseFromPage(value: unknown): FromPage {
  const message = object(value);
  const id = Number(message["id"]);
  if (oneOf(message["type"], ["request", "abort"]) === "abort") return { type: "abort", id };
  return {
    type: "request",
    id,
    kind: oneOf(text(message["kind"]), ["create", "get"]),
    options: message["options"],
  };
}
