import { describe, expect, it } from "vitest";
import { parseFromUi } from "./ui.ts";

describe("a page's question", () => {
  it.each(["passkeyPrompt", "passkeyComplete", "wakeInfo", "testCredentials", "constructor"])("may not be %s", (type) => {
    expect(() => parseFromUi({ to: "core", request: { type } })).toThrow();
  });

  it("may be what the pages need", () => {
    expect(parseFromUi({ to: "core", request: { type: "state" } })).toEqual({ to: "core", request: { type: "state" } });
  });

  it.each([{ to: "consent", action: "accept", request: "1" }, { to: "page" }, {}, 7])("is refused when malformed: %j", (message) => {
    expect(() => parseFromUi(message)).toThrow();
  });
});
