import { expect, it } from "vitest";
import { timeoutOf } from "./timeout.ts";

it.each([
  [undefined, 300_000],
  [0, 300_000],
  [1, 60_000],
  [120_000, 120_000],
  [9e9, 600_000],
  ["soon", 300_000],
])("a timeout of %s becomes %d ms", (asked, kept) => {
  expect(timeoutOf(asked)).toBe(kept);
});
