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
  /** Of a call: done, with what came of it. */
  | { type: "value"; id: number; value: unknown }
  /** The request is taken for an offer: the browser may be asked for its own beside it. */
  | { type: "beside"; id: number }
  | { type: "response"; id: number; parts: CredentialParts }
  /** `elsewhere`: the person was asked, and wants the browser to ask them too. */
  | { type: "native"; id: number; elsewhere: boolean }
  | { type: "error"; id: number; name: DomErrorName; message: string };

export function parseFromPage(value: unknown): FromPage {
  const message = object(value);
  const id = Number(message["id"]);
  const type = oneOf(message["type"], ["request", "call", "abort"]);
  if (type === "abort") return { type, id };
  if (type === "call") return { type, id, call: oneOf(message["call"], CALLS), options: message["options"] };
  return {
    type,
    id,
    kind: oneOf(text(message["kind"]), ["create", "get"]),
    options: message["options"],
    mediation: oneOf(message["mediation"], MEDIATIONS),
  };
}
