/** The list's rows, fetched by the page as they come into view. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { ItemCounts, ItemKind, ItemSummary, ListOrder, RequestOf } from "../core/messages.ts";
import { core, onChanged } from "./ask.ts";

const PAGE = 60;

/** Where in the list: one kind, or the trash. */
export type Shelf = "all" | ItemKind | "trash";

/** What a person looks for. */
export interface Question {
  query: string;
  shelf: Shelf;
  order: ListOrder;
  /** Empty for any. */
  tag: string;
}

export const EVERYTHING: Question = { query: "", shelf: "all", order: "site", tag: "" };

/** What is known of the list beside its rows. */
export interface About {
  total: number;
  counts: ItemCounts;
  tags: string[];
}

/** The same for the core. */
export function asked({ query, shelf, order, tag }: Question): Omit<RequestOf<"items">, "type" | "offset" | "limit"> {
  const kinds = shelf === "all" || shelf === "trash" ? {} : { kinds: [shelf] };
  return { query, filter: shelf === "trash" ? "trashed" : "kept", order, ...kinds, ...(tag === "" ? {} : { tag }) };
}

export function useItems(question: Question) {
  const [about, setAbout] = useState<About>();
  const [version, setVersion] = useState(0);
  const rows = useRef(new Map<number, ItemSummary>());
  const fetched = useRef(new Set<number>());
  const { query, shelf, order, tag } = question;

  const load = useCallback(
    async (page: number) => {
      if (fetched.current.has(page)) return;
      const mine = fetched.current;
      mine.add(page);
      const offset = page * PAGE;
      const found = await core({ type: "items", ...asked({ query, shelf, order, tag }), offset, limit: PAGE });
      // The question changed meanwhile: this answer is for another one.
      if (mine !== fetched.current) return;
      if (page === 0) rows.current = new Map();
      found.items.forEach((item, at) => rows.current.set(offset + at, item));
      setAbout(found);
      setVersion((before) => before + 1);
    },
    [query, shelf, order, tag],
  );

  const refresh = useCallback(() => {
    fetched.current = new Set();
    // What was shown stays until the first page of the answer is here: nothing flickers at a key.
    void load(0).catch(() => undefined);
  }, [load]);

  useEffect(() => {
    refresh();
    return onChanged(refresh);
  }, [refresh]);

  const need = useCallback(
    (first: number, end: number) => {
      for (let page = Math.floor(first / PAGE); page * PAGE < end; page++) void load(page).catch(() => undefined);
    },
    // A refresh forgets what was asked for, so that rows in view are asked for again.
    [load, version],
  );
  const at = useCallback((index: number) => rows.current.get(index), [version]);
  return { about, need, at, refresh };
}
