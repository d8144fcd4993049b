/**
 * Requests that a page's fields may be answered in (conditional mediation). They may wait for as long as the page stands
 * there, so they show nothing by themselves: a number at the extension's button, and a window once the person comes for it,
 * at a field or by the button. A field that the person dismissed opens nothing in that tab any more; the button does.
 */

import { inform } from "./frames.ts";
import { openQuestion } from "./question.ts";
import { recordEnd } from "./record.ts";
import { admitRequest, allRequests, isDismissed, isOffer, mayAsk, rememberDismissal, samePlace, updateRequest, type Waiting } from "./requests.ts";
import type { FieldPress, Wake } from "../messages/relay.ts";
import type { OfferView } from "../messages/ui.ts";
import { closeWindow, focusWindow, isInFront, windowIsOpen } from "./windows.ts";

/** A page may hold as many: each waits in the browser's memory, of which all pages together have ten megabytes. */
const MOST_IN_A_TAB = 8;
/** Characters of an offer's options: a site that names accounts sends some dozens, at a hundred each. */
const MOST_TEXT = 16 * 1024;

/** Takes a request in; false when the tab holds enough of them. */
export async function makeOffer(waiting: Waiting): Promise<boolean> {
  if (JSON.stringify(waiting.options).length > MOST_TEXT) return false;
  const isTaken = await admitRequest(waiting, (all) => {
    const others = all.filter((each) => isOffer(each) && each.place.tab === waiting.place.tab);
    // A document that went away while no worker lived left its own behind.
    const stale = others.filter(({ place }) => place.frame === waiting.place.frame && !samePlace(place, waiting.place));
    return { stale, hasRoom: others.length - stale.length < MOST_IN_A_TAB };
  });
  if (isTaken) await badge(waiting.place.tab);
  return isTaken;
}

/** An offer that was taken in before, as things are now; false when it is over. */
export async function renewOffer({ request, place, prompt, fetched }: Waiting): Promise<boolean> {
  if ((await updateRequest(request, { prompt, fetched })) === undefined) return false;
  await badge(place.tab);
  return true;
}

/** Nobody is at it: the frame may rest, and says when the person comes. */
export function rest({ request }: Waiting): void {
  inform({ type: "offer", request });
}

/** The person is at a field. Whether that opens a window does not depend on the page's word alone. */
export async function openAtField(waiting: Waiting, how: FieldPress): Promise<void> {
  const { place, caller, prompt } = waiting;
  // While locked nobody knows whether there is anything for this site: a press is no reason to ask for a passphrase.
  const unasked = how === "pointer" && prompt === undefined;
  if (unasked || !(await isInFront(place.tab)) || (await isDismissed(place, caller.origin)) || !(await mayAsk(place.tab, false)) || (await isBusy(place.tab))) {
    rest(waiting);
    return;
  }
  await open(waiting, "field");
}

/** The person asked for it at the extension's button. */
export async function openByButton(waiting: Waiting): Promise<void> {
  if (waiting.window !== undefined && (await windowIsOpen(waiting.window))) return focusWindow(waiting.window);
  await open(waiting, "button");
  // The frame may rest, with no connection to this worker: it has to come back to hear the answer.
  const wake: Wake = { type: "wake", request: waiting.request };
  await chrome.tabs.sendMessage(waiting.place.tab, wake, { frameId: waiting.place.frame }).catch(() => undefined);
}

async function open(waiting: Waiting, why: "field" | "button"): Promise<void> {
  if ((await openQuestion(waiting, why)) === "failed") rest(waiting);
}

/** The person closed the window: the offer stands, and its fields stay quiet. */
export async function dismiss({ window, request }: Waiting): Promise<void> {
  const waiting = await updateRequest(request, { window: undefined });
  if (waiting === undefined) return;
  await rememberDismissal(waiting.place, waiting.caller.origin);
  await recordEnd(request, "refused");
  rest(waiting);
  if (window !== undefined) await closeWindow(window);
}

/** What the popup shows of a tab; nothing when no page in it waits for a passkey. */
export async function viewOffer(tab: number): Promise<OfferView | undefined> {
  const [first] = await offersIn(tab);
  return first && { request: first.request, site: first.prompt?.rpId ?? new URL(first.caller.origin).hostname };
}

/** The number of passkeys to choose from, at the extension's button, while a page waits. */
export async function badge(tab: number): Promise<void> {
  const offers = await offersIn(tab);
  const accounts = offers.flatMap((each) => each.prompt?.accounts ?? []);
  const text = offers.length === 0 ? "" : accounts.length === 0 ? "•" : String(accounts.length);
  const title = offers.length === 0 ? "" : chrome.i18n.getMessage("offerTitle");
  // The tab may be gone.
  await Promise.all([chrome.action.setBadgeText({ tabId: tab, text }), chrome.action.setTitle({ tabId: tab, title })]).catch(() => undefined);
}

async function offersIn(tab: number): Promise<Waiting[]> {
  return (await allRequests()).filter((each) => isOffer(each) && each.place.tab === tab);
}

async function isBusy(tab: number): Promise<boolean> {
  const windows = (await allRequests()).flatMap((each) => (each.place.tab === tab && each.window !== undefined ? [each.window] : []));
  return (await Promise.all(windows.map(windowIsOpen))).includes(true);
}
