// One vault from its first minute to a removed device, with the real server.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ceremony, createVault, nativeAuthenticator, pair, removeOtherDevice, synced } from "../support/steps.mjs";
import { binaries } from "../support/world.mjs";

export const name = "a passkey roams: create, sign in, pair, offline, remove, go on";
export const server = true;

export async function run(world) {
  const url = `${world.sites.origin("shop.test")}/`;
  const first = await world.profile("first");
  await createVault(first, world.server.url);
  const page = await first.page(url);
  assert.equal(await ceremony(first, page, "#register"), "Passkey created.");
  assert.equal(await ceremony(first, page, "#sign-in"), "Welcome back, ada@example.com.");
  await synced(first);

  const second = await world.profile("second");
  await pair(first, second, world.server.url, { name: "Second" });
  await synced(second);
  const other = await second.page(url);
  assert.equal(await ceremony(second, other, "#sign-in"), "Welcome back, ada@example.com.");

  await world.server.stop();
  assert.equal(await ceremony(second, other, "#sign-in"), "Welcome back, ada@example.com.", "signing in works offline");
  await world.restartServer();

  await removeOtherDevice(second);
  const newcomer = await second.page(url);
  await newcomer.locator("#user").fill("grace@example.com");
  assert.equal(await ceremony(second, newcomer, "#register"), "Passkey created.");
  await synced(second);

  const before = (await first.hook("credentials")).credentials.length;
  await first.core({ type: "sync" }).catch(() => undefined);
  const state = await first.core({ type: "state" });
  assert.equal(state.phase, "revoked", "the removed device knows that it was removed");
  const after = (await first.hook("credentials")).credentials;
  assert.equal(after.length, before, "the removed device reads nothing newer");
  assert.ok(after.every((each) => each.userName !== "grace@example.com"));
  await standsAside(first, page);

  const log = await second.core({ type: "logView" });
  assert.equal(log.entries.at(-1).action.action, "revokeDevices");
  assert.ok(log.epoch >= 2, "the vault was re-keyed");
  await history(world, second);
}

/** Who let whom in and took whom out stands beside the devices; as a file, anyone verifies it. */
async function history(world, profile) {
  const settings = await profile.own("settings.html#devices");
  const entries = settings.getByTestId("history-entry");
  await entries.nth(2).waitFor();
  const told = await entries.allTextContents();
  assert.deepEqual(told.map((text) => /taken out|let in|created/.exec(text)?.[0]), ["taken out", "let in", "created"]);
  assert.match(told[1], /Second was let in, with a code/);
  const [download] = await Promise.all([settings.waitForEvent("download"), settings.getByTestId("export-log").click()]);
  const file = join(world.folder, "history");
  await download.saveAs(file);
  assert.match(execFileSync(join(binaries, "roamkey"), ["log", "verify", file], { encoding: "utf8" }), /Verified: 3 entries/);
  await settings.close();
}

/** The removed browser says so, shows what it holds, and leaves sites to the browser. */
async function standsAside(profile, page) {
  const settings = await profile.own("settings.html#items");
  await settings.getByTestId("revoked").waitFor();
  await settings.getByTestId("item").first().waitFor();
  assert.equal(await settings.getByTestId("add").count(), 0, "nothing can be added");
  await settings.close();
  const popup = await profile.popup(page);
  await popup.getByTestId("revoked").waitFor();
  await popup.close();

  await page.bringToFront();
  const { credentials } = await nativeAuthenticator(profile, page);
  await page.locator("#user").fill("native@example.com");
  await page.locator("#register").click();
  await page.waitForFunction(() => document.querySelector("#status").textContent === "Passkey created.");
  assert.equal((await credentials()).length, 1, "the browser answered by itself");
}
