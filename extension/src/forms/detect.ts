/**
 * Finds the forms of a page that have to do with signing in: what each field of them is, by `autocomplete` where the page
 * says it, else by order, words and shape. What is unclear is none: nothing is typed where a password does not belong.
 */

import { isOpen, readPage } from "./dom.ts";
import { fieldOf, isBox, isCardNumber, isCode, isOfCard, isPassword, isTrap, userScore, type Field } from "./field.ts";
import { groupsOf, type Group } from "./group.ts";
import * as words from "./words.ts";

/**
 * `identify`: the first of several steps, which asks only who it is. `reset`: a new password and nobody's name.
 */
export type Purpose = "signIn" | "signUp" | "change" | "reset" | "identify" | "code";

export interface Form {
  purpose: Purpose;
  userName?: HTMLInputElement;
  /** A name that the page shows or holds beside the password, and nobody types. */
  knownUser?: HTMLInputElement;
  currentPassword?: HTMLInputElement;
  newPassword?: HTMLInputElement;
  confirmPassword?: HTMLInputElement;
  /** One field, or a box for each digit. */
  codes: HTMLInputElement[];
}

export function findForms(document: Document): Form[] {
  const forms = groupsOf(readPage(document)).map(formOf);
  return forms.filter((form): form is Form => form !== undefined);
}

function formOf(group: Group): Form | undefined {
  const all = group.inputs.map(fieldOf);
  const fields = all.filter((field) => field.seen && !isTrap(field));
  const codes = codesOf(fields, group);
  const rest = fields.filter(({ input }) => !codes.includes(input));
  // The secret number of a card is typed like a password, and is none.
  const card = rest.some(isCardNumber);
  const passwords = rest.filter((field) => isPassword(field) && !isOfCard(field) && !(card && field.hint === "")).filter(({ input }) => !input.readOnly);
  if (passwords.length > MOST_PASSWORDS) return undefined;
  if (passwords.length > 0) return withPasswords(group, all, rest, passwords, codes);
  if (codes.length > 0) return { purpose: "code", codes };
  return card ? undefined : firstStep(group, rest);
}

/** More of them are no form that a person fills in. */
const MOST_PASSWORDS = 4;

function withPasswords(group: Group, all: Field[], rest: Field[], passwords: Field[], codes: HTMLInputElement[]): Form {
  const userName = userOf(rest, passwords[0]);
  const sorted = sortPasswords(passwords, isSignUp(group, rest, passwords));
  const known = knownUser(all, userName);
  const fields = { ...(userName && { userName }), ...(known && { knownUser: known }), ...sorted, codes };
  return { purpose: purposeOf(fields), ...fields };
}

function purposeOf({ userName, currentPassword, newPassword }: Omit<Form, "purpose">): Purpose {
  if (newPassword === undefined) return "signIn";
  if (currentPassword !== undefined) return "change";
  return userName === undefined ? "reset" : "signUp";
}

interface Passwords {
  currentPassword?: HTMLInputElement;
  newPassword?: HTMLInputElement;
  confirmPassword?: HTMLInputElement;
}

type Role = "current" | "new" | "confirm";

/** By what each says of itself; who says nothing takes the place that is left. */
function sortPasswords(fields: Field[], signUp: boolean): Passwords {
  const roles = fields.map(roleOf);
  const has = (role: Role) => roles.includes(role);
  const unsaid = roles.filter((role) => role === undefined).length;
  const order = orderFor(unsaid, has, signUp);
  for (const [at, role] of roles.entries()) {
    // The second of two new ones repeats the first.
    if (role === "new" && roles.indexOf("new") < at) roles[at] = "confirm";
    roles[at] ??= order.shift();
  }
  const input = (role: Role) => fields[roles.indexOf(role)]?.input;
  const [current, fresh, confirm] = [input("current"), input("new") ?? (has("current") ? undefined : input("confirm")), input("new") && input("confirm")];
  return { ...(current && { currentPassword: current }), ...(fresh && { newPassword: fresh }), ...(confirm && { confirmPassword: confirm }) };
}

