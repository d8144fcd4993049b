/** What a frame's relay and the worker say to each other over a runtime port. */

import { flag, jsonObject, list, object, oneOf, text, type Json } from "./parse.ts";

export const RELAY_PORT = "relay";

export type Kind = "create" | "get";

export type FromRelay =
  | { type: "request"; request: string; kind: Kind; options: Record<string, Json>; ancestors: string[]; activated: boolean }
  | { type: "abort"; request: string }
  | { type: "ping" };

export type ToRelay =
  | { type: "response"; request: string; response: Record<string, Json> }
  | { type: "native"; request: string }
  | { type: "error"; request: string; name: DomErrorName; message: string };

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
  switch (oneOf(message["type"], ["request", "abort", "ping"])) {
    case "request":
      return {
        type: "request",
        request: requestId(message["request"]),
        kind: oneOf(message["kind"], ["create", "get"]),
        options: jsonObject(message["options"]),
        ancestors: list(message["ancestors"], (each) => text(each, 2048), MAX_ANCESTORS),
        activated: flag(message["activated"]),
      };
    case "abort":
      return { type: "abort", request: requestId(message["request"]) };
    case "ping":
      return { type: "ping" };
  }
}

export function parseToRelay(value: unknown): ToRelay {
  const message = object(value);
  const request = requestId(message["request"]);
  switch (oneOf(message["type"], ["response", "native", "error"])) {
    case "response":
      return { type: "response", request, response: jsonObject(message["response"]) };
    case "native":
      return { type: "native", request };
    case "error":
      return { type: "error", request, name: oneOf(message["name"], DOM_ERRORS), message: text(message["message"], 500) };
  }
}
