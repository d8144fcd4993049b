import { useCallback, useEffect, useState } from "preact/hooks";
import type { WayBack } from "../core/messages.ts";
import { core, onChanged } from "./ask.ts";

/** The ways back into the vault, kept up to date; none before they are known. */
export function useWays() {
  const [ways, setWays] = useState<readonly WayBack[]>();
  const refresh = useCallback(() => {
    void core({ type: "waysBack" }).then((answer) => setWays(answer.ways), () => undefined);
  }, []);
  useEffect(() => {
    refresh();
    return onChanged(refresh);
  }, [refresh]);
  return { ways, setWays };
}
