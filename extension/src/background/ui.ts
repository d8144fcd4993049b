/** Answers the extension's own pages. */

import { failureOf } from "../core/error.ts";
import type { UiRequest } from "../core/messages.ts";
import { parseFromUi, type FromUi, type Reply } from "../messages/ui.ts";
import { consentAccept, consentNative, consentNever, consentOffer, consentRefuse, consentUnlock, consentView } from "./consent.ts";
import { call } from "./core.ts";
import { readEndpoints } from "./endpoints.ts";
import { fillLogin, fillMade, viewFill } from "./filling.ts";
import { viewOffer } from "./offers.ts";
import { readPrompts } from "./record.ts";
import { dismissSave, neverSave, openSaving, pendingSave, save, viewSave } from "./saving.ts";
import { lock, lockIfIdle, unlocked, used } from "./session.ts";
import { parseSettings, writeSettings } from "./settings.ts";
import { applyStrict, strictView } from "./strict.ts";
import { soon, stopListening, tellPages } from "./sync.ts";

/**
 * Whether a message comes from a page of ours. A content script's sender carries the site's origin, which is the
 * browser's word; its address is partly the renderer's.
 */
export function isOurPage(sender: chrome.runtime.MessageSender): boolean {
  const own = chrome.runtime.getURL("");
  return sender.id === chrome.runtime.id && `${sender.origin ?? ""}/` === own && (sender.url ?? "").startsWith(own);
}

export async function answerUi(data: unknown): Promise<Reply<unknown>> {
  try {
    return { ok: await answer(parseFromUi(data)) };
  } catch (error) {
    return { error: failureOf(error) };
  }
}

async function answer(message: FromUi): Promise<unknown> {
  if (message.to === "core") return forward(message.request);
  if (message.to === "settings") {
    await writeSettings(parseSettings(message.settings));
    return applyStrict();
  }
  if (message.to === "strict") return strictView();
  if (message.to === "fill") return answerFill(message);
  if (message.to === "save") return answerSave(message);
  if (message.to === "prompts") return readPrompts();
  if (message.to === "endpoints") return readEndpoints(message.site, message.of);
  if (message.to === "offer") return message.action === "view" ? viewOffer(message.tab) : consentOffer(message.request);
  switch (message.action) {
    case "view":
      return consentView(message.request);
    case "unlock":
      return consentUnlock(message.request, message.passphrase);
    case "accept":
      return consentAccept(message.request, message.credential, message.passphrase);
    case "refuse":
      return consentRefuse(message.request);
    case "native":
      return consentNative(message.request);
    case "never":
      return consentNever(message.request);
  }
}

async function answerFill(message: Extract<FromUi, { to: "fill" }>): Promise<unknown> {
  if (message.action === "view") return viewFill(message.tab);
  await lockIfIdle();
  await used();
  return message.action === "login" ? fillLogin(message.tab, message.id) : fillMade(message.tab, message.password);
}

async function answerSave(message: Extract<FromUi, { to: "save" }>): Promise<unknown> {
  await lockIfIdle();
  switch (message.action) {
    case "pending":
      return pendingSave(message.tab);
    case "view":
      return viewSave(message.tab);
    case "open":
      return openSaving(message.tab);
    case "dismiss":
      return dismissSave(message.tab);
    case "never":
      return neverSave(message.tab);
    case "save":
      await used();
      return save(message.tab, message.userName, message.id);
  }
}

/** What changes the vault, and so has to reach the server and the other pages. */
const CHANGES: ReadonlySet<UiRequest["type"]> = new Set([
  "addLogin",
  "editLogin",
  "addNote",
  "editNote",
  "renameItem",
  "offerAgain",
  "renameDevice",
  "trash",
  "restore",
  "purge",
  "trashAll",
  "restoreAll",
  "purgeAll",
  "importRun",
  "undoImport",
  "rehearseKit",
]);
/** After which what other pages show is no longer so. */
const TELLS: ReadonlySet<UiRequest["type"]> = new Set(["reset", "leave", "revoke", "revokeOthers", "makeKit", "rehearseKit", "removeKit"]);
/** After these there may be a vault where none was, or none any more. */
const PRESENCE: ReadonlySet<UiRequest["type"]> = new Set(["create", "joinPoll", "recoverFinish", "reset", "leave"]);
/** What a page asks by itself, without the person: it does not put off the lock. */
const BY_ITSELF: ReadonlySet<UiRequest["type"]> = new Set(["state", "pairPoll", "joinPoll", "importProgress"]);

async function forward(request: UiRequest): Promise<unknown> {
  // A machine that slept wakes up before its alarms: what is long over must not begin anew by being used.
  await lockIfIdle();
  if (!BY_ITSELF.has(request.type)) await used();
  if (request.type === "lock") {
    await lock();
    tellPages();
    return call({ type: "state" });
  }
  if (request.type === "reset" || request.type === "leave") stopListening();
  const done = await call(request);
  await after(request, done);
  return done;
}

async function after(request: UiRequest, done: unknown): Promise<void> {
  if (request.type === "create" || request.type === "unlock" || request.type === "recoverFinish") await unlocked();
  if (request.type === "joinPoll" && (done as { stage: string }).stage === "done") await unlocked();
  if (PRESENCE.has(request.type)) await applyStrict();
  if (CHANGES.has(request.type)) soon();
  if (TELLS.has(request.type)) tellPages();
}
