import { expect, it } from "vitest";
import { DEFAULTS, parseSettings } from "./settings.ts";

it.each([undefined, null, "x", [], { enabled: 1, autoLock: -1, theme: "pink" }])("settings that make no sense are the usual ones: %j", (value) => {
  expect(parseSettings(value)).toEqual(DEFAULTS);
});
