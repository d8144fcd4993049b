import { useCallback, useEffect, useState } from "preact/hooks";
import type { DeviceView } from "../core/messages.ts";
import { core, onChanged } from "./ask.ts";

export function useDevices() {
  const [devices, setDevices] = useState<DeviceView[]>();
  const [resealing, setResealing] = useState(false);
  const refresh = useCallback(() => {
    void core({ type: "devices" }).then((answer) => {
      setDevices(answer.devices);
      setResealing(answer.resealing);
    }, () => setDevices([]));
  }, []);
  useEffect(() => {
    refresh();
    return onChanged(refresh);
  }, [refresh]);
  return { devices, resealing, refresh };
}
