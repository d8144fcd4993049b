import { describe, expect, it } from "vitest";
import { callerOf } from "./ancestry.ts";

const shop = "https://shop.test";
const bank = "https://bank.test";
const top = { frameId: 0, parentFrameId: -1, url: `${bank}/page` };
const inner = { frameId: 5, parentFrameId: 0, url: `${shop}/frame` };

const of = (origin: string, frame: number, url = `${origin}/`) => ({ origin, frame, url });

describe("the caller", () => {
  it("in a tab of its own has no top origin", () => {
    expect(callerOf(of(bank, 0), [], [top])).toEqual({ origin: bank, crossOrigin: false });
  });

  it("in another site's frame is cross-origin under that site", () => {
    expect(callerOf(of(shop, 5), [bank], [top, inner])).toEqual({ origin: shop, crossOrigin: true, topOrigin: bank });
  });

  it("that names other ancestors than the browser knows is refused", () => {
    expect(callerOf(of(shop, 5), [shop], [top, inner])).toBeUndefined();
    expect(callerOf(of(shop, 5), [], [top, inner])).toBeUndefined();
    expect(callerOf(of(shop, 5), [bank, shop], [top, inner])).toBeUndefined();
  });

  it("in a frame that the browser does not know is refused", () => {
    expect(callerOf(of(shop, 9), [bank], [top, inner])).toBeUndefined();
    expect(callerOf(of(shop, 9), [], [])).toBeUndefined();
  });

  it("between two frames of its own site is cross-origin when one in between is not", () => {
    const frames = [{ ...top, url: shop }, { frameId: 1, parentFrameId: 0, url: bank }, { frameId: 2, parentFrameId: 1, url: shop }];
    expect(callerOf(of(shop, 2), [bank, shop], frames)).toEqual({ origin: shop, crossOrigin: true, topOrigin: shop });
  });

  it("under a sandboxed ancestor is cross-origin", () => {
    expect(callerOf(of(shop, 5), ["null"], [top, inner])).toEqual({ origin: shop, crossOrigin: true, topOrigin: "null" });
  });

  it("is not led round in a circle of frames", () => {
    const frames = [{ frameId: 1, parentFrameId: 2, url: shop }, { frameId: 2, parentFrameId: 1, url: shop }];
    expect(callerOf(of(shop, 1), [shop], frames)).toBeUndefined();
  });

  it("in a blob's frame, which the browser does not list, has to name ancestors that are there", () => {
    const blob = of(shop, 9, `blob:${shop}/1`);
    expect(callerOf(blob, [bank], [top, inner])).toEqual({ origin: shop, crossOrigin: true, topOrigin: bank });
    expect(callerOf(blob, [shop, bank], [top, inner])).toEqual({ origin: shop, crossOrigin: true, topOrigin: bank });
    expect(callerOf(blob, [shop], [top, inner])).toBeUndefined();
    expect(callerOf(blob, ["https://evil.test", bank], [top, inner])).toBeUndefined();
    expect(callerOf(blob, [], [top, inner])).toBeUndefined();
    expect(callerOf(of(shop, 5, `blob:${shop}/1`), [shop], [top, inner]), "a listed one is checked as ever").toBeUndefined();
  });
});
