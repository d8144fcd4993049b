/** The private line to the relay: one port, handed over before the page can listen. */

import { HANDSHAKE, type FromPage, type ToPage } from "../messages/page.ts";
import { apply, createObject, deleteProperty, getterOf } from "./primordials.ts";

const dataOf = getterOf(MessageEvent.prototype, "data");
const postMessage = MessagePort.prototype.postMessage;

/** Without a prototype, so that nothing of the page's is found in it. */
const waiting = createObject(null) as Record<number, (answer: ToPage) => void>;

let port: MessagePort | undefined;
let last = 0;

/** Hands one end of a new channel to the relay, which listens since before this script. */
export function openChannel(): void {
  const channel = new MessageChannel();
  channel.port1.onmessage = (event) => {
    const answer = dataOf(event) as ToPage;
    const settle = waiting[answer.id];
    deleteProperty(waiting, answer.id);
    settle?.(answer);
  };
  port = channel.port1;
  window.dispatchEvent(new MessageEvent(HANDSHAKE, { ports: [channel.port2] }));
}

export function send(message: FromPage): void {
  if (port) apply(postMessage, port, [message]);
}

/** Asks the relay; `settle` hears the one answer. */
export function ask(kind: "create" | "get", options: unknown, settle: (answer: ToPage) => void): number {
  last += 1;
  waiting[last] = settle;
  send({ type: "request", id: last, kind, options });
  return last;
}

export function forget(id: number): void {
  deleteProperty(waiting, id);
  send({ type: "abort", id });
}
