/** Puts values into a form as if they were typed there, so that the page's own scripts take notice. */

import type { Filling, Place } from "../messages/forms.ts";
import { findForms, type Form } from "./detect.ts";

/** Fills the form that the person is most likely at, and says where something was put. */
export function fill(document: Document, values: Filling): Place[] {
  const forms = findForms(document).filter((form) => placesOf(form, values).length > 0);
  const at = document.activeElement;
  const rank = (form: Form) => ORDER.indexOf(form.purpose) - (fieldsOf(form).some((input) => input === deepest(at)) ? ORDER.length : 0);
  const [form] = forms.sort((a, b) => rank(a) - rank(b));
  if (form === undefined) return [];
  const places = placesOf(form, values);
  for (const [, inputs, value] of places) put(inputs, value);
  // Where the person goes on: the last of them, by the key that sends the form off.
  places.at(-1)?.[1].at(-1)?.focus();
  return places.map(([place]) => place);
}

const ORDER: readonly Form["purpose"][] = ["signIn", "code", "identify", "signUp", "reset", "change"];

/** What of the values has a place in the form, and where. */
function placesOf(form: Form, { userName, password, code, fresh }: Filling): [Place, HTMLInputElement[], string][] {
  const { userName: name, currentPassword, newPassword, confirmPassword, codes } = form;
  const places: [Place, (HTMLInputElement | undefined)[], string | undefined][] = [
    // A name beside a new password is of an account that is not there yet.
    ["userName", newPassword === undefined ? [name] : [], userName],
    ["password", [currentPassword], password],
    ["fresh", [newPassword, confirmPassword], fresh],
    ["code", codes, code],
  ];
  return places.flatMap(([place, inputs, value]) => {
    const there = inputs.filter((input) => input !== undefined);
    return there.length === 0 || value === undefined || value === "" ? [] : [[place, there, value] as [Place, HTMLInputElement[], string]];
  });
}

function fieldsOf({ userName, currentPassword, newPassword, confirmPassword, codes }: Form): (HTMLInputElement | undefined)[] {
  return [userName, currentPassword, newPassword, confirmPassword, ...codes];
}

function put(inputs: HTMLInputElement[], value: string): void {
  const areBoxes = inputs.length > 1 && inputs.every((input) => input.maxLength === 1);
  for (const [at, input] of inputs.entries()) type(input, areBoxes ? (value[at] ?? "") : value);
}

/** This world's own setter: what a page's script put in its place is not seen here, and notices by the events. */
function type(input: HTMLInputElement, value: string): void {
  input.focus();
  input.value = value;
  input.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true, inputType: "insertReplacementText" }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

/** The element with the focus, within open shadow roots as well. */
function deepest(element: Element | null): Element | null {
  let at = element;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
}
