import { expect, it } from "vitest";
import { hostIn } from "./host.ts";

it.each([
  ["shop.example", "shop.example"],
  [" https://Shop.example:8443/in?from=elsewhere ", "shop.example"],
  ["münchen.example", "xn--mnchen-3ya.example"],
  ["", undefined],
  ["two words", undefined],
  ["file:///etc/passwd", undefined],
  ["https://", undefined],
])("%j is of %j", (typed, host) => expect(hostIn(typed)).toBe(host));