function orderFor(unsaid: number, has: (role: Role) => boolean, signUp: boolean): (Role | undefined)[] {
  if (has("new")) return has("current") ? ["confirm"] : unsaid === 1 && has("confirm") ? ["current"] : ["confirm", "current"];
  if (has("current")) return ["new", "confirm"];
  if (has("confirm")) return unsaid === 1 ? ["new"] : ["current", "new"];
  if (unsaid === 1) return [signUp ? "new" : "current"];
  return unsaid === 2 ? ["new", "confirm"] : ["current", "new", "confirm"];
}

function roleOf({ hint, says }: Field): Role | undefined {
  if (words.CONFIRM.test(says) && hint !== "current-password") return "confirm";
  if (hint === "new-password") return "new";
  if (hint === "current-password") return "current";
  if (words.NEW.test(says)) return "new";
  return words.CURRENT.test(says) ? "current" : undefined;
}

/** Whether a lone password is made up here: the buttons say so first, then the heading and names, then what else is asked. */
function isSignUp({ buttons, about }: Group, rest: Field[], [first, ...others]: Field[]): boolean {
  if (first?.hint === "current-password") return false;
  const [up, into] = [words.SIGN_UP.test(buttons), words.SIGN_IN.test(buttons)];
  if (up !== into) return up;
  if (others.length > 0) return true;
  const [upAbout, inAbout] = [words.SIGN_UP.test(about), words.SIGN_IN.test(about)];
  if (upAbout !== inAbout) return upAbout;
  return rest.filter(({ says, hint }) => hint.endsWith("name") && hint !== "username" || words.OTHER.test(says)).length > 1;
}

/** The most likely name among what stands before the password; a page that asks for it afterwards has to say so. */
function userOf(fields: Field[], password: Field | undefined): HTMLInputElement | undefined {
  const at = password === undefined ? fields.length : fields.indexOf(password);
  const before = fields[at - 1];
  const scored = fields.map((field, place) => ({ input: field.input, score: userScore(field, field === before) - (place > at ? 10 : 0) }));
  const best = scored.filter(({ input, score }) => score > 0 && !input.readOnly).sort((a, b) => b.score - a.score);
  return best[0]?.input;
}

/** What a second step shows of the first, or holds hidden for whoever keeps passwords. */
function knownUser(all: Field[], userName: HTMLInputElement | undefined): HTMLInputElement | undefined {
  if (userName !== undefined) return undefined;
  const holds = all.filter((field) => field.input.value !== "" && !isTrap(field) && !isPassword(field) && (field.input.readOnly || !field.seen || !isOpen(field.input)));
  return holds.find((field) => userScore(field, false) > 0)?.input;
}

const LEAST_BOXES = 4;
const MOST_BOXES = 10;

function codesOf(fields: Field[], { about, buttons }: Group): HTMLInputElement[] {
  const boxes = fields.filter(isBox).map(({ input }) => input);
  if (boxes.length >= LEAST_BOXES && boxes.length <= MOST_BOXES) return boxes;
  const found = fields.find((field) => !isBox(field) && isCode(field, `${about} ${buttons}`));
  return found === undefined ? [] : [found.input];
}

/** Only who it is: the page has to say so, as an address for news is asked for in the same way. */
function firstStep({ buttons, about }: Group, fields: Field[]): Form | undefined {
  const told = fields.find(({ hint, input }) => hint === "username" && !input.readOnly)?.input;
  if (words.NEWSLETTER.test(`${buttons} ${about}`)) return undefined;
  if (told !== undefined) return { purpose: "identify", userName: told, codes: [] };
  const [only, ...others] = fields;
  if (only === undefined || others.length > 0 || userScore(only, false) < 30 || only.input.readOnly) return undefined;
  const leads = words.SIGN_IN.test(buttons) || (words.NEXT.test(buttons) && words.SIGN_IN.test(about));
  return leads && !words.SIGN_UP.test(buttons) ? { purpose: "identify", userName: only.input, codes: [] } : undefined;
}
