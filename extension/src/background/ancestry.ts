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

/** The caller, or nothing when the frame's claim and the browser's frames disagree. */
export function callerOf(origin: string, frameId: number, ancestors: string[], frames: Frame[]): Caller | undefined {
  const chain = parents(frameId, frames);
  if (chain?.length !== ancestors.length) return undefined;
  for (const [at, claimed] of ancestors.entries()) {
    const frame = chain[at];
    if (frame === undefined || !agrees(claimed, frame.url)) return undefined;
  }
  const crossOrigin = ancestors.some((each) => each !== origin);
  const topOrigin = ancestors.at(-1);
  return crossOrigin && topOrigin !== undefined ? { origin, crossOrigin, topOrigin } : { origin, crossOrigin };
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
