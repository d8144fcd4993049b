/** A list that shows only the rows in view, and fetches them by the page: 10,000 cost what 20 cost. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

interface Props<T> {
  total: number;
  rowHeight: number;
  label: string;
  /** Another one begins at the top. */
  subject?: string;
  /** The row at an index, if it is here. */
  at: (index: number) => T | undefined;
  /** Asks for the rows from `first` up to but without `end`. */
  need: (first: number, end: number) => void;
  row: (value: T | undefined, index: number) => ComponentChildren;
}

/** Rows drawn beyond the edge, so that a quick scroll shows no gap. */
const MARGIN = 6;

export function VirtualList<T>({ total, rowHeight, label, subject = "", at, need, row }: Props<T>) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 640 });
  const first = Math.max(0, Math.min(Math.floor(view.top / rowHeight), total) - MARGIN);
  const end = Math.min(total, Math.ceil((view.top + view.height) / rowHeight) + MARGIN);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setView({ top: element.scrollTop, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (box.current) box.current.scrollTop = 0;
  }, [subject]);
  useEffect(() => need(first, end), [need, first, end]);

  /** Puts the focus into the row at an index, which may be out of view. */
  const go = (index: number) => {
    const element = box.current;
    if (!element) return;
    const top = index * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight) element.scrollTop = top + rowHeight - element.clientHeight;
    setView({ top: element.scrollTop, height: element.clientHeight });
    requestAnimationFrame(() => element.querySelector<HTMLElement>(`[data-row="${index}"] :is(button, input)`)?.focus());
  };
  const press = (event: KeyboardEvent) => {
    const from = focused(event);
    const to = from === undefined ? undefined : target(event.key, from, Math.floor(view.height / rowHeight));
    if (to === undefined) return;
    event.preventDefault();
    go(Math.max(0, Math.min(to, total - 1)));
  };

  const rows = Array.from({ length: Math.max(0, end - first) }, (_, offset) => first + offset);
  return (
    <div class="virtual" ref={box} tabIndex={0} role="region" aria-label={label} onKeyDown={press} onScroll={(event) => setView({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}>
      <ul aria-label={label} style={`block-size: ${total * rowHeight}px`}>
        {rows.map((index) => (
          <li key={index} data-row={index} aria-setsize={total} aria-posinset={index + 1} style={`inset-block-start: ${index * rowHeight}px; block-size: ${rowHeight}px`}>
            {row(at(index), index)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The row that has the focus; -1 where it is on the list as a whole. */
function focused(event: KeyboardEvent): number | undefined {
  if (event.altKey || event.ctrlKey || event.metaKey || !(event.target instanceof HTMLElement)) return undefined;
  const row = event.target.closest<HTMLElement>("[data-row]");
  return row === null ? -1 : Number(row.dataset["row"]);
}

function target(key: string, from: number, page: number): number | undefined {
  switch (key) {
    case "ArrowDown":
      return from + 1;
    case "ArrowUp":
      return from - 1;
    case "PageDown":
      return from + page;
    case "PageUp":
      return from - page;
    case "Home":
      return 0;
    case "End":
      return Number.MAX_SAFE_INTEGER;
    default:
      return undefined;
  }
}
