// Beside others: without a vault the browser answers, a hardware key is never taken over, a site can be left alone for good.
import assert from "node:assert/strict";
import { answer, ceremony, nativeAuthenticator } from "../support/steps.mjs";

export const name = "the browser's own passkeys and keys stay usable, and a site can be left alone";

export async function run(world) {
  const profile = await world.profile("coexistence");
  const page = await profile.page(`${world.sites.origin("shop.test")}/`);
  const native = await nativeAuthenticator(profile, page);
  await signedOut(profile, page, native);

  await profile.hook("createVault");
  await hardwareKey(profile, page, native);
  await neverHere(profile, page, native);
  await why(profile);
  await otherManagers(world, profile);
}

/** Presses a site's button with nobody there but the browser's own authenticator. */
async function withoutUs(profile, page, button) {
  const windows = [];
  const count = (window) => windows.push(window.url());
  profile.context.on("page", count);
  await page.locator(button).click();
  await page.waitForFunction(() => !/moment/.test(document.querySelector("#status").textContent));
  profile.context.off("page", count);
  assert.deepEqual(windows, []);
  return page.locator("#status").textContent();
}

async function signedOut(profile, page, native) {
  assert.equal(await withoutUs(profile, page, "#register"), "Passkey created.");
  assert.equal(await withoutUs(profile, page, "#sign-in"), "Welcome back, ada@example.com.");
  assert.equal((await native.credentials()).length, 1);
}

/** The site knows a passkey on a key that we do not have: signing in with it is the browser's, whatever is in the vault. */
async function hardwareKey(profile, page, native) {
  assert.equal(await withoutUs(profile, page, "#sign-in"), "Welcome back, ada@example.com.");
  const windows = [];
  const count = (window) => windows.push(window.url());
  profile.context.on("page", count);
  const made = await page.evaluate(async () => {
    const publicKey = { challenge: new Uint8Array(32), rp: { name: "Shop" }, user: { id: new Uint8Array(8), name: "key", displayName: "Key" }, pubKeyCredParams: [{ type: "public-key", alg: -7 }], authenticatorSelection: { authenticatorAttachment: "cross-platform" } };
    const { authenticatorAttachment } = await navigator.credentials.create({ publicKey });
    return authenticatorAttachment;
  });
  profile.context.off("page", count);
  assert.deepEqual([made, windows], ["cross-platform", []]);
  assert.equal((await native.credentials()).length, 2);
}

async function neverHere(profile, page, native) {
  await page.locator("#user").fill("grace@example.com");
  assert.equal(await ceremony(profile, page, "#register", { press: "never" }), "Passkey created.");
  assert.equal((await native.credentials()).length, 3, "the browser made it");
  await page.locator("#user").fill("joan@example.com");
  assert.equal(await withoutUs(profile, page, "#register"), "Passkey created.");

  const settings = await profile.own("settings.html#sites");
  await settings.getByTestId("never-site").filter({ hasText: "shop.test" }).getByTestId("never-allow").click();
  await settings.getByTestId("never-site").waitFor({ state: "detached" });
  await settings.close();
  await page.locator("#user").fill("ours@example.com");
  assert.equal(await ceremony(profile, page, "#register"), "Passkey created.");
  assert.equal((await profile.hook("credentials")).credentials.length, 1);
}

/** What was asked, and what came of it, is there to be read. */
async function why(profile) {
  const settings = await profile.own("settings.html#security");
  await settings.getByTestId("prompt").first().waitFor();
  const said = await settings.getByTestId("prompt").allTextContents();
  await settings.close();
  assert.equal(said.length, 2);
  assert.match(said[0], /shop\.test.* asked you to create a passkey.*you agreed/s);
  assert.match(said[1], /you said not on this site/);
}

/** Another provider that came first, or that lets nobody come after. */
async function otherManagers(world, profile) {
  const page = await profile.context.newPage();
  await page.addInitScript(() => {
    const get = CredentialsContainer.prototype.get;
    Object.defineProperty(CredentialsContainer.prototype, "get", { configurable: false, writable: false, value: function (options) { globalThis.theirs = (globalThis.theirs ?? 0) + 1; return get.call(this, options); } });
    Object.defineProperty(Navigator.prototype, "credentials", { get: Object.getOwnPropertyDescriptor(Navigator.prototype, "credentials").get, set() { throw new TypeError("ours"); }, configurable: false });
  });
  await page.goto(`${world.sites.origin("shop.test")}/`);
  const opened = profile.consent(3_000).catch(() => undefined);
  const asked = page.evaluate(() => navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) }, signal: AbortSignal.timeout(4_000) }).then(() => "answered", (error) => error.name));
  const consent = await opened;
  if (consent) await answer(consent, "accept");
  const outcome = await asked;
  assert.equal(consent ? "answered" : "TimeoutError", outcome, "either of the two answers, and neither breaks the other");
  await page.close();
}
