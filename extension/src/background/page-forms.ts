/**
 * The forms of a tab's pages: what there is to fill in, and filling it in. Who a frame is, the browser says (`sender`); whether
 * anything may be typed there, the core. A password leaves for one document, which the person chose by a click of ours.
 */

import { CoreError, failureOf } from "../core/error.ts";
import type { PageOrigins } from "../core/messages.ts";
import { parseFilled, type Fields, type Filling, type FromForms, type Place, type ToForms } from "../messages/forms.ts";
import { callerOf } from "./ancestry.ts";
import { call } from "./core.ts";

/** A frame that has something to fill in. */
export interface Spot {
  tab: number;
  frame: number;
  document: string;
  page: PageOrigins;
  fields: Fields;
  rules?: string;
}

/** A frame, by the browser's word. */
export interface Speaker {
  tab: number;
  frame: number;
  document: string;
  origin: string;
  url: string;
}

interface Asked {
  spot: Spot;
  values: (page: PageOrigins) => Promise<Filling>;
  /** Why there was nothing for the document. */
  refusal?: CoreError;
}

type Found = Extract<FromForms, { type: "found" }>;

/** A page with more frames than this is asked in part. */
const MOST_FRAMES = 64;
/** How long a frame may think about what it has; a busy page is left out. */
const PATIENCE_MS = 2_000;

/** Questions that are being answered: what the frames said so far. */
const looks = new Map<string, { tab: number; spots: Spot[] }>();
/** What is on its way to a document: it serves once. */
const fills = new Map<string, Asked>();

export function speakerOf({ tab, frameId, documentId, origin, url }: chrome.runtime.MessageSender): Speaker | undefined {
  if (tab?.id === undefined || frameId === undefined || documentId === undefined || origin === undefined) return undefined;
  return { tab: tab.id, frame: frameId, document: documentId, origin, url: url ?? "" };
}

/** The page that a frame is, where it and the browser agree on what is around it. */
export async function pageOf({ tab, frame, origin, url }: Speaker, ancestors: string[]): Promise<PageOrigins | undefined> {
  const frames = (await chrome.webNavigation.getAllFrames({ tabId: tab })) ?? [];
  return callerOf({ origin, frame, url }, ancestors, frames) === undefined ? undefined : { origin, ancestors };
}

/** The frames of a tab in which something may be filled in, the outermost first. */
export async function look(tab: number): Promise<Spot[]> {
  const name = crypto.randomUUID();
  const asked = { tab, spots: [] as Spot[] };
  looks.set(name, asked);
  try {
    const frames = (await chrome.webNavigation.getAllFrames({ tabId: tab })) ?? [];
    await Promise.all(frames.slice(0, MOST_FRAMES).map(({ frameId }) => within(send(tab, frameId, { type: "look", look: name }))));
  } finally {
    looks.delete(name);
  }
  return asked.spots.sort((a, b) => a.page.ancestors.length - b.page.ancestors.length || a.frame - b.frame);
}

/** A frame has found what it was asked for. Those that may not be filled are as if they had nothing. */
export async function hearFound(message: Found, speaker: Speaker): Promise<void> {
  const asked = looks.get(message.look);
  if (asked?.tab !== speaker.tab) return;
  const page = await pageOf(speaker, message.ancestors);
  if (page === undefined || !(await mayFill(page))) return;
  const { tab, frame, document } = speaker;
  const { fields, rules } = message;
  if (Object.values(fields).includes(true)) asked.spots.push({ tab, frame, document, page, fields, ...(rules === undefined ? {} : { rules }) });
}

export async function mayFill(page: PageOrigins): Promise<boolean> {
  return call({ type: "loginPage", page }).then(() => true, () => false);
}

/** Fills in a document what `values` has for its page, and says where it was put. */
export async function fillIn(spot: Spot, values: (page: PageOrigins) => Promise<Filling>): Promise<Place[]> {
  const name = crypto.randomUUID();
  const asked: Asked = { spot, values };
  fills.set(name, asked);
  try {
    const filled = await within(send(spot.tab, spot.frame, { type: "fill", fill: name }));
    if (asked.refusal !== undefined) throw asked.refusal;
    return filled === undefined || filled === null ? [] : parseFilled(filled);
  } finally {
    fills.delete(name);
  }
}

/** A document asks for what it was told to fill in; another than the one that was chosen gets nothing. */
export async function hearTake(message: Extract<FromForms, { type: "take" }>, speaker: Speaker): Promise<Filling> {
  const asked = fills.get(message.fill);
  fills.delete(message.fill);
  if (asked === undefined || !isThere(asked.spot, speaker)) return {};
  const page = await pageOf(speaker, message.ancestors);
  if (page === undefined) return {};
  try {
    return withPlace(await asked.values(page), asked.spot.fields);
  } catch (error) {
    asked.refusal = new CoreError(failureOf(error));
    return {};
  }
}

/** What the document has no field for stays here. */
function withPlace({ userName, password, code, fresh }: Filling, fields: Fields): Filling {
  return {
    ...(fields.login && userName !== undefined ? { userName } : {}),
    ...(fields.password && password !== undefined ? { password } : {}),
    ...(fields.code && code !== undefined ? { code } : {}),
    ...(fields.fresh && fresh !== undefined ? { fresh } : {}),
  };
}

function isThere(spot: Spot, { tab, frame, document }: Speaker): boolean {
  return spot.tab === tab && spot.frame === frame && spot.document === document;
}

/** Nothing when no script of ours is there. */
function send(tab: number, frameId: number, message: ToForms): Promise<unknown> {
  return chrome.tabs.sendMessage<ToForms, unknown>(tab, message, { frameId }).catch(() => undefined);
}

function within(work: Promise<unknown>): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), PATIENCE_MS)));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
