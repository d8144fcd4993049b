/** Which rows are chosen, by their ids; a range from the last one chosen with the shift key. */

import type { ItemSummary } from "../core/messages.ts";

export interface Selection {
  ids: ReadonlySet<string>;
  /** Where the last choice was made. */
  last: number | undefined;
}

export const NONE: Selection = { ids: new Set(), last: undefined };

export function choose(selection: Selection, index: number, to: boolean, range: boolean, at: (index: number) => ItemSummary | undefined): Selection {
  const from = range && selection.last !== undefined ? selection.last : index;
  const ids = new Set(selection.ids);
  for (let each = Math.min(from, index); each <= Math.max(from, index); each++) {
    const id = at(each)?.id;
    if (id === undefined) continue;
    if (to) ids.add(id);
    else ids.delete(id);
  }
  return { ids, last: index };
}
