import { useCallback, useEffect, useState } from "preact/hooks";
import type { State } from "../core/messages.ts";
import { core, onChanged } from "./ask.ts";
import { explain } from "./failure.ts";

/** The worker's state, kept up to date. */
export function useVaultState(): [State | undefined, () => void] {
  const [state, setState] = useState<State>();
  const refresh = useCallback(() => void core({ type: "state" }).then(setState, () => undefined), []);
  useEffect(() => {
    refresh();
    return onChanged(refresh);
  }, [refresh]);
  return [state, refresh];
}

/** As long as it takes to see a question and stop a click or key that was meant for what was there before. */
export const SEEN_MS = 500;

/**
 * Whether the person had the time to see what is shown. A page chooses when a window of ours appears, and may have the
 * person click or type at that very moment.
 */
export function useSeen(): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const begin = () => {
      clearTimeout(timer);
      setSeen(false);
      timer = setTimeout(() => setSeen(true), SEEN_MS);
    };
    begin();
    window.addEventListener("focus", begin);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("focus", begin);
    };
  }, []);
  return seen;
}

/** Runs one task at a time; `wrong` says in words why the last one failed. */
export function useTask(): { busy: boolean; wrong: string | undefined; run: (task: () => Promise<unknown>) => Promise<boolean>; clear: () => void } {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string>();
  const run = useCallback(async (task: () => Promise<unknown>) => {
    setBusy(true);
    setWrong(undefined);
    try {
      await task();
      return true;
    } catch (error) {
      setWrong(explain(error));
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  return { busy, wrong, run, clear: useCallback(() => setWrong(undefined), []) };
}
