// Who is let in, and where to: a newcomer that is led elsewhere, and a thief who wants to be taken for the newcomer.
import assert from "node:assert/strict";
import { PASSPHRASE, createVault, synced } from "../support/steps.mjs";

export const name = "a newcomer is led into no foreign vault, and nobody is talked into adding a thief's device";
export const server = true;

export async function run(world) {
  const liar = await world.lie();
  const first = await world.profile("first");
  await createVault(first, liar.url);
  await first.core({ type: "addNote", title: "Mine", text: "." });
  await synced(first);

  await ledElsewhere(world, liar, first);
  await overTheShoulder(world, liar, first);
  await byAPage(world, first);
}

/** Attack 28: the server leads whoever types this code to the mailbox of another vault. */
async function ledElsewhere(world, liar, first) {
  const thief = await world.profile("thief");
  await createVault(thief, liar.url);
  const [mine, theirs] = [await showsCode(first), await showsCode(thief)];
  const number = (code) => code.split("-")[0];
  let isLed = false;
  liar.tell((ask, forward) => {
    const path = ask.path.replace(`/v1/mailboxes/${number(mine.code)}/`, `/v1/mailboxes/${number(theirs.code)}/`);
    isLed ||= path !== ask.path;
    return forward({ ...ask, path });
  });
  const newcomer = await world.profile("newcomer");
  const welcome = await joins(newcomer, mine.code, liar.url);
  await welcome.getByRole("alert").waitFor({ timeout: 30_000 });
  liar.turnHonest();
  assert.ok(isLed, "the server did what it could");
  assert.equal((await newcomer.core({ type: "state" })).phase, "empty", "it is in no vault");
  for (const profile of [first, thief]) assert.equal(await count(profile), 1, "and in neither is it");
  await mine.settings.close();
  await thief.close();
  await newcomer.close();
}

/** Attack 48: somebody saw the code, and types it first. What its owner holds shows no picture. */
async function overTheShoulder(world, liar, first) {
  const { settings, code } = await showsCode(first);
  const thief = await world.profile("shoulder");
  const theirs = await joins(thief, code, liar.url);
  const picture = (await theirs.getByTestId("emoji").textContent({ timeout: 30_000 })).trim();

  const owner = await world.profile("owner");
  const own = await joins(owner, code, liar.url);
  await own.getByRole("alert").waitFor({ timeout: 30_000 });
  assert.equal(await own.getByTestId("emoji").count(), 0, "the code served once");

  await settings.locator("[data-emoji]").first().waitFor({ timeout: 15_000 });
  const offered = await settings.locator("[data-emoji]").evaluateAll((all) => all.map((each) => each.dataset.emoji));
  assert.ok(offered.length >= 4 && offered.includes(picture), "one picture among decoys");
  assert.ok(await settings.getByTestId("pair-confirm").isDisabled(), "nothing is chosen for anybody");
  await settings.locator(`[data-emoji="${offered.find((each) => each !== picture)}"] input`).check();
  assert.ok(await settings.getByTestId("pair-confirm").isDisabled(), "whoever confirms says what they hold");
  await settings.getByTestId("held").check();
  await settings.getByTestId("pair-confirm").click();
  await settings.getByRole("alert").waitFor({ timeout: 15_000 });
  await theirs.getByRole("alert").waitFor({ timeout: 30_000 });
  assert.equal((await thief.core({ type: "state" })).phase, "empty");
  assert.equal(await count(first), 1, "nobody was let in");
  for (const each of [thief, owner]) await each.close();
  await settings.close();
}

/** No page opens the place where devices are let in, and none is heard there. */
async function byAPage(world, first) {
  const page = await first.page(`${world.sites.origin("shop.test")}/`);
  const settings = `chrome-extension://${await first.id()}/settings.html#devices`;
  const heard = await page.evaluate(async (settings) => {
    const reached = await fetch(settings).then(() => true, () => false);
    return { reached, runtime: typeof globalThis.chrome?.runtime?.sendMessage };
  }, settings);
  assert.deepEqual(heard, { reached: false, runtime: "undefined" });
  assert.equal(await count(first), 1);
  await page.close();
}

async function showsCode(profile) {
  const settings = await profile.own("settings.html#devices");
  await settings.getByTestId("pair").click();
  const code = (await settings.getByTestId("pair-code").textContent({ timeout: 15_000 })).trim();
  return { settings, code };
}

async function joins(profile, code, server) {
  const welcome = await profile.own("welcome.html");
  await welcome.getByTestId("join-vault").click();
  for (const [field, value] of [["code", code], ["server", server], ["passphrase", PASSPHRASE], ["passphrase-again", PASSPHRASE]]) await welcome.getByTestId(field).fill(value);
  await welcome.getByTestId("submit").click();
  return welcome;
}

async function count(profile) {
  const { devices } = await profile.core({ type: "devices" });
  return devices.filter((device) => device.status.status === "active").length;
}
