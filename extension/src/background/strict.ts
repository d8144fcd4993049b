/**
 * Strict mode, in Chromium and its kin: the browser itself asks us (`webAuthenticationProxy`), after it has checked rpId,
 * permissions policy and focus, and says for whom. While it does, no request can be left to it alone; so where one is to be, the
 * proxy is let go of until that one is answered. Whatever asks meanwhile is answered as without strict mode.
 */

import { failureOf } from "../core/error.ts";
import { STRICT_PERMISSION, type StrictState, type StrictView } from "../messages/ui.ts";
import { call } from "./core.ts";
import { readPolicy, readSettings } from "./settings.ts";

/** Requests that the browser answers in our place: when to stop waiting for the word that it has. */
const HANDED = "strict:handed";
const MOST_MS = 5 * 60_000;

type Handed = Record<string, number>;

let attached = false;
let last: Promise<unknown> = Promise.resolve();

/** One change at a time: a proxy that is being let go of must not be taken in between. */
function inTurn<T>(change: () => Promise<T>): Promise<T> {
  const next = last.then(change);
  last = next.catch(() => undefined);
  return next;
}

/** Absent without the permission, and in browsers that know no such thing. */
export function proxyOf(): typeof chrome.webAuthenticationProxy | undefined {
  return (chrome as Partial<typeof chrome>).webAuthenticationProxy;
}

/** Whether the browser asks us itself, at this moment. */
export async function isStrict(): Promise<boolean> {
  await last;
  return attached;
}

/** Attaches or lets go, as things are now: at the worker's start, and whenever they have changed. */
export function applyStrict(): Promise<void> {
  return inTurn(arrange);
}

/** Lets go of the proxy for a request that the browser is to answer; `before` says goodbye to those that came by it. */
export function handOver(request: string, before: () => Promise<void>): Promise<boolean> {
  return inTurn(async () => {
    const handed = proxyOf() === undefined ? {} : await readHanded();
    // While it is let go of for another, this one needs it too.
    if (!attached && Object.keys(handed).length === 0) return false;
    await writeHanded({ ...handed, [request]: Date.now() + MOST_MS });
    await before();
    await arrange();
    return true;
  });
}

/** The browser has answered it, or nobody waits for that any more. */
export function takeBack(request: string): Promise<void> {
  return inTurn(async () => {
    const { [request]: found, ...others } = await readHanded();
    if (found === undefined) return;
    await writeHanded(others);
    await arrange();
  });
}

export async function strictView(): Promise<StrictView> {
  const { strict } = await readPolicy();
  const state = await stateNow(strict);
  return strict === undefined ? { state } : { state, managed: strict };
}

async function stateNow(policy: boolean | undefined): Promise<StrictState> {
  const granted = await chrome.permissions.contains({ permissions: [STRICT_PERMISSION] }).catch(() => undefined);
  if (granted === undefined) return "absent";
  if (!granted) return "forbidden";
  if (!(policy ?? (await readSettings()).strict)) return "off";
  await applyStrict();
  return attached || Object.keys(await readHanded()).length > 0 ? "on" : (await isWanted()) ? "taken" : "off";
}

async function arrange(): Promise<void> {
  const proxy = proxyOf();
  if (proxy === undefined) {
    attached = false;
    return;
  }
  const waits = Object.keys(await readHanded()).length > 0;
  if (!waits && (await isWanted())) {
    attached = await attach(proxy);
  } else {
    attached = false;
    await proxy.detach();
  }
}

async function isWanted(): Promise<boolean> {
  const [settings, policy] = await Promise.all([readSettings(), readPolicy()]);
  if (!settings.enabled || !(policy.strict ?? settings.strict)) return false;
  const { phase } = await call({ type: "state" });
  return phase !== "empty" && phase !== "revoked";
}

async function attach(proxy: NonNullable<ReturnType<typeof proxyOf>>): Promise<boolean> {
  try {
    await proxy.attach();
    return true;
  } catch (error) {
    // Another extension has it.
    console.debug("strict:", failureOf(error).message);
    return false;
  }
}

async function readHanded(): Promise<Handed> {
  const stored = ((await chrome.storage.session.get(HANDED))[HANDED] ?? {}) as Handed;
  return Object.fromEntries(Object.entries(stored).filter(([, until]) => until > Date.now()));
}

function writeHanded(handed: Handed): Promise<void> {
  return chrome.storage.session.set({ [HANDED]: handed });
}
