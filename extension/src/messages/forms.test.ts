import { describe, expect, it } from "vitest";
import { parseFilled, parseFilling, parseFromForms, parseToForms } from "./forms.ts";

const look = "0b8f1a52-3f6c-4e2e-9d9c-000000000001";
const fields = { login: true, fresh: false, code: false, password: true };
const typed = { type: "typed", userName: "ada", password: "x", made: false, ancestors: [] };

describe("what a frame says of its forms", () => {
  it.each([
    { type: "found", look, fields, ancestors: [] },
    { type: "found", look, fields, rules: "minlength: 8;", ancestors: ["https://shop.test"] },
    { type: "take", fill: look, ancestors: [] },
    typed,
    { ...typed, replaces: "y" },
    { type: "named", userName: "ada", ancestors: [] },
    { type: "gone" },
  ])("is taken as it is: %j", (message) => {
    expect(parseFromForms(message)).toEqual(message);
  });

  it("is taken without what does not belong there", () => {
    expect(parseFromForms({ ...typed, to: "core", request: { type: "reveal" } })).toEqual(typed);
  });

  it.each([
    {},
    7,
    { type: "reveal" },
    { type: "found", look: "1", fields, ancestors: [] },
    { type: "found", look, fields: { login: 1 }, ancestors: [] },
    { type: "take", fill: look },
    { ...typed, password: "x".repeat(1025) },
    { ...typed, userName: 1 },
    { ...typed, ancestors: Array.from({ length: 65 }, () => "https://shop.test") },
  ])("is refused when malformed: %j", (message) => {
    expect(() => parseFromForms(message)).toThrow();
  });
});

it("a frame is told to look or to fill, and nothing else", () => {
  expect(parseToForms({ type: "look", look })).toEqual({ type: "look", look });
  expect(() => parseToForms({ type: "take", fill: look })).toThrow();
});

it("what goes into a page has places of its own", () => {
  expect(parseFilling({ userName: "ada", password: "x", other: "y" })).toEqual({ userName: "ada", password: "x" });
  expect(() => parseFilling({ password: 1 })).toThrow();
  expect(parseFilled(["userName", "password"])).toEqual(["userName", "password"]);
  expect(() => parseFilled(["elsewhere"])).toThrow();
});
