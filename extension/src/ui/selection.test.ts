import { expect, it } from "vitest";
import type { ItemSummary } from "../core/messages.ts";
import { choose, NONE } from "./selection.ts";

const at = (index: number): ItemSummary | undefined => (index < 5 ? { id: String(index), kind: "note", title: "", created: 0, synced: true } : undefined);

it("chooses a row, and a range from the last one on in either direction", () => {
  const one = choose(NONE, 3, true, true, at);
  expect([...one.ids]).toEqual(["3"]);
  const range = choose(one, 1, true, true, at);
  expect([...range.ids].toSorted()).toEqual(["1", "2", "3"]);
  expect([...choose(range, 2, false, false, at).ids].toSorted()).toEqual(["1", "3"]);
});

it("leaves out rows that are not here yet", () => {
  expect([...choose({ ids: new Set(), last: 3 }, 9, true, true, at).ids]).toEqual(["3", "4"]);
});
