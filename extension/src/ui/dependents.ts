import type { DeviceView } from "../core/messages.ts";

/** The devices, still active, that one let in: itself, or through others that it let in. */
export function dependentsOf(device: string, devices: DeviceView[]): Set<string> {
  const found = new Set<string>();
  // In the order of joining: whoever let a device in stands before it.
  for (const { id, addedBy } of devices) {
    if (addedBy === device || (addedBy !== undefined && found.has(addedBy))) found.add(id);
  }
  const active = devices.filter((each) => each.status.status === "active").map((each) => each.id);
  return new Set(active.filter((id) => found.has(id)));
}
