import { useEffect, useState } from "preact/hooks";
import type { LogEntry, Standing, State } from "../../core/messages.ts";
import { core } from "../ask.ts";
import { useDevices } from "../devices.ts";
import { useTask } from "../hooks.ts";
import { save } from "../save.ts";
import { t } from "../t.ts";
import { nameOf } from "../views/DevicesView.tsx";
import { SyncView } from "../views/SyncView.tsx";
import { Repair } from "./Repair.tsx";

export function SyncSection({ state, refresh }: { state: Exclude<State, { phase: "empty" }>; refresh: () => void }) {
  const { devices } = useDevices();
  const [entries, setEntries] = useState<LogEntry[]>();
  const [standing, setStanding] = useState<Standing>();
  const [repairing, setRepairing] = useState(false);
  const { busy, wrong, run } = useTask();
  useEffect(() => void core({ type: "logView" }).then((log) => setEntries(log.entries), () => undefined), [state]);
  useEffect(() => void core({ type: "standing" }).then(setStanding, () => undefined), [state]);
  const name = (id: string) => {
    const device = devices?.find((each) => each.id === id);
    return device === undefined ? t("unnamedDevice", id.slice(0, 6)) : nameOf(device);
  };
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
        entries={entries}
        standing={standing}
        nameOf={name}
        busy={busy}
        wrong={wrong}
        onSync={() => run(() => core({ type: "sync" })).then(refresh)}
        onExportLog={() => run(() => core({ type: "exportLog" }).then(save))}
        onExportEvidence={() => run(() => core({ type: "exportEvidence" }).then(save))}
        onRepair={() => setRepairing(true)}
      />
      {dialog}
    </>
  );
}
