import { useEffect, useState } from "preact/hooks";
import type { DeviceView, ExposedSecret } from "../../core/messages.ts";
import { core, onChanged } from "../ask.ts";
import { useTask } from "../hooks.ts";
import { nameOf } from "../views/DevicesView.tsx";
import { ExposureView } from "../views/ExposureView.tsx";

export function Exposure({ device, onBack }: { device: DeviceView; onBack: () => void }) {
  const [exposed, setExposed] = useState<ExposedSecret[]>();
  const { wrong, run } = useTask();
  useEffect(() => {
    const refresh = () => void run(() => core({ type: "exposure", device: device.id }).then((answer) => setExposed(answer.exposed)));
    refresh();
    return onChanged(refresh);
  }, [device.id, run]);
  const mark = ({ item, secret }: ExposedSecret) => run(() => core({ type: "markReplaced", device: device.id, item, secret }).then((answer) => setExposed(answer.exposed)));
  return <ExposureView device={nameOf(device)} exposed={exposed} wrong={wrong} onBack={onBack} onMark={mark} />;
}
