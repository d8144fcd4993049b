/**
 * Requests that wait for a person. They live in `storage.session`, because the worker may die while they wait; a new
 * worker finds them there, and the frame's relay and the consent window come back to it by the request's name.
 */

import type { Caller, PasskeyPrompt } from "../core/messages.ts";
import type { Json } from "../messages/parse.ts";
import type { Kind, ToRelay } from "../messages/relay.ts";

/** The frame that asked. */
export interface Place {
  tab: number;
  frame: number;
  document: string;
}

export interface Consented {
  verified: boolean;
  credential?: string;
}

export interface Waiting {
  request: string;
  kind: Kind;
  options: Record<string, Json>;
  caller: Caller;
  place: Place;
  /** The consent window, once it is open. */
  window?: number;
  /** What to ask; absent while the vault is locked. */
  prompt?: PasskeyPrompt;
  /** The person was verified within this request. */
  verified: boolean;
  /** What the person agreed to; from here on only the core's answer is missing. */
  consent?: Consented;
}

const PREFIX = "request:";
const refusalKey = (tab: number) => `refused:${tab}`;

export async function readRequest(request: string): Promise<Waiting | undefined> {
  const key = PREFIX + request;
  return (await chrome.storage.session.get(key))[key] as Waiting | undefined;
}

export async function writeRequest(waiting: Waiting): Promise<void> {
  await chrome.storage.session.set({ [PREFIX + waiting.request]: waiting });
}

export async function removeRequest(request: string): Promise<void> {
  await chrome.storage.session.remove(PREFIX + request);
}

export async function allRequests(): Promise<Waiting[]> {
  const stored = await chrome.storage.session.get(null);
  return Object.entries(stored)
    .filter(([key]) => key.startsWith(PREFIX))
    .map(([, value]) => value as Waiting);
}

export function samePlace(a: Place, b: Place): boolean {
  return a.tab === b.tab && a.frame === b.frame && a.document === b.document;
}

/** After a refusal a tab may ask again only once the person did something in it: no storm of windows. */
export async function rememberRefusal(tab: number): Promise<void> {
  await chrome.storage.session.set({ [refusalKey(tab)]: true });
}

export async function mayAsk(tab: number, activated: boolean): Promise<boolean> {
  const key = refusalKey(tab);
  if (activated) {
    await chrome.storage.session.remove(key);
    return true;
  }
  return (await chrome.storage.session.get(key))[key] !== true;
}

export function nativeAnswer(request: string): ToRelay {
  return { type: "native", request };
}
