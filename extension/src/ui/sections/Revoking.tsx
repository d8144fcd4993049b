import { useState } from "preact/hooks";
import { failureOf } from "../../core/error.ts";
import type { DeviceView } from "../../core/messages.ts";
import { core } from "../ask.ts";
import { dependentsOf } from "../dependents.ts";
import { useTask } from "../hooks.ts";
import { RevokeDialog } from "../views/RevokeDialog.tsx";
import { useWays } from "../ways.ts";

export function Revoking({ device, devices, onClose }: { device: DeviceView; devices: DeviceView[]; onClose: () => void }) {
  const [missing, setMissing] = useState<string[]>([]);
  const { ways } = useWays();
  const { busy, wrong, run } = useTask();
  const dependents = devices.filter((each) => missing.includes(each.id) || dependentsOf(device.id, devices).has(each.id));

  const hasKit = ways?.some(({ slot, by }) => slot === "kit" && (by === device.id || dependents.some((each) => each.id === by))) ?? false;

  const revoke = (reason: "lost" | "retired", keep: string[], remove: string[], keepKit: boolean) =>
    run(async () => {
      try {
        await core({ type: "revoke", devices: [device.id, ...remove], keep, reason, keepKit });
        onClose();
      } catch (error) {
        const failure = failureOf(error);
        // Somebody was let in meanwhile: the question is asked about them too.
        if (failure.code !== "dependents") throw error;
        setMissing(failure.devices ?? []);
      }
    });
  if (ways === undefined) return null;
  return <RevokeDialog device={device} dependents={dependents} hasKit={hasKit} busy={busy} wrong={wrong} onRevoke={revoke} onClose={onClose} />;
}
