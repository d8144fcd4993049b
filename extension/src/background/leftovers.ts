/**
 * What `storage.session` still holds of pages that are gone. A page says so itself, as long as a worker lives that hears it; an offer
 * rests without one. The browser says which tab was closed; a document may go while its tab stays, and for that one looks now and then.
 */

import { isAnswerable } from "./frames.ts";
import { allRequests, forgetTab, forgetTabs, isTheBrowsers, type Place, type Waiting } from "./requests.ts";

type Withdraw = (waiting: Waiting) => Promise<void>;

/** Ends what waits in the tab, its windows with it, and forgets what it did. */
export async function tabClosed(tab: number, withdraw: Withdraw): Promise<void> {
  for (const each of await allRequests()) if (each.place.tab === tab && !isTheBrowsers(each)) await withdraw(each);
  await forgetTab(tab);
}

/** Ends what belongs to no tab or document that is there. */
export async function sweep(withdraw: Withdraw): Promise<void> {
  const tabs = await chrome.tabs.query({});
  await forgetTabs(new Set(tabs.map(({ id }) => id)));
  for (const each of await allRequests()) {
    if (!isAnswerable(each) && !(await isThere(each.place))) await withdraw(each);
  }
}

async function isThere({ tab, frame, document }: Place): Promise<boolean> {
  const frames = (await chrome.webNavigation.getAllFrames({ tabId: tab }).catch(() => null)) ?? [];
  const named = frames.filter(({ documentId }) => typeof documentId === "string");
  // A browser that does not name documents here says at least which frames there are.
  return named.length > 0 ? named.some(({ documentId }) => documentId === document) : frames.some(({ frameId }) => frameId === frame);
}
