/** What a single field is, by what its page says of it. */

import { isOpen, isSeen, saysOf } from "./dom.ts";
import * as words from "./words.ts";

export interface Field {
  input: HTMLInputElement;
  says: string;
  /** The last word of `autocomplete` that names a kind. */
  hint: string;
  seen: boolean;
}

export function fieldOf(input: HTMLInputElement): Field {
  return { input, says: saysOf(input), hint: hintOf(input), seen: isSeen(input) && isOpen(input) };
}

/** `section-a billing email webauthn`: the word for the kind comes last, but for `webauthn` (HTML, 4.10.18.7). */
function hintOf(input: HTMLInputElement): string {
  const all = (input.getAttribute("autocomplete") ?? "").toLowerCase().split(/\s+/).filter((word) => word !== "" && word !== "webauthn");
  const hint = all.at(-1) ?? "";
  return hint === "on" || hint === "off" ? "" : hint;
}

export function isTrap({ says }: Field): boolean {
  return words.TRAP.test(says);
}

export function isCardNumber({ hint, says }: Field): boolean {
  return hint === "cc-number" || (hint === "" && words.CARD_NUMBER.test(says));
}

export function isOfCard({ hint, says }: Field): boolean {
  return hint.startsWith("cc-") || words.CARD_CHECK.test(says) || words.CARD_NUMBER.test(says);
}

export function isPassword({ input, hint, says }: Field): boolean {
  if (hint === "current-password" || hint === "new-password") return true;
  if (hint === "one-time-code" || hint.startsWith("cc-")) return false;
  if (input.type === "password") return true;
  // Shown in clear for a moment, at the press of a button beside it.
  return input.type === "text" && hint === "" && words.PASSWORD.test(says) && !words.USER.test(says) && !words.EMAIL.test(says) && !words.CODE.test(says);
}

/** One of the boxes of a code, a digit each. */
export function isBox({ input, hint }: Field): boolean {
  return input.maxLength === 1 && hint !== "current-password" && hint !== "new-password";
}

export function isCode({ input, hint, says }: Field, about: string): boolean {
  if (hint === "one-time-code") return true;
  if (hint !== "" || words.NO_CODE.test(says) || words.CARD_CHECK.test(says)) return false;
  if (words.CODE.test(says)) return true;
  const short = input.maxLength >= 4 && input.maxLength <= 10;
  const digits = input.inputMode === "numeric" || input.type === "number" || /\\d|0-9/.test(input.pattern);
  return words.CODE_ALONE.test(says) && (short || digits) && (input.type !== "password" || words.CODE.test(about)) && !words.PASSWORD.test(says);
}

const USER_HINTS: ReadonlySet<string> = new Set(["username", "email", "tel", "tel-national", "nickname"]);

/** How likely the field holds the name of an account; zero when it cannot. `before`: it stands right before a password. */
export function userScore(field: Field, before: boolean): number {
  const { input, hint, says } = field;
  if (hint === "username") return 100;
  if (hint !== "" && !USER_HINTS.has(hint)) return 0;
  if (isPassword(field) || isOfCard(field) || words.SEARCH.test(says)) return 0;
  const named = words.USER.test(says);
  const mail = hint === "email" || input.type === "email" || words.EMAIL.test(says);
  if (!mail && !named && words.OTHER.test(says)) return 0;
  const phone = hint.startsWith("tel") || input.type === "tel" || words.PHONE.test(says);
  const score = (named ? 40 : 0) + (mail ? 30 : 0) + (phone ? 10 : 0) + (before && input.type !== "number" ? 15 : 0);
  // What repeats a name comes after it.
  return words.CONFIRM.test(says) ? Math.min(score, 5) : score;
}
