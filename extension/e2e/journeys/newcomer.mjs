// Whoever was let in is shown as new on every device, with one button that takes it out again (attack 48).
import assert from "node:assert/strict";
import { createVault, pair, synced } from "../support/steps.mjs";

export const name = "a new device is shown as new, and taken out in one step";
export const server = true;

export async function run(world) {
  const first = await world.profile("first");
  await createVault(first, world.server.url);
  await first.core({ type: "addNote", title: "Mine", text: "." });
  await synced(first);
  const second = await world.profile("second");
  await pair(first, second, world.server.url, { name: "Second" });
  for (const each of [second, first]) await synced(each);

  const { devices } = await first.core({ type: "devices" });
  // Its name comes with what it says of itself; that it is there is known at once.
  const newest = devices.find((device) => !device.current && device.status.status === "active");
  assert.ok(newest.recent);
  const settings = await first.own("settings.html#devices");
  const line = settings.locator(`[data-device="${newest.id}"]`);
  await line.getByText("New", { exact: true }).waitFor();
  await line.getByTestId("revoke").click();
  await settings.getByTestId("revoke-confirm").click();
  await settings.getByTestId("past-device").first().waitFor({ timeout: 30_000 });
  const active = (await first.core({ type: "devices" })).devices.filter((device) => device.status.status === "active");
  assert.equal(active.length, 1);

  // What is written from here on is not for it.
  await first.core({ type: "addNote", title: "After it went", text: "." });
  await synced(first);
  await second.core({ type: "sync" }).catch(() => undefined);
  assert.equal((await second.core({ type: "state" })).phase, "revoked");
}
