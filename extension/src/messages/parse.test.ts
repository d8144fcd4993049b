import { describe, expect, it } from "vitest";
import { json, list, Malformed, MAX_DEPTH, MAX_NODES, MAX_TEXT, MAX_TEXTS, object, oneOf, text } from "./parse.ts";

describe("what arrives from outside", () => {
  it.each([undefined, null, 1, true, [], () => 1])("%s is no object", (value) => {
    expect(() => object(value)).toThrow(Malformed);
  });

  it("is refused when a text is longer than any real one", () => {
    expect(text("x".repeat(MAX_TEXT))).toHaveLength(MAX_TEXT);
    expect(() => text("x".repeat(MAX_TEXT + 1))).toThrow(Malformed);
  });

  it("is refused when it nests deeper, or holds more, than any real one", () => {
    let deep: unknown = 1;
    for (let level = 0; level <= MAX_DEPTH; level++) deep = [deep];
    expect(() => json(deep)).toThrow(Malformed);
    expect(() => json(Array.from({ length: MAX_NODES }, () => 0))).toThrow(Malformed);
  });

  it("is refused when its texts are too long together", () => {
    const texts = (count: number) => Array.from({ length: count }, () => "x".repeat(MAX_TEXT));
    expect(json(texts(MAX_TEXTS / MAX_TEXT))).toHaveLength(MAX_TEXTS / MAX_TEXT);
    expect(() => json(texts(MAX_TEXTS / MAX_TEXT + 1))).toThrow(Malformed);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1n, Symbol("s"), () => 1])("is refused when JSON cannot say it: %s", (value) => {
    expect(() => json({ value })).toThrow(Malformed);
  });

  it("comes out as a copy without a prototype of its own to abuse", () => {
    const hostile: unknown = JSON.parse('{"__proto__": {"admin": true}, "a": 1}');
    const copy = json(hostile) as Record<string, unknown>;
    expect(copy["admin"]).toBeUndefined();
    expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
  });

  it("knows its words and no others", () => {
    expect(oneOf("get", ["get", "create"])).toBe("get");
    expect(() => oneOf("toString", ["get", "create"])).toThrow(Malformed);
  });

  it("has lists of bounded length", () => {
    expect(() => list(["a", "b", "c"], text, 2)).toThrow(Malformed);
  });
});
