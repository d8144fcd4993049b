/**
 * Sees what a person types and sends off: only what they typed themselves, or had filled in by us, and only once they press
 * something for it. What a page's script does by itself is no reason to keep anything.
 */

import { findForms, type Form } from "./detect.ts";
import { BUTTONS, isSeen, wordsOf } from "./dom.ts";
import { ASIDE } from "./words.ts";

export interface Typed {
  userName: string;
  password: string;
  replaces?: string;
  /** It was made up for this site, and is new there. */
  made: boolean;
}

interface Reports {
  typed: (typed: Typed) => void;
  named: (userName: string) => void;
  gone: () => void;
}

/** Longest that a form may take to answer; later it is no answer to what was typed. */
const PATIENCE_MS = 60_000;

export function watchForms(reports: Reports): { touch: (inputs: Iterable<HTMLInputElement>) => void } {
  const touched = new Set<WeakRef<HTMLInputElement>>();
  /** The name of an earlier step in this document. */
  let named = "";
  let stop: (() => void) | undefined;
  const touch = (inputs: Iterable<HTMLInputElement>) => {
    for (const each of touched) if (each.deref()?.isConnected !== true) touched.delete(each);
    for (const input of inputs) if (!isTouched(input)) touched.add(new WeakRef(input));
  };
  const isTouched = (input: HTMLInputElement) => [...touched].some((each) => each.deref() === input);

  function sent(): void {
    if (touched.size === 0) return;
    for (const form of findForms(document)) {
      const secret = form.newPassword ?? form.currentPassword;
      if (secret !== undefined && secret.value !== "" && isTouched(secret)) {
        if (form.confirmPassword !== undefined && form.confirmPassword.value !== secret.value) continue;
        reports.typed(typedIn(form, secret.value, named));
        stop?.();
        stop = whenGone(secret, reports.gone);
      } else if (secret === undefined && form.userName !== undefined && form.userName.value !== "" && isTouched(form.userName)) {
        named = form.userName.value;
        reports.named(named);
      }
    }
  }

  const options = { capture: true, passive: true };
  window.addEventListener("input", (event) => {
    const [target] = event.composedPath();
    if (event.isTrusted && target instanceof HTMLInputElement) touch([target]);
  }, options);
  // On the way down, before a handler of the page can empty the fields.
  window.addEventListener("submit", (event) => { if (event.isTrusted && navigator.userActivation.isActive) sent(); }, options);
  window.addEventListener("click", (event) => { if (event.isTrusted && isAtButton(event)) sent(); }, options);
  window.addEventListener("keydown", (event) => { if (event.isTrusted && event.key === "Enter" && event.composedPath()[0] instanceof HTMLInputElement) sent(); }, options);
  return { touch };
}

function isAtButton(event: Event): boolean {
  const button = event.composedPath().find((each): each is HTMLElement => each instanceof HTMLElement && each.matches(BUTTONS));
  return button !== undefined && !ASIDE.test(wordsOf(button));
}

function typedIn({ userName, knownUser, currentPassword, newPassword }: Form, password: string, named: string): Typed {
  const name = (userName ?? knownUser)?.value ?? named;
  const replaces = newPassword === undefined ? "" : (currentPassword?.value ?? "");
  return { userName: name.trim(), password, ...(replaces === "" ? {} : { replaces }), made: newPassword !== undefined };
}

/** Says once when a field is no longer there for the person; returns how to stop waiting. */
function whenGone(input: HTMLInputElement, gone: () => void): () => void {
  let due = false;
  const look = () => {
    due = false;
    if (input.isConnected && isSeen(input)) return;
    stop();
    gone();
  };
  const observer = new MutationObserver(() => {
    if (due) return;
    due = true;
    requestAnimationFrame(look);
  });
  observer.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["style", "class", "hidden", "open"] });
  const timer = setTimeout(() => stop(), PATIENCE_MS);
  const stop = () => {
    observer.disconnect();
    clearTimeout(timer);
  };
  return stop;
}
