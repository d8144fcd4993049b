/** Reading a page: through its open shadow roots, within bounds, and only what a person sees. */

import { fold } from "./words.ts";

/** A page may hold more than a person ever fills in; what comes after is not looked at. */
const MOST_ROOTS = 200;
const MOST_ELEMENTS = 20_000;
const MOST_INPUTS = 200;
const MOST_LABEL = 200;

export interface Page {
  inputs: HTMLInputElement[];
  /** What a person presses to send something off. */
  buttons: HTMLElement[];
}

export const BUTTONS = "button, input[type=submit], input[type=image], input[type=button], [role=button], a[href='#'], a[href^='javascript:']";

/** The inputs and buttons of a document in its order, those in open shadow roots included. */
export function readPage(document: Document): Page {
  const page: Page = { inputs: [], buttons: [] };
  const roots: (Document | ShadowRoot)[] = [document];
  let seen = 0;
  for (let at = 0; at < roots.length && at < MOST_ROOTS; at++) {
    for (const element of roots[at]?.querySelectorAll("*") ?? []) {
      seen += 1;
      if (seen > MOST_ELEMENTS) return page;
      if (element.shadowRoot !== null) roots.push(element.shadowRoot);
      if (element instanceof HTMLInputElement && isText(element) && page.inputs.length < MOST_INPUTS) page.inputs.push(element);
      else if (element instanceof HTMLElement && element.matches(BUTTONS)) page.buttons.push(element);
    }
  }
  // A root within another is read later, and stands earlier: the order is that of a reader.
  if (roots.length > 1) page.inputs.sort(inOrder);
  return page;
}

const TEXT_TYPES: ReadonlySet<string> = new Set(["text", "email", "tel", "password", "number"]);

function isText(input: HTMLInputElement): boolean {
  return TEXT_TYPES.has(input.type);
}

function inOrder(left: Element, right: Element): number {
  const [ofLeft, ofRight] = [ancestorsOf(left).reverse(), ancestorsOf(right).reverse()];
  let at = 0;
  while (ofLeft[at] !== undefined && ofLeft[at] === ofRight[at]) at += 1;
  const [a, b] = [ofLeft[at], ofRight[at]];
  if (a === undefined || b === undefined) return ofLeft.length - ofRight.length;
  return (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING) === 0 ? 1 : -1;
}

/** An element and what it is in, through shadow roots. */
export function ancestorsOf(element: Element): Element[] {
  const chain: Element[] = [];
  for (let at: Element | undefined = element; at !== undefined; at = parentOf(at)) chain.push(at);
  return chain;
}

function parentOf(element: Element): Element | undefined {
  if (element.parentElement !== null) return element.parentElement;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : undefined;
}

/** Whether a person sees the field and may type there: traps for programs are hidden, tiny, or off the page. */
export function isSeen(input: HTMLInputElement): boolean {
  if (!input.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })) return false;
  const { width, height, right, bottom } = input.getBoundingClientRect();
  if (width < 8 || height < 8) return false;
  if (right + window.scrollX <= 0 || bottom + window.scrollY <= 0) return false;
  return !ancestorsOf(input).some((each) => each.getAttribute("aria-hidden") === "true" || each.hasAttribute("inert"));
}

export function isOpen(input: HTMLInputElement): boolean {
  return !input.disabled && !input.matches(":disabled");
}

/** All that a page says of a field, folded: its labels, and the names that its makers gave it. */
export function saysOf(input: HTMLInputElement): string {
  return fold([labelOf(input), input.placeholder, input.title, input.name, input.id].map(cut).join(" "));
}

/** What a person reads of a field. */
export function labelOf(input: HTMLInputElement): string {
  const labels = Array.from(input.labels ?? [], textOf);
  const named = (input.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter((id) => id !== "").map((id) => textOf(rootOf(input).getElementById(id)));
  const said = [...labels, ...named, input.getAttribute("aria-label") ?? ""].map(cut).join(" ").trim();
  return said === "" ? beside(input) : said;
}

function rootOf(element: Element): Document | ShadowRoot {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root : element.ownerDocument;
}

/** Of a field without a label: the text right before it, or in the cell before its own. */
function beside(input: HTMLInputElement): string {
  for (let at: Element | null = input, steps = 0; at !== null && steps < 3; at = at.parentElement, steps += 1) {
    const before = at.previousSibling;
    const text = before instanceof Element && before.querySelector("input") !== null ? "" : cut(before?.textContent ?? "").trim();
    if (text !== "") return text;
    const cell = at.previousElementSibling;
    if (cell !== null && cell.querySelector("input") === null && cut(textOf(cell)).trim() !== "") return cut(textOf(cell));
    if (at.matches("form, body, fieldset, section, dialog")) return "";
  }
  return "";
}

export function textOf(element: Element | null): string {
  return cut(element?.textContent ?? "");
}

function cut(text: string): string {
  return text.slice(0, MOST_LABEL);
}

/** What a button says. */
export function wordsOf(button: HTMLElement): string {
  const value = button instanceof HTMLInputElement ? `${button.value} ${button.alt}` : textOf(button);
  return fold(`${cut(value)} ${cut(button.getAttribute("aria-label") ?? "")} ${cut(button.title)}`);
}
