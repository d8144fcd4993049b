// Requests of sites, good and bad, on a vault without a server.
import assert from "node:assert/strict";
import { answer, ceremony, HOOK_PASSPHRASE, nativeAuthenticator } from "../support/steps.mjs";

export const name = "sites ask: accounts, exclude lists, frames, look-alikes, dying workers, other devices";

export async function run(world) {
  const profile = await world.profile("requests");
  await profile.hook("createVault");
  const page = await profile.page(`${world.sites.origin("shop.test")}/`);

  assert.equal(await ceremony(profile, page, "#register"), "Passkey created.");
  await looksNative(profile, page);
  await refusesTwice(profile, page);
  await twoAccounts(profile, page);
  await survivesWorker(profile, page);
  await verifiesThePerson(profile, page);
  await unlocksFirst(profile, page);
  await refusal(profile, page);
  await lookAlike(world, profile);
  await frames(world, profile);
  await aborts(profile, page);
  await otherDevice(world, profile);
}

/** What the site gets cannot be told from the browser's own. */
async function looksNative(profile, page) {
  const opened = profile.consent();
  const checked = page.evaluate(async () => {
    const publicKey = { challenge: new Uint8Array(32), rp: { name: "Shop" }, user: { id: new Uint8Array(8), name: "n", displayName: "d" }, pubKeyCredParams: [{ type: "public-key", alg: -7 }] };
    const credential = await navigator.credentials.create({ publicKey });
    const { response } = credential;
    return {
      kinds: [credential instanceof PublicKeyCredential, credential instanceof Credential, response instanceof AuthenticatorAttestationResponse, credential.rawId instanceof ArrayBuffer],
      own: [Object.keys(credential), Object.keys(response)],
      text: [String(credential), String(response)],
      algorithm: response.getPublicKeyAlgorithm(),
      publicKey: response.getPublicKey().byteLength,
      data: response.getAuthenticatorData().byteLength > 100,
      transports: response.getTransports(),
      json: credential.toJSON().id === credential.id,
      extensions: typeof credential.getClientExtensionResults(),
      length: [navigator.credentials.get.length, navigator.credentials.create.name],
      invalid: await navigator.credentials.get({ publicKey: {} }).catch((error) => error.name),
      globals: Object.getOwnPropertyNames(globalThis).filter((each) => /roamkey/i.test(each)),
    };
  });
  const consent = await opened;
  await answer(consent, "accept");
  const { text, transports, ...rest } = await checked;
  assert.deepEqual(text, ["[object PublicKeyCredential]", "[object AuthenticatorAttestationResponse]"]);
  assert.ok(transports.includes("internal"));
  assert.deepEqual(rest, {
    kinds: [true, true, true, true],
    own: [[], []],
    algorithm: -7,
    publicKey: 91,
    data: true,
    json: true,
    extensions: "object",
    length: [0, "create"],
    invalid: "TypeError",
    globals: [],
  });
}

/** A passkey on the site's exclude list is not made again. */
async function refusesTwice(profile, page) {
  assert.match(await ceremony(profile, page, "#register"), /^InvalidStateError/);
}

async function twoAccounts(profile, page) {
  await page.locator("#user").fill("office@example.com");
  assert.equal(await ceremony(profile, page, "#register"), "Passkey created.");
  const choose = (name) => ({ before: (consent) => consent.locator(".choice", { hasText: name }).click() });
  assert.equal(await ceremony(profile, page, "#sign-in", choose("office@")), "Welcome back, office@example.com.");
  assert.equal(await ceremony(profile, page, "#sign-in", choose("ada@")), "Welcome back, ada@example.com.");
}

async function survivesWorker(profile, page) {
  const before = async () => assert.ok(await profile.killWorker());
  assert.equal(await ceremony(profile, page, "#sign-in", { before: async (consent) => { await signInAs(consent, "ada@"); await before(); } }), "Welcome back, ada@example.com.");
}

const signInAs = (consent, name) => consent.locator(".choice", { hasText: name }).click();

/** A site that requires it gets the person verified, by the passphrase. */
async function verifiesThePerson(profile, page) {
  const opened = profile.consent();
  const result = page.evaluate(() => globalThis.site.signIn({ verification: "required" }));
  const consent = await opened;
  await signInAs(consent, "ada@");
  await consent.getByTestId("passphrase").fill("wrong");
  await answer(consent, "accept");
  await consent.getByRole("alert").waitFor();
  await consent.getByTestId("passphrase").fill(HOOK_PASSPHRASE);
  await answer(consent, "accept");
  const { userVerified, user } = await result;
  assert.deepEqual([userVerified, user], [true, "ada@example.com"]);
}

