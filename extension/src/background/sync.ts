/** Meeting the server: at once after a change here, when it says that something changed, and now and then. */

import { failureOf } from "../core/error.ts";
import { CHANGED } from "../messages/ui.ts";
import { call } from "./core.ts";

/** Chromium ends a worker after 30 s of silence, an open socket or not. */
const PING_MS = 20_000;

let running: Promise<void> | undefined;
let again = false;
let socket: WebSocket | undefined;
let pings: ReturnType<typeof setInterval> | undefined;

/** Syncs once; a call during a sync asks for one more after it. */
export function soon(): void {
  if (running) {
    again = true;
    return;
  }
  running = run().finally(() => {
    running = undefined;
    if (again) {
      again = false;
      soon();
    }
  });
}

async function run(): Promise<void> {
  try {
    await call({ type: "sync" });
  } catch (error) {
    // Offline, locked, or refused: the state says which, and the pages show it.
    console.debug("sync:", failureOf(error).code);
  }
  tellPages();
}

export function tellPages(): void {
  // Fails when no page is open, which is fine.
  chrome.runtime.sendMessage(CHANGED).catch(() => undefined);
}

/** Listens for the server's word that something changed, and keeps the worker alive meanwhile. */
export async function listen(): Promise<void> {
  if (socket) return;
  const wake = await call({ type: "wakeInfo" }).catch(() => undefined);
  // Between the question and its answer another call may have opened one.
  if (wake === undefined || isOpen()) return;
  const opened = new WebSocket(wake.url);
  socket = opened;
  opened.onopen = () => {
    opened.send(wake.token);
    pings = setInterval(() => opened.send(""), PING_MS);
  };
  opened.onmessage = () => soon();
  opened.onclose = () => {
    if (socket === opened) stopListening();
  };
}

function isOpen(): boolean {
  return socket !== undefined;
}

export function stopListening(): void {
  clearInterval(pings);
  const closing = socket;
  socket = undefined;
  closing?.close();
}
