/** Rows of a long list that the core has, fetched by the page. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";

const PAGE = 60;

interface Part<T> {
  total: number;
  items: T[];
}

/** `fetch` is another function whenever the list is another one. */
export function usePages<T>(fetch: (offset: number, limit: number) => Promise<Part<T>>) {
  const [total, setTotal] = useState<number>();
  const [version, setVersion] = useState(0);
  const rows = useRef(new Map<number, T>());
  const fetched = useRef(new Set<number>());

  const load = useCallback(
    async (page: number) => {
      if (fetched.current.has(page)) return;
      const mine = fetched.current;
      mine.add(page);
      const found = await fetch(page * PAGE, PAGE);
      // The list changed meanwhile.
      if (mine !== fetched.current) return;
      if (page === 0) rows.current = new Map();
      found.items.forEach((item, at) => rows.current.set(page * PAGE + at, item));
      setTotal(found.total);
      setVersion((before) => before + 1);
    },
    [fetch],
  );
  const refresh = useCallback(() => {
    fetched.current = new Set();
    void load(0).catch(() => undefined);
  }, [load]);
  useEffect(refresh, [refresh]);
  const need = useCallback(
    (first: number, end: number) => {
      for (let page = Math.floor(first / PAGE); page * PAGE < end; page++) void load(page).catch(() => undefined);
    },
    [load, version],
  );
  const at = useCallback((index: number) => rows.current.get(index), [version]);
  return { total, need, at, refresh };
}
