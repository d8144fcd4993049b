/** Filling on one click in the popup: what the pages of a tab have a place for, and what the person chose for it. */

import type { Filling, Place } from "../messages/forms.ts";
import type { FillView } from "../messages/ui.ts";
import { call } from "./core.ts";
import { fillIn, look, type Spot } from "./page-forms.ts";

/** What each tab's pages had when the popup looked; a worker that knows nothing of it looks again. */
const seen = new Map<number, Spot[]>();

export async function viewFill(tab: number): Promise<FillView> {
  const spots = await look(tab);
  seen.set(tab, spots);
  const has = (place: "login" | "fresh" | "code") => spots.some(({ fields }) => fields[place]);
  const rules = spots.find(({ fields }) => fields.fresh)?.rules;
  return { login: has("login"), fresh: has("fresh"), code: has("code"), ...(rules === undefined ? {} : { rules }) };
}

export async function fillLogin(tab: number, id: string): Promise<Place[]> {
  const spots = await spotsOf(tab);
  const spot = spots.find(({ fields }) => fields.login) ?? spots.find(({ fields }) => fields.code);
  return spot === undefined ? [] : fillIn(spot, async (page): Promise<Filling> => call({ type: "fillLogin", id, page }));
}

/** A password that was made up: kept first, so that whatever the page does with it, it is not lost. */
export async function fillMade(tab: number, password: string): Promise<Place[]> {
  const spot = (await spotsOf(tab)).find(({ fields }) => fields.fresh);
  if (spot === undefined) return [];
  return fillIn(spot, async (page) => {
    await call({ type: "loginPage", page });
    await call({ type: "keepGenerated", password, site: new URL(page.origin).hostname });
    return { fresh: password };
  });
}

export function forgetForms(tab: number): void {
  seen.delete(tab);
}

async function spotsOf(tab: number): Promise<Spot[]> {
  return seen.get(tab) ?? (await look(tab));
}
