/**
 * The frames that wait for an answer, by request; a new worker has none until they come back. A request belongs to the
 * document that named it first: a relay that names another's gets and stops nothing.
 */

import type { ToRelay } from "../messages/relay.ts";
import { samePlace, type Place } from "./requests.ts";

interface Waiter {
  port: chrome.runtime.Port;
  place: Place;
}

const waiters = new Map<string, Waiter>();

/** Notes that a frame waits; false when another document's request has this name. */
export function awaitAnswer(request: string, port: chrome.runtime.Port, place: Place): boolean {
  const other = waiters.get(request);
  if (other !== undefined && !samePlace(other.place, place)) return false;
  waiters.set(request, { port, place });
  return true;
}

export function isAwaited(request: string): boolean {
  return waiters.has(request);
}

/** The frame waits no more. */
export function forget(request: string, place: Place): void {
  const waiter = waiters.get(request);
  if (waiter !== undefined && samePlace(waiter.place, place)) waiters.delete(request);
}

export function requestsOf(port: chrome.runtime.Port): string[] {
  return [...waiters].filter(([, waiter]) => waiter.port === port).map(([request]) => request);
}

/** Tells a frame something on the way; it goes on waiting. */
export function inform(message: ToRelay): void {
  try {
    waiters.get(message.request)?.port.postMessage(message);
  } catch {
    // The frame went away, and the word of it is still to come.
  }
}

export function answer(message: ToRelay): void {
  inform(message);
  waiters.delete(message.request);
}
