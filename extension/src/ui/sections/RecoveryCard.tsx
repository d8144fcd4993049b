import { core } from "../ask.ts";
import { useTask } from "../hooks.ts";
import { RecoveryCardView } from "../views/RecoveryCardView.tsx";
import { useWays } from "../ways.ts";

/** The ways back, in the security settings. */
export function RecoveryCard() {
  const { ways, setWays } = useWays();
  const { busy, wrong, run } = useTask();
  if (ways === undefined) return null;
  return (
    <RecoveryCardView
      ways={ways}
      busy={busy}
      wrong={wrong}
      onKit={() => location.assign("kit.html")}
      onRemove={() => run(async () => setWays((await core({ type: "removeKit" })).ways))}
    />
  );
}
