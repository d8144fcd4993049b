import { expect, it } from "vitest";
import { isForPasskeys } from "./fields.ts";

const field = (localName: string, autocomplete: string | null) => ({ localName, getAttribute: () => autocomplete }) as unknown as Element;

it.each(["username webauthn", "webauthn", " section-a  username\n WebAuthn "])("a field of %j is for passkeys", (autocomplete) => {
  expect(isForPasskeys(field("input", autocomplete))).toBe(true);
  expect(isForPasskeys(field("textarea", autocomplete))).toBe(true);
});

it.each(["username", "webauthn username", "notwebauthn", "", null])("a field of %j is not", (autocomplete) => {
  expect(isForPasskeys(field("input", autocomplete))).toBe(false);
});

it("nothing but a field is one", () => {
  expect(isForPasskeys(field("div", "webauthn"))).toBe(false);
});