async function unlocksFirst(profile, page) {
  await profile.core({ type: "lock" });
  const opened = profile.consent();
  const result = page.evaluate(() => globalThis.site.signIn());
  const consent = await opened;
  await consent.getByTestId("passphrase").fill(HOOK_PASSPHRASE);
  await consent.getByTestId("unlock").click();
  await signInAs(consent, "ada@");
  await answer(consent, "accept");
  assert.equal((await result).userVerified, true, "unlocking for a request verifies the person");
}

/** A refusal is an answer, and a page cannot ask again by itself; the person can let it. */
async function refusal(profile, page) {
  assert.match(await ceremony(profile, page, "#sign-in", { press: "refuse" }), /^NotAllowedError/);
  const windows = [];
  const count = (window) => windows.push(window.url());
  profile.context.on("page", count);
  for (let storm = 0; storm < 3; storm++) assert.equal(await askUnasked(profile, page), "NotAllowedError");
  profile.context.off("page", count);
  assert.deepEqual(windows, [], "no window opened");

  const opened = profile.consent();
  await page.locator("#sign-in").click();
  const consent = await opened;
  await consent.close();
  await page.waitForFunction(() => /^NotAllowedError/.test(document.querySelector("#status").textContent));
}

/** Asks as a script does that nobody pressed a button for: Playwright's own `evaluate` counts as a press. */
async function askUnasked(profile, page) {
  const session = await profile.context.newCDPSession(page);
  const run = async (expression) => (await session.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true, userGesture: false })).result.value;
  while (await run("navigator.userActivation.isActive")) await new Promise((resolve) => setTimeout(resolve, 200));
  const name = await run("navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) } }).then(() => 'answered', (error) => error.name)");
  await session.detach();
  return name;
}

async function lookAlike(world, profile) {
  const page = await profile.page(`${world.sites.origin("evilshop.test")}/`);
  const name = await page.evaluate(() => navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32), rpId: "shop.test" } }).catch((error) => error.name));
  assert.equal(name, "SecurityError");
  await page.close();
}

async function frames(world, profile) {
  const inner = `${world.sites.origin("shop.test")}/`;
  const page = await profile.page(`${world.sites.origin("bank.test")}/frames?inner=${encodeURIComponent(inner)}`);
  const frame = async (id) => (await page.locator(`#${id}`).elementHandle()).contentFrame();
  const ask = (frame) => frame.evaluate(() => globalThis.site.signIn().then(({ user }) => user, (error) => error.name));
  await (await frame("denied")).waitForFunction(() => globalThis.site);
  assert.equal(await ask(await frame("denied")), "NotAllowedError");

  const allowed = await frame("allowed");
  await allowed.waitForFunction(() => globalThis.site);
  const opened = profile.consent();
  const asked = allowed.evaluate(async () => {
    const credential = await navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) } });
    return JSON.parse(new TextDecoder().decode(credential.response.clientDataJSON));
  });
  const consent = await opened;
  await consent.locator(".notice.warn").waitFor();
  await answer(consent, "accept");
  const { crossOrigin, topOrigin, origin } = await asked;
  assert.deepEqual([crossOrigin, topOrigin, origin], [true, world.sites.origin("bank.test"), world.sites.origin("shop.test")]);
  await page.close();
}

async function aborts(profile, page) {
  const opened = profile.consent();
  const asked = page.evaluate(() => {
    const controller = new AbortController();
    globalThis.stop = () => controller.abort("enough");
    return navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) }, signal: controller.signal }).catch(String);
  });
  const consent = await opened;
  const closed = consent.waitForEvent("close");
  await page.evaluate(() => globalThis.stop());
  assert.equal(await asked, "enough");
  await closed;
}

/** "Use another device" is the browser's own call: its virtual authenticator answers. */
async function otherDevice(world, profile) {
  const page = await profile.page(`${world.sites.origin("shop.test")}/`);
  const { credentials } = await nativeAuthenticator(profile, page);
  await page.locator("#user").fill("key@example.com");
  assert.equal(await ceremony(profile, page, "#register", { press: "other-device" }), "Passkey created.");
  assert.equal((await credentials()).length, 1);
  await page.close();
}
