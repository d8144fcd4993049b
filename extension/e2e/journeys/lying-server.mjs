// A server that lies, between two browsers: what they show is safe, they say what they saw, and signing in goes on.
import assert from "node:assert/strict";
import { remember, show, swapNewestRecords } from "../support/evil.mjs";
import { PASSPHRASE, ceremony, createVault, pair, synced } from "../support/steps.mjs";

export const name = "a lying server is caught: records swapped, two histories, a thief who is let in again";
export const server = true;

export async function run(world) {
  const first = await world.profile("first");
  await createVault(first, world.server.url);
  const site = `${world.sites.origin("shop.test")}/`;
  assert.equal(await ceremony(first, await first.page(site), "#register"), "Passkey created.");
  await synced(first);
  const second = await world.profile("second");
  await pair(first, second, world.server.url, { name: "Second" });
  await synced(second);
  await synced(first);

  await swapped(world, first, second, site);
  await revoked(world, first, second);
  await forked(world, first, second, site);
}

/** Attacks 10 and 14: two records, each with the other's bytes. */
async function swapped(world, first, second, site) {
  await lock(second);
  await first.core({ type: "addNote", title: "One", text: "of the first" });
  await first.core({ type: "addNote", title: "Two", text: "of the second" });
  await synced(first);
  await lock(first);
  await remember(world, "honest");
  await swapNewestRecords(world);
  await unlock(second);
  await distrusts(second, site);
  assert.deepEqual((await titles(second)).filter((title) => title === "One" || title === "Two"), []);
  await show(world, "honest");
  await synced(second);
  assert.equal((await second.core({ type: "state" })).phase, "unlocked", "service resumes");
  assert.deepEqual((await titles(second)).filter((title) => title === "One" || title === "Two"), ["One", "Two"]);
  await unlock(first);
}

/** Attacks 25 and 29: to a device that was removed, the server pretends that nothing happened. */
async function revoked(world, first, second) {
  const third = await world.profile("third");
  await pair(first, third, world.server.url, { name: "Third" });
  for (const each of [third, second, first]) await synced(each);
  await remember(world, "before");
  for (const each of [third, second]) await lock(each);
  const { devices } = await first.core({ type: "devices" });
  const gone = devices.find((device) => device.name === "Third");
  await first.core({ type: "revoke", devices: [gone.id], keep: [], reason: "lost", keepKit: false });
  await synced(first);
  await lock(first);
  await remember(world, "after");

  await show(world, "before");
  await unlock(third);
  await third.core({ type: "addNote", title: "By the thief", text: "written after the removal" });
  await synced(third);
  assert.ok((await titles(third)).includes("By the thief"), "to itself it is a member still");
  await lock(third);
  await show(world, "after");
  for (const each of [first, second]) {
    await unlock(each);
    await synced(each);
    assert.ok(!(await titles(each)).includes("By the thief"), "what it wrote is read by nobody");
  }
  await unlock(third);
  await third.core({ type: "sync" }).catch(() => undefined);
  assert.notEqual((await third.core({ type: "state" })).phase, "unlocked", "it learns that it is out, or that it was lied to");
  await third.close();
}

/** Attack 17: each browser is shown a history of its own. */
async function forked(world, first, second, site) {
  await synced(second);
  await remember(world, "shared");
  await lock(second);
  await first.core({ type: "addNote", title: "In one history", text: "." });
  await synced(first);
  await lock(first);
  await remember(world, "one");
  await show(world, "shared");
  await unlock(second);
  await second.core({ type: "addNote", title: "In the other", text: "." });
  await synced(second);
  await show(world, "one");
  await distrusts(second, site);
  assert.ok(!(await titles(second)).includes("In one history"));
}

/** A locked vault meets no server. */
async function lock(profile) {
  await profile.core({ type: "lock" });
}

async function unlock(profile) {
  await profile.core({ type: "unlock", passphrase: PASSPHRASE });
}

/** The browser says that it stopped believing the server, and goes on signing in. */
async function distrusts(profile, site) {
  await profile.core({ type: "sync" }).catch(() => undefined);
  const state = await profile.core({ type: "state" });
  assert.equal(state.phase, "distrust", JSON.stringify(state));
  const settings = await profile.own("settings.html#sync");
  await settings.getByTestId("quarantine").waitFor({ timeout: 15_000 });
  await settings.close();
  const page = await profile.page(site);
  assert.equal(await ceremony(profile, page, "#sign-in"), "Welcome back, ada@example.com.");
  await page.close();
}

async function titles(profile) {
  const { items } = await profile.core({ type: "items", offset: 0, limit: 100 });
  return items.map((item) => item.title).sort();
}
