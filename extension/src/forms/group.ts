/** Which fields belong together: those of a form, or of the least part of the page that can be sent off. */

import { ancestorsOf, textOf, wordsOf, type Page } from "./dom.ts";
import { fold } from "./words.ts";

export interface Group {
  inputs: HTMLInputElement[];
  /** What the buttons say. */
  buttons: string;
  /** What the form is called, by headings and by its makers. */
  about: string;
}

export function groupsOf({ inputs, buttons }: Page): Group[] {
  const chains = new Map(inputs.map((input) => [input, ancestorsOf(input)]));
  const counts = countWithin(chains.values());
  const sending = new Set(buttons.flatMap(ancestorsOf));
  const groups = new Map<Element, HTMLInputElement[]>();
  for (const input of inputs) {
    const within = input.form ?? partOf(chains.get(input) ?? [], counts, sending);
    groups.set(within, [...(groups.get(within) ?? []), input]);
  }
  return [...groups].map(([within, members]) => describe(within, members, buttons));
}

/** How many inputs each element holds. */
function countWithin(chains: Iterable<Element[]>): Map<Element, number> {
  const counts = new Map<Element, number>();
  for (const chain of chains) for (const each of chain) counts.set(each, (counts.get(each) ?? 0) + 1);
  return counts;
}

/** A button beside a single field may only show what is typed there: the part has another field as well, or is the page. */
function partOf(chain: Element[], counts: Map<Element, number>, sending: Set<Element>): Element {
  const isPart = (each: Element) => each instanceof HTMLFormElement || (sending.has(each) && (counts.get(each) ?? 0) > 1) || each.matches("dialog, [role=dialog], [role=form]");
  return chain.find(isPart) ?? chain.at(-1) ?? document.documentElement;
}

function describe(within: Element, inputs: HTMLInputElement[], all: HTMLElement[]): Group {
  const own = all.filter((button) => (within instanceof HTMLFormElement && "form" in button && button.form === within) || ancestorsOf(button).includes(within));
  return { inputs, buttons: own.map(wordsOf).join(" | "), about: fold(`${namesOf(within)} ${headingOf(within)}`) };
}

function namesOf(within: Element): string {
  const names = ["id", "name", "class", "action", "aria-label"].map((name) => within.getAttribute(name) ?? "");
  return names.map((name) => name.slice(0, 200)).join(" ");
}

const HEADINGS = "h1, h2, h3, legend, [role=heading]";

/** The heading inside, or the nearest one before. */
function headingOf(within: Element): string {
  const inside = within.querySelector(HEADINGS);
  if (inside !== null) return textOf(inside);
  for (let at: Element | null = within; at !== null && at !== document.body; at = at.parentElement) {
    for (let before = at.previousElementSibling; before !== null; before = before.previousElementSibling) {
      if (before.querySelector("input") !== null) return "";
      const heading = before.matches(HEADINGS) ? before : before.querySelector(HEADINGS);
      if (heading !== null) return textOf(heading);
    }
  }
  return "";
}
