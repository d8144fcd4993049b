/** A list that shows only the rows in view, and fetches them by the page: 10,000 cost what 20 cost. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

interface Props<T> {
  total: number;
  rowHeight: number;
  label: string;
  /** The row at an index, if it is here. */
  at: (index: number) => T | undefined;
  /** Asks for the rows from `first` up to but without `end`. */
  need: (first: number, end: number) => void;
  row: (value: T | undefined, index: number) => ComponentChildren;
}

/** Rows drawn beyond the edge, so that a quick scroll shows no gap. */
const MARGIN = 6;

export function VirtualList<T>({ total, rowHeight, label, at, need, row }: Props<T>) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 640 });
  const first = Math.max(0, Math.floor(view.top / rowHeight) - MARGIN);
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
  useEffect(() => need(first, end), [need, first, end]);

  const rows = Array.from({ length: Math.max(0, end - first) }, (_, offset) => first + offset);
  return (
    <div class="virtual" ref={box} tabIndex={0} role="region" aria-label={label} onScroll={(event) => setView({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}>
      <ul aria-label={label} style={`block-size: ${total * rowHeight}px`}>
        {rows.map((index) => (
          <li key={index} aria-setsize={total} aria-posinset={index + 1} style={`inset-block-start: ${index * rowHeight}px; block-size: ${rowHeight}px`}>
            {row(at(index), index)}
          </li>
        ))}
      </ul>
    </div>
  );
}
