/** The window that puts a request before the person. */

import type { PromptRecord } from "../messages/ui.ts";
import { isAnswerable } from "./frames.ts";
import { recordPrompt } from "./record.ts";
import { updateRequest, type Waiting } from "./requests.ts";
import { closeWindow, openConsent } from "./windows.ts";

/** Opens the window; `gone` when the page took its request back meanwhile, `failed` when the browser opens none. */
export async function openQuestion(waiting: Waiting, why: PromptRecord["why"]): Promise<"open" | "gone" | "failed"> {
  const { request, place } = waiting;
  const window = await openConsent(request, place.tab);
  if (window === undefined) return "failed";
  await recordPrompt(waiting, why);
  const now = await updateRequest(request, { window });
  if (now === undefined) {
    await closeWindow(window);
    return "gone";
  }
  return isAnswerable(now) ? "open" : "gone";
}
