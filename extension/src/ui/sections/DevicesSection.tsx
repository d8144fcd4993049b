import { useState } from "preact/hooks";
import { failureOf } from "../../core/error.ts";
import type { DeviceView } from "../../core/messages.ts";
import { core } from "../ask.ts";
import { useDevices } from "../devices.ts";
import { useTask } from "../hooks.ts";
import { DevicesView } from "../views/DevicesView.tsx";
import { LeaveDialog } from "../views/LeaveDialog.tsx";
import { RenameDialog } from "../views/RenameDialog.tsx";
import { useWays } from "../ways.ts";
import { Exposure } from "./Exposure.tsx";
import { History } from "./History.tsx";
import { Pairing } from "./Pairing.tsx";
import { Revoking } from "./Revoking.tsx";

type Open = { dialog: "pair" | "leave" } | { dialog: "rename" | "revoke" | "exposure"; device: DeviceView };

export function DevicesSection({ member }: { member: boolean }) {
  const { devices, resealing, refresh } = useDevices();
  const { ways } = useWays();
  const [open, setOpen] = useState<Open>();
  const close = () => {
    setOpen(undefined);
    refresh();
  };
  if (open?.dialog === "exposure") return <Exposure device={open.device} onBack={close} />;
  return (
    <>
      <DevicesView
        devices={devices}
        resealing={resealing}
        member={member}
        noWayBack={ways?.length === 0}
        onKit={() => location.assign("kit.html")}
        onPair={() => setOpen({ dialog: "pair" })}
        onRename={(device) => setOpen({ dialog: "rename", device })}
        onLeave={() => setOpen({ dialog: "leave" })}
        onRevoke={(device) => setOpen({ dialog: "revoke", device })}
        onExposure={(device) => setOpen({ dialog: "exposure", device })}
      />
      {devices !== undefined && <History devices={devices} />}
      {open?.dialog === "pair" && <Pairing onClose={close} />}
      {open?.dialog === "rename" && <Renaming device={open.device} onClose={close} />}
      {open?.dialog === "leave" && <Leaving onClose={close} />}
      {open?.dialog === "revoke" && <Revoking device={open.device} devices={devices ?? []} onClose={close} />}
    </>
  );
}

function Renaming({ device, onClose }: { device: DeviceView; onClose: () => void }) {
  const { busy, wrong, run } = useTask();
  const rename = (name: string) =>
    run(async () => {
      await core({ type: "renameDevice", name });
      onClose();
    });
  return <RenameDialog name={device.name ?? ""} busy={busy} wrong={wrong} onRename={rename} onClose={onClose} />;
}

function Leaving({ onClose }: { onClose: () => void }) {
  const [pending, setPending] = useState(false);
  const { busy, wrong, run } = useTask();
  const leave = (losePending: boolean) =>
    run(async () => {
      try {
        await core({ type: "leave", losePending });
        location.assign("welcome.html");
      } catch (error) {
        if (failureOf(error).code !== "pendingChanges") throw error;
        setPending(true);
      }
    });
  return <LeaveDialog pending={pending} busy={busy} wrong={wrong} onLeave={leave} onClose={onClose} />;
}
