/** What was just done and can be taken back; one thing at a time. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";

export interface Undoable {
  text: string;
  undo: () => unknown;
  /** What happens unless it is taken back: at the end, or as soon as something else is done. Nothing happens where the page is closed before. */
  commit?: () => unknown;
}

/** Long enough to read a line and reach a button by keyboard. */
const SHOWN_MS = 12_000;

export function useUndo(): { offered: Undoable | undefined; offer: (undoable: Undoable) => void; take: () => unknown; end: () => unknown } {
  const [offered, setOffered] = useState<Undoable>();
  const current = useRef<Undoable | undefined>(undefined);
  const show = useCallback((next: Undoable | undefined) => {
    const before = current.current;
    current.current = next;
    setOffered(next);
    return before;
  }, []);
  const end = useCallback(() => show(undefined)?.commit?.(), [show]);
  const offer = useCallback((next: Undoable) => void show(next)?.commit?.(), [show]);
  const take = useCallback(() => show(undefined)?.undo(), [show]);
  useEffect(() => {
    if (offered === undefined) return;
    const timer = setTimeout(() => void end(), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [offered, end]);
  return { offered, offer, take, end };
}
