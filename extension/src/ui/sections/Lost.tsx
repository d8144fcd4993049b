import { useCallback, useEffect, useState } from "preact/hooks";
import type { UnappliedChange } from "../../core/messages.ts";
import { core, onChanged } from "../ask.ts";
import { LostView } from "../views/LostView.tsx";

export function Lost() {
  const [changes, setChanges] = useState<UnappliedChange[]>([]);
  const [reveal, setReveal] = useState(false);
  const refresh = useCallback(() => void core({ type: "unapplied", reveal }).then((answer) => setChanges(answer.changes), () => undefined), [reveal]);
  useEffect(() => {
    refresh();
    return onChanged(refresh);
  }, [refresh]);
  return <LostView changes={changes} onReveal={() => setReveal(true)} onDismiss={({ id }) => core({ type: "dismissUnapplied", id }).then(refresh)} />;
}
