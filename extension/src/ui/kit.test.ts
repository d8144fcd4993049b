import { beforeEach, expect, test, vi } from "vitest";
import { inLines, kitFile } from "./kit.ts";

beforeEach(() => {
  vi.stubGlobal("chrome", { i18n: { getMessage: (key: string) => key, getUILanguage: () => "en" } });
});

const groups = Array.from({ length: 12 }, (_, number) => `GROUP${String(number).padStart(3, "0")}`);

test("a line has five groups, and none is lost", () => {
  expect(inLines(groups).map((line) => line.length)).toEqual([5, 5, 2]);
  expect(inLines(groups).flat()).toEqual(groups);
});

test("a file holds the groups between the lines that the core looks for", () => {
  const file = kitFile({ groups, code: "", begin: "BEGIN", end: "END", account: "00ff", server: "https://sync.example" }, 0);
  const within = file.split("BEGIN")[1]?.split("END")[0] ?? "";
  expect(within.trim().split(/\s+/)).toEqual(groups);
  expect(file).toContain("https://sync.example");
});
