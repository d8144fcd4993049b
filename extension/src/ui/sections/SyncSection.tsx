import { useEffect, useState } from "preact/hooks";
import type { Standing, State } from "../../core/messages.ts";
import { core } from "../ask.ts";
import { useDevices } from "../devices.ts";
import { useTask } from "../hooks.ts";
import { save } from "../save.ts";
import { nameIn } from "../views/DevicesView.tsx";
import { SyncView } from "../views/SyncView.tsx";
import { Repair } from "./Repair.tsx";

export function SyncSection({ state, refresh }: { state: Exclude<State, { phase: "empty" }>; refresh: () => void }) {
  const { devices } = useDevices();
  const [standing, setStanding] = useState<Standing>();
  const [repairing, setRepairing] = useState(false);
  const { busy, wrong, run } = useTask();
  useEffect(() => void core({ type: "standing" }).then(setStanding, () => undefined), [state]);
  const name = nameIn(devices ?? []);
  const dialog = repairing && (
    <Repair
      nameOf={name}
      onDone={() => {
        setRepairing(false);
        refresh();
      }}
      onClose={() => setRepairing(false)}
    />
  );
  return (
    <>
      <SyncView
        state={state}
        standing={standing}
        nameOf={name}
        busy={busy}
        wrong={wrong}
        onSync={() => run(() => core({ type: "sync" })).then(refresh)}
        onExportEvidence={() => run(() => core({ type: "exportEvidence" }).then(save))}
        onRepair={() => setRepairing(true)}
      />
      {dialog}
    </>
  );
}
