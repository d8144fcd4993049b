/**
 * Sees when the person comes to a field that a page marked for passkeys. The page is shown nothing and told nothing: only
 * what the browser says the person did counts, and only as a reason to look.
 */

import type { FieldPress } from "../messages/relay.ts";

let watching = false;

export function watchFields(report: (how: FieldPress) => void): void {
  if (watching) return;
  watching = true;
  // On the way down, before a handler of the page can keep the event to itself.
  window.addEventListener("click", (event) => { if (isAtField(event)) report("pointer"); }, { capture: true, passive: true });
  window.addEventListener("keydown", (event) => { if (event.key === "ArrowDown" && isAtField(event)) report("key"); }, { capture: true, passive: true });
}

function isAtField(event: Event): boolean {
  const [target] = event.composedPath();
  return event.isTrusted && target instanceof Element && isForPasskeys(target);
}

/** `autocomplete="username webauthn"`: the word comes last (HTML, 4.10.18.7). */
export function isForPasskeys(element: Element): boolean {
  if (element.localName !== "input" && element.localName !== "textarea") return false;
  const words = (element.getAttribute("autocomplete") ?? "").trim().toLowerCase().split(/\s+/);
  return words.at(-1) === "webauthn";
}
