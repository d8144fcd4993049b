/** Asks the worker. A refusal is thrown as a {@link CoreError}. */

import { CoreError } from "../core/error.ts";
import type { AnswerTo, UiRequest } from "../core/messages.ts";
import type { Place } from "../messages/forms.ts";
import { CHANGED, type ConsentView, type Endpoints, type FillView, type FromUi, type Managed, type OfferView, type PromptRecord, type Reply, type SaveView, type StrictView } from "../messages/ui.ts";

async function send<T>(message: FromUi): Promise<T> {
  const reply = await chrome.runtime.sendMessage<FromUi, Reply<T>>(message);
  if ("error" in reply) throw new CoreError(reply.error);
  return reply.ok;
}

export function core<R extends UiRequest>(request: R): Promise<AnswerTo<R["type"]>> {
  return send({ to: "core", request });
}

export function consent(message: Extract<FromUi, { to: "consent" }>): Promise<ConsentView | undefined> {
  return send(message);
}

export const offerIn = (tab: number) => send<OfferView | undefined>({ to: "offer", action: "view", tab });
export const openOffer = (request: string) => send<undefined>({ to: "offer", action: "open", request });

export const fillIn = (tab: number) => send<FillView>({ to: "fill", action: "view", tab });
export const fillLogin = (tab: number, id: string) => send<Place[]>({ to: "fill", action: "login", tab, id });
export const fillMade = (tab: number, password: string) => send<Place[]>({ to: "fill", action: "made", tab, password });

export const pendingSave = (tab: number) => send<string | undefined>({ to: "save", action: "pending", tab });
export const saveView = (tab: number) => send<SaveView | undefined>({ to: "save", action: "view", tab });
export const answerSave = (tab: number, action: "open" | "dismiss" | "never") => send<undefined>({ to: "save", action, tab });
export const saveTyped = (tab: number, userName: string, id: string | undefined) => send<undefined>({ to: "save", action: "save", tab, userName, ...(id === undefined ? {} : { id }) });

export const endpointsOf = (site: string, of: Managed) => send<Endpoints>({ to: "endpoints", site, of });
export const recentPrompts = () => send<PromptRecord[]>({ to: "prompts" });

export const strictNow = () => send<StrictView>({ to: "strict" });
export const saveSettings = (settings: Extract<FromUi, { to: "settings" }>["settings"]) => send<undefined>({ to: "settings", settings });

/** Calls back whenever what a page shows may have changed; returns how to stop. */
export function onChanged(listener: () => void): () => void {
  const hear = (message: unknown) => {
    if (message === CHANGED) listener();
  };
  chrome.runtime.onMessage.addListener(hear);
  return () => chrome.runtime.onMessage.removeListener(hear);
}
