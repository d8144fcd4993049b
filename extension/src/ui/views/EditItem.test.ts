import { expect, it } from "vitest";
import type { Item } from "../../core/messages.ts";
import { changeOf } from "./EditItem.tsx";

const summary = { id: "1", kind: "login", title: "Shop", created: 0, synced: true } as const;
const item: Item = { summary, detail: { kind: "login", sites: [], userName: "", notes: "", hasCodes: false, tags: [], fields: [] }, history: [], beside: [] };
const before = { title: "Shop", sites: "https://shop.example", userName: "ada", password: "", codes: "", notes: "", text: "", tags: "home" };

it("sends what the person changed, and nothing else", () => {
  expect(changeOf(item, before, before)).toBeUndefined();
  expect(changeOf(item, before, { ...before, password: "new" })).toEqual({ type: "editLogin", password: "new" });
  expect(changeOf(item, before, { ...before, sites: "a.example\n b.example,", tags: " home, , bank" })).toEqual({ type: "editLogin", sites: ["a.example", "b.example"], tags: ["home", "bank"] });
});

it("takes a user name away, and never a title", () => {
  expect(changeOf(item, before, { ...before, userName: "", title: " " })).toEqual({ type: "editLogin", userName: "" });
});
