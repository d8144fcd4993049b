import { useEffect, useState } from "preact/hooks";
import type { Histories } from "../../core/messages.ts";
import { core } from "../ask.ts";
import { useTask } from "../hooks.ts";
import { RepairDialog } from "../views/RepairDialog.tsx";

export function Repair({ nameOf, onDone, onClose }: { nameOf: (device: string) => string; onDone: () => void; onClose: () => void }) {
  const [histories, setHistories] = useState<Histories>();
  const { busy, wrong, run } = useTask();
  useEffect(() => void run(() => core({ type: "histories" }).then(setHistories)), [run]);
  const keep: Parameters<typeof RepairDialog>[0]["onKeep"] = (kept, passphrase) =>
    run(() => core({ type: "repair", keep: kept, passphrase })).then((done) => done && onDone());
  return <RepairDialog histories={histories} nameOf={nameOf} busy={busy} wrong={wrong} onKeep={keep} onClose={onClose} />;
}
