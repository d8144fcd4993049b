import { useEffect, useState } from "preact/hooks";
import type { DeviceView, LogEntry } from "../../core/messages.ts";
import { core } from "../ask.ts";
import { useTask } from "../hooks.ts";
import { save } from "../save.ts";
import { nameIn } from "../views/DevicesView.tsx";
import { HistoryView } from "../views/HistoryView.tsx";

/** The log is read, and with it verified, whenever the devices are. */
export function History({ devices }: { devices: DeviceView[] }) {
  const [entries, setEntries] = useState<LogEntry[]>();
  const { wrong, run } = useTask();
  useEffect(() => void run(() => core({ type: "logView" }).then((log) => setEntries(log.entries))), [devices, run]);
  return <HistoryView entries={entries} nameOf={nameIn(devices)} wrong={wrong} onExport={() => run(() => core({ type: "exportLog" }).then(save))} />;
}
