/** What the forms' half of a frame and the worker say to each other. What is in a page is the page's: all of it is parsed, within bounds. */

import { flag, list, object, oneOf, optional, text } from "./parse.ts";
import { requestId } from "./relay.ts";

/** What a frame has to fill in. */
export interface Fields {
  /** A user name or a password that the person has. */
  login: boolean;
  /** A password that is made up. */
  fresh: boolean;
  /** A one-time code. */
  code: boolean;
  /** The password that goes with the name is asked for right here. */
  password: boolean;
}

export type FromForms =
  | { type: "found"; look: string; fields: Fields; rules?: string; ancestors: string[] }
  /** A frame that was told to fill asks with what: whoever asks is known by the browser's word alone. */
  | { type: "take"; fill: string; ancestors: string[] }
  /** The person typed these, and sent them off. */
  | { type: "typed"; userName: string; password: string; replaces?: string; made: boolean; ancestors: string[] }
  /** The first of several steps: a name alone. */
  | { type: "named"; userName: string; ancestors: string[] }
  /** What was sent off is no longer asked for. */
  | { type: "gone" };

export type ToForms = { type: "look"; look: string } | { type: "fill"; fill: string };

/** What goes into a page, where its form has a place for it. */
export interface Filling {
  userName?: string;
  password?: string;
  code?: string;
  /** A password that was made up. */
  fresh?: string;
}

export const PLACES = ["userName", "password", "code", "fresh"] as const;
export type Place = (typeof PLACES)[number];

/** Longer than any name, password or rule that a person means to keep. */
const MOST = 1024;
const MAX_ANCESTORS = 64;

const short = (value: unknown) => text(value, MOST);
const origins = (value: unknown) => list(value, (each) => text(each, 2048), MAX_ANCESTORS);

export function parseFromForms(value: unknown): FromForms {
  const message = object(value);
  switch (oneOf(message["type"], ["found", "take", "typed", "named", "gone"])) {
    case "found": {
      const rules = optional(message["rules"], short);
      return { type: "found", look: requestId(message["look"]), fields: parseFields(message["fields"]), ...(rules === undefined ? {} : { rules }), ancestors: origins(message["ancestors"]) };
    }
    case "take":
      return { type: "take", fill: requestId(message["fill"]), ancestors: origins(message["ancestors"]) };
    case "typed": {
      const replaces = optional(message["replaces"], short);
      return { type: "typed", userName: short(message["userName"]), password: short(message["password"]), ...(replaces === undefined ? {} : { replaces }), made: flag(message["made"]), ancestors: origins(message["ancestors"]) };
    }
    case "named":
      return { type: "named", userName: short(message["userName"]), ancestors: origins(message["ancestors"]) };
    case "gone":
      return { type: "gone" };
  }
}

function parseFields(value: unknown): Fields {
  const fields = object(value);
  return { login: flag(fields["login"]), fresh: flag(fields["fresh"]), code: flag(fields["code"]), password: flag(fields["password"]) };
}

export function parseToForms(value: unknown): ToForms {
  const message = object(value);
  return oneOf(message["type"], ["look", "fill"]) === "look" ? { type: "look", look: requestId(message["look"]) } : { type: "fill", fill: requestId(message["fill"]) };
}

export function parseFilling(value: unknown): Filling {
  const filling = object(value);
  const given = PLACES.flatMap((place) => {
    const each = optional(filling[place], short);
    return each === undefined ? [] : [[place, each]];
  });
  return Object.fromEntries(given) as Filling;
}

/** Where something was put, by the frame's word. */
export function parseFilled(value: unknown): Place[] {
  return list(value, (each) => oneOf(each, PLACES), PLACES.length);
}
