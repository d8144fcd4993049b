/** Hears the forms' halves of frames. Whoever else sends something gets nothing. */

import { failureOf } from "../core/error.ts";
import { parseFromForms, type FromForms } from "../messages/forms.ts";
import { hearFound, hearTake, speakerOf, type Speaker } from "./page-forms.ts";
import { hearGone, hearNamed, hearTyped } from "./saving.ts";

export async function hearForms(data: unknown, sender: chrome.runtime.MessageSender): Promise<unknown> {
  const speaker = speakerOf(sender);
  if (sender.id !== chrome.runtime.id || speaker === undefined) return null;
  try {
    const message = parseFromForms(data);
    if (message.type === "take") return await hearTake(message, speaker);
    if (message.type === "found") await hearFound(message, speaker);
    else await inOrder(speaker.tab, () => hear(message, speaker));
    return undefined;
  } catch (error) {
    console.debug("forms:", failureOf(error).code);
    return null;
  }
}

/** What each tab's pages say of what was typed, one after another: that a form is gone may be said before it was held. */
const turns = new Map<number, Promise<void>>();

function inOrder(tab: number, task: () => Promise<void>): Promise<void> {
  const turn = (turns.get(tab) ?? Promise.resolve()).then(task);
  const over = turn.catch(() => undefined).then(() => {
    if (turns.get(tab) === over) turns.delete(tab);
  });
  turns.set(tab, over);
  return turn;
}

function hear(message: Extract<FromForms, { type: "typed" | "named" | "gone" }>, speaker: Speaker): Promise<void> {
  switch (message.type) {
    case "typed":
      return hearTyped(message, speaker);
    case "named":
      return hearNamed(message, speaker);
    case "gone":
      return hearGone(speaker);
  }
}
