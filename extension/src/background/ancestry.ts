/**
 * Who asks. The origin is the browser's word (`sender.origin`); the ancestors are the frame's word, checked against
 * what the browser knows of the tab. What cannot be checked is refused.
 */

import type { Caller } from "../core/messages.ts";

export interface Frame {
  frameId: number;
  parentFrameId: number;
  url: string;
}

/** Who speaks: the browser's word, but for the address, which is partly the frame's. */
export interface Sender {
  origin: string;
  frame: number;
  url: string;
}

/** The caller, or nothing when the frame's claim and the browser's frames disagree. */
export function callerOf({ origin, frame, url }: Sender, ancestors: string[], frames: Frame[]): Caller | undefined {
  const isListed = frames.some((each) => each.frameId === frame);
  // Chromium lists no frames with a blob's address.
  const holds = isListed || !url.startsWith("blob:") ? isChain(frame, ancestors, frames) : isPossible(ancestors, frames);
  if (!holds) return undefined;
  const crossOrigin = ancestors.some((each) => each !== origin);
  const topOrigin = ancestors.at(-1);
  return crossOrigin && topOrigin !== undefined ? { origin, crossOrigin, topOrigin } : { origin, crossOrigin };
}

function isChain(frame: number, ancestors: string[], frames: Frame[]): boolean {
  const chain = parents(frame, frames);
  return chain?.length === ancestors.length && chain.every((each, at) => agrees(ancestors[at] ?? "", each.url));
}

/** Of a frame that the browser does not list, what can be checked is: the outermost of them, and that the others are there. */
function isPossible(ancestors: string[], frames: Frame[]): boolean {
  const top = frames.find((each) => each.frameId === 0);
  const outermost = ancestors.at(-1);
  if (top === undefined || outermost === undefined || !agrees(outermost, top.url)) return false;
  return ancestors.every((claimed) => frames.some((each) => agrees(claimed, each.url)));
}

/** A frame's ancestors, the nearest first. */
function parents(frameId: number, frames: Frame[]): Frame[] | undefined {
  const byId = new Map(frames.map((each) => [each.frameId, each]));
  const chain: Frame[] = [];
  let at = byId.get(frameId);
  while (at !== undefined && at.parentFrameId >= 0) {
    const parent = byId.get(at.parentFrameId);
    if (parent === undefined || chain.length > frames.length) return undefined;
    chain.push(parent);
    at = parent;
  }
  return at === undefined ? undefined : chain;
}

/**
 * Whether a frame at `url` may have this origin. A sandboxed document has none of its own ("null"), which only makes
 * the request cross-origin; documents without a network address inherit theirs, so nothing can be compared.
 */
function agrees(claimed: string, url: string): boolean {
  if (claimed === "null") return true;
  if (!URL.canParse(url)) return false;
  const { protocol, origin } = new URL(url);
  if (protocol === "about:" || protocol === "blob:" || protocol === "data:") return true;
  return origin === claimed;
}
