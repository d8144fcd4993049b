import { describe, expect, it } from "vitest";
import { parseFromRelay, parseToRelay } from "./relay.ts";

const request = "0b8f1a52-3f6c-4e2e-9d9c-0a4a5c1f2b3d";
const ask = { type: "request", request, kind: "get", options: { challenge: "AA" }, mediation: "optional", ancestors: [], activated: false };

describe("a frame's message", () => {
  it("is taken when it is one", () => {
    expect(parseFromRelay(ask)).toEqual(ask);
    expect(parseFromRelay({ type: "ping", more: 1 })).toEqual({ type: "ping" });
  });

  it("drops members that nobody asked for, an origin above all", () => {
    expect(parseFromRelay({ ...ask, origin: "https://bank.test" })).toEqual(ask);
  });

  it.each([
    { ...ask, request: "request:../other" },
    { ...ask, kind: "store" },
    { ...ask, options: "challenge" },
    { ...ask, options: [] },
    { ...ask, ancestors: "https://bank.test" },
    { ...ask, ancestors: Array.from({ length: 65 }, () => "https://a.test") },
    { ...ask, activated: 1 },
    { type: "core", request: { type: "reset" } },
    "ping",
    null,
  ])("is refused otherwise: %j", (message) => {
    expect(() => parseFromRelay(message)).toThrow();
  });
});

describe("the worker's answer", () => {
  it("names an exception that a page may see", () => {
    expect(parseToRelay({ type: "error", request, name: "NotAllowedError", message: "no" })).toHaveProperty("name", "NotAllowedError");
    expect(() => parseToRelay({ type: "error", request, name: "RangeError", message: "no" })).toThrow();
  });
});
