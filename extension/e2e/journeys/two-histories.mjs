// Two histories of one vault, as a person meets them: what was seen, the evidence of it, and the one that they go on with.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { remember, show } from "../support/evil.mjs";
import { PASSPHRASE, ceremony, createVault, pair, synced } from "../support/steps.mjs";

export const name = "of two histories the person keeps one: evidence saved, the other's changes kept, everyone goes on";
export const server = true;

export async function run(world) {
  const first = await world.profile("first");
  await createVault(first, world.server.url);
  const site = `${world.sites.origin("shop.test")}/`;
  assert.equal(await ceremony(first, await first.page(site), "#register"), "Passkey created.");
  const second = await world.profile("second");
  await pair(first, second, world.server.url, { name: "Second" });
  for (const each of [second, first, second]) await synced(each);

  await part(world, first, second);
  await seen(second);
  await kept(second);
  await goesOn(world, first, second, site);
}

/** Each browser is shown a history of its own, and writes in it; then the second is shown the first's. */
async function part(world, first, second) {
  await second.core({ type: "lock" });
  await remember(world, "shared");
  await first.core({ type: "addNote", title: "In one history", text: "." });
  await synced(first);
  await first.core({ type: "lock" });
  await remember(world, "one");
  await show(world, "shared");
  await unlock(second);
  await second.core({ type: "addNote", title: "In the other", text: "." });
  await synced(second);
  await show(world, "one");
  await second.core({ type: "sync" }).catch(() => undefined);
  assert.equal((await second.core({ type: "state" })).phase, "distrust");
}

/** What was seen is said, and can be taken to whoever runs the server. */
async function seen(second) {
  const settings = await second.own("settings.html#sync");
  await settings.getByTestId("quarantine").waitFor({ timeout: 15_000 });
  const download = settings.waitForEvent("download");
  await settings.getByTestId("export-evidence").click();
  const file = readFileSync(await (await download).path());
  assert.ok(file.length > 100, "there is something in it");
  await settings.close();
}

/** Both histories side by side, nothing chosen for anybody, and the passphrase for the choice. */
async function kept(second) {
  const settings = await second.own("settings.html#sync");
  await settings.getByTestId("repair").click();
  await settings.getByTestId("history-server").waitFor({ timeout: 30_000 });
  const keep = settings.getByTestId("repair-keep");
  await settings.getByTestId("repair-passphrase").fill("a guess");
  assert.ok(await keep.isDisabled(), "nothing is chosen for anybody");
  await settings.getByRole("radio").first().check({ force: true });
  await keep.click();
  await settings.getByTestId("repair-passphrase").and(settings.locator("[aria-invalid=true]")).waitFor({ timeout: 15_000 });
  assert.equal((await second.core({ type: "state" })).phase, "distrust", "a guess decides nothing");
  await settings.getByTestId("repair-passphrase").fill(PASSPHRASE);
  await keep.click();
  await settings.getByTestId("quarantine").waitFor({ state: "detached", timeout: 30_000 });
  await settings.close();
}

async function goesOn(world, first, second, site) {
  await unlock(first);
  for (const each of [second, first, second]) await synced(each);
  for (const each of [first, second]) {
    assert.equal((await each.core({ type: "state" })).phase, "unlocked");
    assert.deepEqual((await titles(each)).filter((title) => title.startsWith("In ")), ["In one history", "In the other"]);
  }
  const page = await second.page(site);
  assert.equal(await ceremony(second, page, "#sign-in"), "Welcome back, ada@example.com.");
}

async function unlock(profile) {
  await profile.core({ type: "unlock", passphrase: PASSPHRASE });
}

async function titles(profile) {
  const { items } = await profile.core({ type: "items", offset: 0, limit: 100 });
  return items.map((item) => item.title).sort();
}
