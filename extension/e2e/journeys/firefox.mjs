// The same bundle in Firefox: a vault begins there, and goes on in Chromium, and the other way round.
import assert from "node:assert/strict";
import { ceremony, createVault, pair, synced } from "../support/steps.mjs";

export const name = "Firefox: create, sign in, roam to Chromium and back, frames";
export const server = true;

export async function run(world) {
  const url = `${world.sites.origin("shop.test")}/`;
  const firefox = await world.firefox("firefox");
  await createVault(firefox, world.server.url);
  const page = await firefox.page(url);
  assert.equal(await ceremony(firefox, page, "#register"), "Passkey created.");
  assert.equal(await ceremony(firefox, page, "#sign-in"), "Welcome back, ada@example.com.");
  await synced(firefox);

  const chromium = await world.profile("chromium");
  await pair(firefox, chromium, world.server.url, { name: "Chromium" });
  await synced(chromium);
  const other = await chromium.page(url);
  assert.equal(await ceremony(chromium, other, "#sign-in"), "Welcome back, ada@example.com.");
  await other.locator("#user").fill("grace@example.com");
  assert.equal(await ceremony(chromium, other, "#register"), "Passkey created.");
  await synced(chromium);
  await synced(firefox);
  await page.bringToFront();
  const choose = { before: (consent) => consent.locator(".choice", { hasText: "grace@" }).click() };
  assert.equal(await ceremony(firefox, page, "#sign-in", choose), "Welcome back, grace@example.com.");

  await atField(firefox, page);
  await frames(world, firefox);
}

/** Beside the browser's own offer, which Firefox ends when anything else asks. */
async function atField(profile, page) {
  await page.evaluate(() => {
    globalThis.offered = globalThis.site.signIn({ mediation: "conditional" }).then(({ user }) => user, String);
  });
  const opened = profile.consent();
  await page.locator("#user").click();
  const consent = await opened;
  await consent.locator(".choice", { hasText: "ada@" }).click();
  await consent.getByTestId("accept").click();
  assert.equal(await page.evaluate(() => globalThis.offered), "ada@example.com");
}

/** Firefox says nothing of a frame's policy but by how it refuses. */
async function frames(world, profile) {
  const inner = `${world.sites.origin("shop.test")}/`;
  const page = await profile.page(`${world.sites.origin("bank.test")}/frames?inner=${encodeURIComponent(inner)}`);
  const ask = (frame) => frame.evaluate(() => navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) } }).then(({ response }) => JSON.parse(new TextDecoder().decode(response.clientDataJSON)), (error) => error.name));
  assert.equal(await ask(await page.frame("#denied")), "NotAllowedError");
  const opened = profile.consent();
  const asked = ask(await page.frame("#allowed"));
  const consent = await opened;
  await consent.locator(".notice.warn").waitFor();
  await consent.getByTestId("accept").click();
  const { crossOrigin, topOrigin, origin } = await asked;
  assert.deepEqual([crossOrigin, topOrigin, origin], [true, world.sites.origin("bank.test"), world.sites.origin("shop.test")]);
}
