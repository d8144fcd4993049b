/**
 * The frames that wait for an answer, by request; a new worker has none until they come back. A request belongs to the
 * document that named it first: a relay that names another's gets and stops nothing.
 */

import type { ToRelay } from "../messages/relay.ts";
import { samePlace, type Place, type Waiting } from "./requests.ts";

interface Waiter {
  port: chrome.runtime.Port;
  place: Place;
}

const waiters = new Map<string, Waiter>();
/** Frames that say when the browser has answered in our place. */
const reporters = new Map<string, chrome.runtime.Port>();

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

/** Whether somebody hears the answer: the frame, or the browser that asked by itself. */
export function isAnswerable({ request, proxied }: Waiting): boolean {
  return typeof proxied === "number" || isAwaited(request);
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
  const waiter = waiters.get(message.request);
  if (waiter && message.type === "native" && message.report === true) reporters.set(message.request, waiter.port);
  inform(message);
  waiters.delete(message.request);
}

/** What a frame was to say the end of, and says no more when it is gone. */
export function reportsOf(port: chrome.runtime.Port): string[] {
  return [...reporters].filter(([, each]) => each === port).map(([request]) => request);
}

export function isReported(request: string): boolean {
  return reporters.has(request);
}

export function forgetReport(request: string): void {
  reporters.delete(request);
}
