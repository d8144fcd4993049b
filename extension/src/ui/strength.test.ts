import { expect, it } from "vitest";
import { strength } from "./strength.ts";

it.each([
  ["", 0],
  ["password", 1],
  ["aaaaaaaaaaaaaaaaaaaa", 1],
  ["abcdefghijkl", 1],
  ["12345678", 1],
  ["lantern orbit velvet thicket", 3],
  ["lantern orbit velvet thicket mango pier", 4],
  ["same same same same", 1],
  ["k7#Qz!m2@Wp9", 4],
])("“%s” is worth %d", (passphrase, score) => {
  expect(strength(passphrase)).toBe(score);
});
