/** What the extension's own pages ask the worker, and what it tells them. */

import type { Caller, Failure, ItemSummary, PasskeyPrompt, UiRequest } from "../core/messages.ts";
import { FROM_UI } from "../core/messages.ts";
import type { Settings } from "../background/settings.ts";
import { count, object, oneOf, optional, text } from "./parse.ts";
import { requestId, type Kind } from "./relay.ts";

export type FromUi =
  | { to: "core"; request: UiRequest }
  | { to: "consent"; action: "view" | "refuse" | "native" | "never"; request: string }
  | { to: "consent"; action: "unlock"; request: string; passphrase: string }
  | { to: "consent"; action: "accept"; request: string; credential?: string; passphrase?: string }
  | { to: "offer"; action: "view"; tab: number }
  | { to: "offer"; action: "open"; request: string }
  | { to: "fill"; action: "view"; tab: number }
  | { to: "fill"; action: "login"; tab: number; id: string }
  | { to: "fill"; action: "made"; tab: number; password: string }
  | { to: "save"; action: "pending" | "view" | "open" | "dismiss" | "never"; tab: number }
  | { to: "save"; action: "save"; tab: number; userName: string; id?: string }
  | { to: "prompts" }
  | { to: "endpoints"; site: string; of: Managed }
  | { to: "settings"; settings: Settings }
  | { to: "strict" };

/** A page in the tab waits for a passkey, to be chosen in a field or here. */
export interface OfferView {
  request: string;
  site: string;
}

/** What the pages of a tab have a place for. */
export interface FillView {
  login: boolean;
  /** A password that is made up, and what the site wants of it. */
  fresh: boolean;
  code: boolean;
  rules?: string;
}

/** What a person typed and may want to keep. */
export interface SaveView {
  site: string;
  userName: string;
  password: string;
  /** Of which it may be the new password; none where it is a new login. */
  logins: ItemSummary[];
}

export interface ConsentView {
  kind: Kind;
  caller: Caller;
  /** Absent while the vault is locked. */
  prompt?: PasskeyPrompt;
  verified: boolean;
}

/** What a site lets be managed. */
export const MANAGED = ["passkey", "password"] as const;
export type Managed = (typeof MANAGED)[number];

/** Pages of a site, by its own word. */
export interface Endpoints {
  manage?: string;
  enroll?: string;
}

/** Why a window of ours opened. */
export const PROMPT_REASONS = ["asked", "field", "button"] as const;
export type PromptEnd = "open" | "answered" | "refused" | "elsewhere" | "never" | "withdrawn" | "failed";

/** A question that was put before the person. */
export interface PromptRecord {
  request: string;
  kind: Kind;
  origin: string;
  topOrigin?: string;
  why: (typeof PROMPT_REASONS)[number];
  at: number;
  end: PromptEnd;
}

/** `absent`: this browser knows no strict mode. `forbidden`: the person has not allowed it. `taken`: by another extension. */
export type StrictState = "absent" | "forbidden" | "off" | "on" | "taken";
export const STRICT_PERMISSION = "webAuthenticationProxy";

export interface StrictView {
  state: StrictState;
  /** Whoever manages this browser has decided. */
  managed?: boolean;
}

export type Reply<T> = { ok: T } | { error: Failure };

/** Told to every open page: what it shows may no longer be so. */
export const CHANGED = "roamkey-changed";

export function parseFromUi(value: unknown): FromUi {
  const message = object(value);
  switch (oneOf(message["to"], ["core", "consent", "offer", "fill", "save", "prompts", "endpoints", "settings", "strict"])) {
    case "core": {
      const request = object(message["request"]);
      oneOf(request["type"], FROM_UI);
      // The core parses the rest strictly: it is the one definition of its requests.
      return { to: "core", request: request as unknown as UiRequest };
    }
    case "consent":
      return parseConsent(message);
    case "offer":
      return oneOf(message["action"], ["view", "open"]) === "view"
        ? { to: "offer", action: "view", tab: count(message["tab"]) }
        : { to: "offer", action: "open", request: requestId(message["request"]) };
    case "fill":
      return parseFill(message);
    case "save":
      return parseSave(message);
    case "prompts":
      return { to: "prompts" };
    case "endpoints":
      return { to: "endpoints", site: text(message["site"], 253), of: oneOf(message["of"], MANAGED) };
    case "strict":
      return { to: "strict" };
    case "settings":
      return { to: "settings", settings: object(message["settings"]) as unknown as Settings };
  }
}

function parseFill(message: Record<string, unknown>): FromUi {
  const tab = count(message["tab"]);
  const action = oneOf(message["action"], ["view", "login", "made"]);
  if (action === "login") return { to: "fill", action, tab, id: text(message["id"], 64) };
  if (action === "made") return { to: "fill", action, tab, password: text(message["password"], 1024) };
  return { to: "fill", action, tab };
}

function parseSave(message: Record<string, unknown>): FromUi {
  const tab = count(message["tab"]);
  const action = oneOf(message["action"], ["pending", "view", "open", "dismiss", "never", "save"]);
  if (action !== "save") return { to: "save", action, tab };
  const id = optional(message["id"], (each) => text(each, 64));
  return { to: "save", action, tab, userName: text(message["userName"], 1024), ...(id === undefined ? {} : { id }) };
}

function parseConsent(message: Record<string, unknown>): FromUi {
  const request = requestId(message["request"]);
  const action = oneOf(message["action"], ["view", "refuse", "native", "never", "unlock", "accept"]);
  if (action === "unlock") return { to: "consent", action, request, passphrase: text(message["passphrase"]) };
  if (action !== "accept") return { to: "consent", action, request };
  const credential = optional(message["credential"], text);
  const passphrase = optional(message["passphrase"], text);
  return {
    to: "consent",
    action,
    request,
    ...(credential === undefined ? {} : { credential }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}
