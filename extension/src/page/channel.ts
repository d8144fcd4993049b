/** The private line to the relay: one port, handed over before the page can listen. */

import { HANDSHAKE, type FromPage, type ToPage } from "../messages/page.ts";
import type { Call, Kind, Mediation } from "../messages/relay.ts";
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
    const hear = waiting[answer.id];
    if (answer.type !== "beside") deleteProperty(waiting, answer.id);
    hear?.(answer);
  };
  port = channel.port1;
  window.dispatchEvent(new MessageEvent(HANDSHAKE, { ports: [channel.port2] }));
}

export function send(message: FromPage): void {
  if (port) apply(postMessage, port, [message]);
}

/** Asks the relay; `hear` gets the one answer, for an offer after the word that the browser may be asked as well. */
export function ask(kind: Kind, options: unknown, mediation: Mediation, hear: (answer: ToPage) => void): number {
  last += 1;
  waiting[last] = hear;
  send({ type: "request", id: last, kind, options, mediation });
  return last;
}

/** Says or asks something that is no ceremony. */
export function tell(call: Call, options: unknown, hear: (answer: ToPage) => void): void {
  last += 1;
  waiting[last] = hear;
  send({ type: "call", id: last, call, options });
}

export function forget(id: number): void {
  deleteProperty(waiting, id);
  send({ type: "abort", id });
}
