/** What the page script and its relay say over their private MessagePort. */

import { object, oneOf, text } from "./parse.ts";
import { CALLS, MEDIATIONS, type Call, type DomErrorName, type Kind, type Mediation } from "./relay.ts";

/** The event that carries the port; heard by the relay alone, before any script of the page runs. */
export const HANDSHAKE = "roamkey-port";

/** Options as the page gave them, once: plain data with ArrayBuffers. */
export type FromPage =
  | { type: "request"; id: number; kind: Kind; options: unknown; mediation: Mediation }
  /** What is no ceremony. */
  | { type: "call"; id: number; call: Call; options: unknown }
  | { type: "abort"; id: number }
  /** The browser, asked beside us, refused. */
  | { type: "refused"; id: number }
  /** The browser, asked alone, has answered. */
  | { type: "over"; id: number };

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
  /** Of a call: done, with what came of it. */
  | { type: "value"; id: number; value: unknown }
  /** The request is taken, and the browser is to be asked beside it. */
  | { type: "beside"; id: number }
  | { type: "response"; id: number; parts: CredentialParts }
  /** `alone`: the browser is to be asked now, whether or not it was asked beside us. */
  | { type: "native"; id: number; alone: boolean }
  | { type: "error"; id: number; name: DomErrorName; message: string };

export function parseFromPage(value: unknown): FromPage {
  const message = object(value);
  const id = Number(message["id"]);
  const type = oneOf(message["type"], ["request", "call", "abort", "refused", "over"]);
  if (type === "abort" || type === "refused" || type === "over") return { type, id };
  if (type === "call") return { type, id, call: oneOf(message["call"], CALLS), options: message["options"] };
  return {
    type,
    id,
    kind: oneOf(text(message["kind"]), ["create", "get"]),
    options: message["options"],
    mediation: oneOf(message["mediation"], MEDIATIONS),
  };
}
