// Strict mode: the browser itself asks us, and everything that worked without it still does.
import assert from "node:assert/strict";
import { answer, ceremony, HOOK_PASSPHRASE, nativeAuthenticator } from "../support/steps.mjs";

export const name = "strict mode: the browser asks by itself, and everything else still works";

export async function run(world) {
  const profile = await world.profile("strict");
  await profile.hook("createVault");
  await switchOn(profile);
  const page = await profile.page(`${world.sites.origin("shop.test")}/`);

  assert.equal(await ceremony(profile, page, "#register"), "Passkey created.");
  await asTheBrowserMakesIt(profile, page);
  await survivesWorker(profile, page);
  await atField(profile, page);
  await frame(world, profile);
  await nothingUnasked(profile, page);
  await refusal(profile, page);
  await otherDevice(world, profile);
  await isStrict(profile, page);
  await forgetsRefused(profile, page);
}

async function switchOn(profile) {
  const settings = await profile.own("settings.html#security");
  await settings.getByTestId("strict").click();
  await settings.waitForFunction(async () => (await chrome.runtime.sendMessage({ to: "strict" })).ok.state === "on");
  await settings.close();
}

async function strictNow(profile) {
  const page = await profile.own("manifest.json");
  const { ok } = await page.evaluate(() => chrome.runtime.sendMessage({ to: "strict" }));
  await page.close();
  return ok;
}

/** Signs in, and says whether the credential is one of the browser's making: ours have a prototype more. */
async function signsIn(profile, page, before = async () => {}, prf = false) {
  const opened = profile.consent();
  await page.evaluate((prf) => {
    const extensions = prf ? { prf: { eval: { first: new Uint8Array(32) } } } : {};
    globalThis.done = undefined;
    void navigator.credentials.get({ publicKey: { challenge: crypto.getRandomValues(new Uint8Array(32)), extensions } }).then(
      (credential) => (globalThis.done = { strict: Object.getPrototypeOf(credential) === PublicKeyCredential.prototype, prf: credential.getClientExtensionResults().prf?.results.first.byteLength ?? 0 }),
      (error) => (globalThis.done = { error: error.name }),
    );
  }, prf);
  const consent = await opened;
  await consent.getByTestId("accept").waitFor();
  await before(consent);
  if (!consent.isClosed()) await answer(consent, "accept");
  return outcome(page);
}

async function outcome(page) {
  const done = await page.waitForFunction(() => globalThis.done);
  return done.jsonValue();
}

async function asTheBrowserMakesIt(profile, page) {
  const verify = (consent) => consent.getByTestId("passphrase").fill(HOOK_PASSPHRASE);
  assert.deepEqual(await signsIn(profile, page, verify, true), { strict: true, prf: 32 });
  assert.equal(await ceremony(profile, page, "#sign-in"), "Welcome back, ada@example.com.");
  assert.equal(await page.evaluate(() => PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable()), true);
}

async function isStrict(profile, page) {
  await page.bringToFront();
  assert.deepEqual(await signsIn(profile, page), { strict: true, prf: 0 });
}

/** The browser waits on, whatever becomes of the worker: the next one answers. */
async function survivesWorker(profile, page) {
  const before = async () => assert.ok(await profile.killWorker());
  assert.deepEqual(await signsIn(profile, page, before), { strict: true, prf: 0 });
}

async function refusal(profile, page) {
  assert.deepEqual(await signsIn(profile, page, (consent) => answer(consent, "refuse")), { error: "NotAllowedError" });
  assert.deepEqual(await signsIn(profile, page, (consent) => consent.close()), { error: "NotAllowedError" });
}

/** What may show nothing shows nothing, though the browser's proxy knows no difference. */
async function nothingUnasked(profile, page) {
  const windows = [];
  const count = (window) => windows.push(window.url());
  profile.context.on("page", count);
  const ended = await page.evaluate(async () => {
    const publicKey = { challenge: new Uint8Array(32), rp: { name: "Shop" }, user: { id: new Uint8Array(8), name: "n", displayName: "d" }, pubKeyCredParams: [{ type: "public-key", alg: -7 }] };
    const ended = (promise) => promise.then(() => "answered", (error) => error.name);
    const signal = () => AbortSignal.timeout(1_500);
    const silent = await ended(navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) }, mediation: "silent", signal: signal() }));
    const upgrade = await ended(navigator.credentials.create({ publicKey, mediation: "conditional", signal: signal() }));
    const elsewhere = await ended(navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32), rpId: "bank.test" } }));
    return [silent === "answered", upgrade === "answered", elsewhere];
  });
  profile.context.off("page", count);
  assert.deepEqual(ended, [false, false, "SecurityError"]);
  assert.deepEqual(windows.filter((url) => url.includes("consent")), []);
  assert.deepEqual(await strictNow(profile), { state: "on" });
}

/** Passkeys at fields come from the override, as the browser has none while it is asked. */
async function atField(profile, page) {
  assert.equal(await page.evaluate(() => PublicKeyCredential.isConditionalMediationAvailable()), true);
  await page.bringToFront();
  await page.evaluate(() => {
    globalThis.done = undefined;
    void globalThis.site.signIn({ mediation: "conditional" }).then(({ user }) => (globalThis.done = user), (error) => (globalThis.done = error.name));
  });
  const popup = await profile.popup(page);
  await popup.getByTestId("offer").waitFor();
  await popup.close();
  await page.bringToFront();
  const opened = profile.consent();
  await page.locator("#user").click();
  await answer(await opened, "accept");
  assert.equal(await outcome(page), "ada@example.com");
}

/** The browser does not say which page is outermost; the frame's own script did. */
async function frame(world, profile) {
  const inner = `${world.sites.origin("shop.test")}/`;
  const page = await profile.page(`${world.sites.origin("bank.test")}/frames?inner=${encodeURIComponent(inner)}`);
  const allowed = await (await page.locator("#allowed").elementHandle()).contentFrame();
  await allowed.waitForFunction(() => globalThis.site);
  const opened = profile.consent();
  await allowed.evaluate(() => {
    void navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) } }).then((credential) => (globalThis.done = JSON.parse(new TextDecoder().decode(credential.response.clientDataJSON))));
  });
  await answer(await opened, "accept");
  const { crossOrigin, topOrigin, origin } = await outcome(allowed);
  assert.deepEqual([crossOrigin, topOrigin, origin], [true, world.sites.origin("bank.test"), world.sites.origin("shop.test")]);
  await page.close();
}

/** The browser cannot be asked past its proxy: that is let go of, and taken back. */
async function otherDevice(world, profile) {
  const page = await profile.page(`${world.sites.origin("shop.test")}/?key`);
  await page.locator("#user").fill("key@example.com");
  let native;
  // Not before the question: a page with an authenticator of DevTools is not asked about by way of the proxy.
  const before = async () => (native = await nativeAuthenticator(profile, page));
  assert.equal(await ceremony(profile, page, "#register", { press: "other-device", before }), "Passkey created.");
  assert.equal((await native.credentials()).length, 1);
  await page.close();
}

/** What was let go of for a page that went away comes back with its end. */
async function forgetsRefused(profile, page) {
  await page.bringToFront();
  await page.evaluate(() => {
    globalThis.done = undefined;
    const publicKey = { challenge: new Uint8Array(32), allowCredentials: [{ type: "public-key", id: new Uint8Array(16) }] };
    void navigator.credentials.get({ publicKey }).catch(() => undefined);
  });
  await page.reload();
  await isStrict(profile, page);
}
