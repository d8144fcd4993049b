import { useEffect, useState } from "preact/hooks";
import { failureOf } from "../../core/error.ts";
import type { DeviceView, PairPoll } from "../../core/messages.ts";
import { core } from "../ask.ts";
import { useDevices } from "../devices.ts";
import { useTask } from "../hooks.ts";
import { DevicesView } from "../views/DevicesView.tsx";
import { PairDialog } from "../views/PairDialog.tsx";
import { RevokeDialog } from "../views/RevokeDialog.tsx";

const POLL_MS = 700;

export function DevicesSection() {
  const { devices, resealing, refresh } = useDevices();
  const [pairing, setPairing] = useState(false);
  const [leaving, setLeaving] = useState<DeviceView>();
  return (
    <>
      <DevicesView devices={devices} resealing={resealing} onPair={() => setPairing(true)} onRevoke={setLeaving} />
      {pairing && (
        <Pairing
          onClose={() => {
            setPairing(false);
            refresh();
          }}
        />
      )}
      {leaving !== undefined && (
        <Revoking
          device={leaving}
          devices={devices ?? []}
          onClose={() => {
            setLeaving(undefined);
            refresh();
          }}
        />
      )}
    </>
  );
}

function Pairing({ onClose }: { onClose: () => void }) {
  const [code, setCode] = useState<string>();
  const [poll, setPoll] = useState<PairPoll>({ stage: "waiting" });
  const { wrong, run } = useTask();
  const over = poll.stage === "done" || poll.stage === "failed";

  const start = () => {
    setCode(undefined);
    setPoll({ stage: "waiting" });
    void run(async () => setCode((await core({ type: "pairStart" })).code));
  };
  useEffect(start, []);
  useEffect(() => {
    if (code === undefined || over) return;
    const timer = setInterval(() => void core({ type: "pairPoll" }).then(setPoll), POLL_MS);
    return () => clearInterval(timer);
  }, [code, over]);

  const close = () => {
    if (!over) void core({ type: "pairCancel" }).catch(() => undefined);
    onClose();
  };
  return <PairDialog code={code} poll={poll} wrong={wrong} onConfirm={(emoji) => run(() => core({ type: "pairConfirm", emoji }))} onAgain={start} onClose={close} />;
}

function Revoking({ device, devices, onClose }: { device: DeviceView; devices: DeviceView[]; onClose: () => void }) {
  const [dependents, setDependents] = useState<string[]>([]);
  const { busy, wrong, run } = useTask();
  const here = devices.find((each) => each.current)?.id;

  /** Tries; what else has to be named comes back as the dependents. The device in hand stays without a question. */
  const attempt = async (reason: "lost" | "retired", keep: string[], asked: string[]): Promise<void> => {
    const named = [device.id, ...asked.filter((each) => !keep.includes(each))];
    try {
      await core({ type: "revoke", devices: named, keep, reason });
      onClose();
    } catch (error) {
      const { code, devices: missing = [] } = failureOf(error);
      if (code !== "dependents") throw error;
      if (here !== undefined && missing.includes(here) && !keep.includes(here)) return attempt(reason, [...keep, here], asked);
      setDependents([...asked, ...missing.filter((each) => !asked.includes(each))]);
    }
  };
  const revoke = (reason: "lost" | "retired", keep: string[]) => run(() => attempt(reason, keep, dependents));
  return <RevokeDialog device={device} dependents={devices.filter((each) => dependents.includes(each.id))} busy={busy} wrong={wrong} onRevoke={revoke} onClose={onClose} />;
}
