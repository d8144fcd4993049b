// A passphrase changed, one forgotten, a browser that starts again, and one that signs itself out.
import assert from "node:assert/strict";
import { ceremony, createVault, pair, PASSPHRASE, synced } from "../support/steps.mjs";

export const name = "a passphrase is changed; a forgotten one costs a new pairing; a device signs itself out";
export const server = true;

const NEXT = "harbour quilt domino saffron";

export async function run(world) {
  const url = `${world.sites.origin("shop.test")}/`;
  const first = await world.profile("first");
  await createVault(first, world.server.url);
  const shop = await first.page(url);
  assert.equal(await ceremony(first, shop, "#register"), "Passkey created.");
  await synced(first);
  const second = await world.profile("second");
  await pair(first, second, world.server.url, { name: "Second" });

  await changesPassphrase(second);
  await forgets(second);
  await pair(first, second, world.server.url, { name: "Second again" });
  await synced(second);
  assert.equal(await ceremony(second, await second.page(url), "#sign-in"), "Welcome back, ada@example.com.");
  await renames(second);
  await leaves(first, second);
}

async function changesPassphrase(profile) {
  const settings = await profile.own("settings.html#security");
  await settings.getByTestId("old-passphrase").fill("not this one at all");
  await settings.getByTestId("passphrase").fill(NEXT);
  await settings.getByTestId("passphrase-again").fill(NEXT);
  await settings.getByTestId("change-passphrase").click();
  await settings.getByRole("alert").waitFor({ timeout: 30_000 });
  await settings.getByTestId("old-passphrase").fill(PASSPHRASE);
  await settings.getByTestId("change-passphrase").click();
  await settings.getByTestId("passphrase-changed").waitFor({ timeout: 30_000 });

  await settings.getByTestId("lock").click();
  await settings.getByTestId("unlock").waitFor({ timeout: 30_000 });
  await settings.getByTestId("passphrase").fill(PASSPHRASE);
  await settings.getByTestId("unlock").click();
  await settings.getByRole("alert").waitFor({ timeout: 30_000 });
  await settings.getByTestId("passphrase").fill(NEXT);
  await settings.getByTestId("unlock").click();
  await settings.getByTestId("change-passphrase").waitFor({ timeout: 30_000 });
  await settings.getByTestId("lock").click();
  await settings.getByTestId("unlock").waitFor();
  await settings.close();
}

/** Nobody can open it any more; this browser starts again and the others go on. */
async function forgets(profile) {
  const unlock = await profile.own("unlock.html");
  await unlock.getByTestId("forgotten").click();
  await unlock.getByTestId("reset").click();
  await unlock.getByTestId("join-vault").waitFor({ timeout: 30_000 });
  assert.equal((await profile.core({ type: "state" })).phase, "empty");
  await unlock.close();
}

async function renames(profile) {
  const settings = await profile.own("settings.html#devices");
  await settings.getByTestId("rename-device").click();
  await settings.getByTestId("new-name").fill("The one by the window");
  await settings.getByTestId("rename-confirm").click();
  await settings.getByTestId("device").filter({ hasText: "The one by the window" }).waitFor();
  await settings.close();
  await synced(profile);
}

async function leaves(stays, goes) {
  const settings = await goes.own("settings.html#devices");
  await settings.getByTestId("leave").click();
  await settings.getByTestId("leave-confirm").click();
  await settings.getByTestId("join-vault").waitFor({ timeout: 60_000 });
  assert.equal((await goes.core({ type: "state" })).phase, "empty");

  await stays.core({ type: "sync" });
  const { devices } = await stays.core({ type: "devices" });
  const gone = devices.find((each) => each.name === "The one by the window");
  assert.equal(gone?.status.status, "left");
}
