import { useEffect, useState } from "preact/hooks";
import type { KitView as Kit, WayBack } from "../../core/messages.ts";
import { core } from "../ask.ts";
import { useTask, useVaultState } from "../hooks.ts";
import { show } from "../show.tsx";
import { KitView, type KitStep } from "../views/KitView.tsx";
import { UnlockView } from "../views/UnlockView.tsx";

function KitPage() {
  const [state, refresh] = useVaultState();
  const [step, setStep] = useState<KitStep>("begin");
  const [ways, setWays] = useState<readonly WayBack[]>();
  // In memory alone, for as long as this page is open.
  const [kit, setKit] = useState<Kit>();
  const { busy, wrong, run, clear } = useTask();
  const phase = state?.phase;

  useEffect(() => {
    if (phase === "empty") location.replace("welcome.html");
    if (phase === "unlocked") void core({ type: "waysBack" }).then((answer) => setWays(answer.ways), () => undefined);
  }, [phase]);

  if (phase === "locked") {
    return <UnlockView busy={busy} wrong={wrong} onUnlock={(passphrase) => run(() => core({ type: "unlock", passphrase })).then(refresh)} onReset={() => location.assign("settings.html")} />;
  }
  if (ways === undefined) return null;
  return (
    <KitView
      step={step}
      busy={busy}
      wrong={wrong}
      kit={kit}
      replaces={ways.some((way) => way.slot === "kit")}
      onStep={(next) => {
        clear();
        setStep(next);
      }}
      onMake={async () => {
        if (await run(async () => setKit(await core({ type: "makeKit" })))) setStep("sheet");
      }}
      onRehearse={async (text) => {
        if (!(await run(() => core({ type: "rehearseKit", kit: text })))) return;
        setKit(undefined);
        setStep("done");
      }}
      onSettings={() => location.assign("settings.html#security")}
    />
  );
}

void show(<KitPage />);
