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
