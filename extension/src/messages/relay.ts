/** What a frame's relay and the worker say to each other over a runtime port. */

import { flag, json, jsonObject, list, object, oneOf, optional, text, type Json } from "./parse.ts";

export const RELAY_PORT = "relay";

export type Kind = "create" | "get";

export type FromRelay =
  | {
      type: "request";
      request: string;
      kind: Kind;
      options: Record<string, Json>;
      mediation: Mediation;
      /** The person is at a field that the request may be answered in. */
      pressed?: FieldPress;
      ancestors: string[];
      activated: boolean;
    }
  | { type: "call"; request: string; call: Call; options: Record<string, Json>; ancestors: string[] }
  | { type: "abort"; request: string }
  /** The browser, asked beside us, refused. */
  | { type: "refused"; request: string }
  /** The browser, asked in our place, has answered. */
  | { type: "over"; request: string }
  | { type: "ping" };

/** In a window; in a field, for as long as the page stands there; in a window, but only if there is something at hand; not at all. */
export const MEDIATIONS = ["optional", "conditional", "immediate", "silent"] as const;
export type Mediation = (typeof MEDIATIONS)[number];

/** What a page may say or ask beside the two ceremonies. */
export const CALLS = ["unknownCredential", "allAcceptedCredentials", "currentUserDetails", "capabilities"] as const;
export type Call = (typeof CALLS)[number];

/** By the pointer, as on any field; or by the key that opens what a field offers. */
export type FieldPress = "pointer" | "key";

export type ToRelay =
  /** Of a call: done, with what came of it. */
  | { type: "value"; request: string; value: Json }
  | { type: "response"; request: string; response: Record<string, Json> }
  /** There may be something for the page's fields: say when the person is at one. */
  | { type: "offer"; request: string }
  /** Strict mode: the page is to ask the browser, which asks us. */
  | { type: "proxied"; request: string }
  /** `elsewhere`: the person was asked, and wants the browser to ask them too. `report`: say when it has answered. */
  | { type: "native"; request: string; elsewhere: boolean; report?: boolean }
  | { type: "error"; request: string; name: DomErrorName; message: string };

/** To the one frame whose offer the person takes up, without a port: the worker that it knew may be gone. */
export interface Wake {
  type: "wake";
  request: string;
}

/** The exceptions that a page may see from `navigator.credentials`. */
export const DOM_ERRORS = [
  "NotAllowedError",
  "SecurityError",
  "InvalidStateError",
  "NotSupportedError",
  "ConstraintError",
  "OperationError",
  "AbortError",
  "UnknownError",
  "NotReadableError",
  "DataError",
  "EncodingError",
  "SyntaxError",
] as const;
export type DomErrorName = (typeof DOM_ERRORS)[number];

const MAX_ANCESTORS = 64;
const REQUEST_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function requestId(value: unknown): string {
  const id = text(value, 36);
  if (!REQUEST_ID.test(id)) throw new TypeError("request id expected");
  return id;
}

export function parseFromRelay(value: unknown): FromRelay {
  const message = object(value);
  const type = oneOf(message["type"], ["request", "call", "abort", "refused", "over", "ping"]);
  switch (type) {
    case "request": {
      const pressed = optional(message["pressed"], (each) => oneOf<FieldPress>(each, ["pointer", "key"]));
      return {
        type: "request",
        request: requestId(message["request"]),
        kind: oneOf(message["kind"], ["create", "get"]),
        options: jsonObject(message["options"]),
        mediation: oneOf(message["mediation"], MEDIATIONS),
        ...(pressed === undefined ? {} : { pressed }),
        ancestors: origins(message["ancestors"]),
        activated: flag(message["activated"]),
      };
    }
    case "call":
      return {
        type: "call",
        request: requestId(message["request"]),
        call: oneOf(message["call"], CALLS),
        options: jsonObject(message["options"]),
        ancestors: origins(message["ancestors"]),
      };
    case "abort":
    case "refused":
    case "over":
      return { type, request: requestId(message["request"]) };
    case "ping":
      return { type: "ping" };
  }
}

const origins = (value: unknown) => list(value, (each) => text(each, 2048), MAX_ANCESTORS);

export function parseWake(value: unknown): Wake {
  const message = object(value);
  return { type: oneOf(message["type"], ["wake"]), request: requestId(message["request"]) };
}

export function parseToRelay(value: unknown): ToRelay {
  const message = object(value);
  const request = requestId(message["request"]);
  switch (oneOf(message["type"], ["response", "value", "offer", "proxied", "native", "error"])) {
    case "response":
      return { type: "response", request, response: jsonObject(message["response"]) };
    case "value":
      return { type: "value", request, value: json(message["value"]) };
    case "offer":
      return { type: "offer", request };
    case "proxied":
      return { type: "proxied", request };
    case "native":
      return { type: "native", request, elsewhere: flag(message["elsewhere"]), report: message["report"] === true };
    case "error":
      return { type: "error", request, name: oneOf(message["name"], DOM_ERRORS), message: text(message["message"], 500) };
  }
}
