import { expect, it } from "vitest";
import type { DeviceView } from "../core/messages.ts";
import { dependentsOf } from "./dependents.ts";

const device = (id: string, addedBy?: string, status: DeviceView["status"] = { status: "active" }): DeviceView => ({
  id,
  ...(addedBy === undefined ? {} : { addedBy }),
  current: false,
  addedAt: 0,
  status,
  recovered: false,
  recent: false,
  silent: false,
});

it("names whom a device let in, also through others and through some that are gone", () => {
  const gone = { status: "left", at: 1 } as const;
  const devices = [device("a"), device("b", "a"), device("c", "b", gone), device("d", "c"), device("e", "a")];
  expect([...dependentsOf("b", devices)]).toEqual(["d"]);
  expect([...dependentsOf("a", devices)]).toEqual(["b", "d", "e"]);
  expect([...dependentsOf("e", devices)]).toEqual([]);
});
