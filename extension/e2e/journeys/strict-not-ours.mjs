// Strict mode that is not the person's to have: another extension was first, or whoever manages the browser decides.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ceremony } from "../support/steps.mjs";
import { testBuild } from "../support/world.mjs";

export const name = "strict mode gives way to another extension, and does what a policy says";

export async function run(world) {
  await taken(world);
  await byPolicy(world);
}

/** One extension alone is asked by the browser. The other answers nothing here, so whoever gets an answer got it from us. */
async function taken(world) {
  const other = join(world.folder, "other-extension");
  mkdirSync(other);
  writeFileSync(join(other, "manifest.json"), JSON.stringify({ manifest_version: 3, name: "other", version: "1", permissions: ["webAuthenticationProxy"], background: { service_worker: "other.js" } }));
  writeFileSync(join(other, "other.js"), "chrome.webAuthenticationProxy.onGetRequest.addListener(() => undefined);");
  const profile = await world.profile("taken", { extension: `${testBuild},${other}` });
  await profile.hook("createVault");
  const theirs = profile.context.serviceWorkers().find((each) => each.url().endsWith("/other.js"));
  await theirs.evaluate(() => chrome.webAuthenticationProxy.attach());

  const settings = await profile.own("settings.html#security");
  await settings.getByTestId("strict").click();
  await settings.getByTestId("strict-taken").waitFor();
  const page = await profile.page(`${world.sites.origin("shop.test")}/`);
  assert.equal(await ceremony(profile, page, "#register"), "Passkey created.");
  assert.equal(await ceremony(profile, page, "#sign-in"), "Welcome back, ada@example.com.");

  await theirs.evaluate(() => chrome.webAuthenticationProxy.detach());
  await settings.bringToFront();
  await settings.reload();
  await settings.getByTestId("strict").waitFor();
  assert.equal(await settings.getByTestId("strict-taken").count(), 0);
  await profile.close();
}

async function byPolicy(world) {
  for (const strict of [true, false]) {
    const profile = await world.profile(`policy-${strict}`, { policy: { strict } });
    await profile.hook("createVault");
    const settings = await profile.own("settings.html#security");
    const control = settings.getByTestId("strict");
    await control.waitFor();
    assert.deepEqual([await control.isChecked(), await control.isDisabled()], [strict, true]);
    await profile.close();
  }
}
