/** The list's rows, fetched by the page as they come into view. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { ItemSummary } from "../core/messages.ts";
import { core, onChanged } from "./ask.ts";
import type { Filter } from "./views/ItemsView.tsx";

const PAGE = 100;

export function useItems(query: string, filter: Filter) {
  const [total, setTotal] = useState<number>();
  const [version, setVersion] = useState(0);
  const rows = useRef(new Map<number, ItemSummary>());
  const asked = useRef(new Set<number>());

  const load = useCallback(
    async (page: number) => {
      if (asked.current.has(page)) return;
      const mine = asked.current;
      mine.add(page);
      const offset = page * PAGE;
      const found = await core({ type: "items", query, filter, offset, limit: PAGE });
      // The question changed meanwhile: this answer is for another one.
      if (mine !== asked.current) return;
      found.items.forEach((item, at) => rows.current.set(offset + at, item));
      setTotal(found.total);
      setVersion((before) => before + 1);
    },
    [query, filter],
  );

  const refresh = useCallback(() => {
    asked.current = new Set();
    rows.current = new Map();
    void load(0).catch(() => setTotal(0));
  }, [load]);

  useEffect(() => {
    refresh();
    return onChanged(refresh);
  }, [refresh]);

  const need = useCallback(
    (first: number, end: number) => {
      for (let page = Math.floor(first / PAGE); page * PAGE < end; page++) void load(page);
    },
    // A refresh forgets what was asked for, so that rows in view are asked for again.
    [load, version],
  );
  const at = useCallback((index: number) => rows.current.get(index), [version]);
  return { total, need, at, refresh };
}
