// A server that goes back in time, and does not want back what it lost (attack 16).
import assert from "node:assert/strict";
import { remember, show } from "../support/evil.mjs";
import { problem } from "../support/liar.mjs";
import { PASSPHRASE, ceremony, createVault, pair, synced } from "../support/steps.mjs";

export const name = "a server that goes back is caught: what it lost stays here, and goes there again once it takes it";
export const server = true;

export async function run(world) {
  const liar = await world.lie();
  const site = `${world.sites.origin("shop.test")}/`;
  const first = await world.profile("first");
  await createVault(first, liar.url);
  assert.equal(await ceremony(first, await first.page(site), "#register"), "Passkey created.");
  const second = await world.profile("second");
  await pair(first, second, liar.url, { name: "Second" });
  for (const each of [first, second]) await synced(each);
  await remember(world, "before");

  await first.core({ type: "addNote", title: "To be forgotten", text: "." });
  await synced(first);
  await synced(second);
  for (const each of [first, second]) await each.core({ type: "lock" });
  await show(world, "before");
  liar.tell((ask, forward) => (ask.path.endsWith("/restore") ? problem(422, "invalid") : forward(ask)));

  for (const each of [first, second]) {
    await each.core({ type: "unlock", passphrase: PASSPHRASE });
    await each.core({ type: "sync" }).catch(() => undefined);
    const state = await each.core({ type: "state" });
    assert.equal(state.phase, "distrust", JSON.stringify(state));
    const settings = await each.own("settings.html#sync");
    await settings.getByTestId("quarantine").waitFor({ timeout: 15_000 });
    await settings.close();
    assert.ok((await titles(each)).includes("To be forgotten"), "what it forgot is here");
  }
  const shop = await second.page(site);
  assert.equal(await ceremony(second, shop, "#sign-in"), "Welcome back, ada@example.com.", "signing in goes on");

  liar.turnHonest();
  for (const each of [first, second]) await synced(each);
  for (const each of [first, second]) assert.equal((await each.core({ type: "state" })).phase, "unlocked", "service resumes");
  const third = await world.profile("third");
  await pair(second, third, liar.url, { name: "Third" });
  await synced(third);
  assert.ok((await titles(third)).includes("To be forgotten"), "the server has it again");
}

async function titles(profile) {
  const { items } = await profile.core({ type: "items", offset: 0, limit: 100 });
  return items.map((item) => item.title);
}
