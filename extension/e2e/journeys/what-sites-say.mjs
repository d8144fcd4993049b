// What sites say beside their requests: which other sites may use their name, which passkeys they take, what they ask of the browser.
import assert from "node:assert/strict";
import { answer, ceremony, HOOK_PASSPHRASE } from "../support/steps.mjs";

export const name = "related origins, signals with undo, capabilities, immediate requests";

export async function run(world) {
  const profile = await world.profile("sites");
  const page = await profile.page(`${world.sites.origin("shop.test")}/`);
  const before = await capabilities(page);
  await profile.hook("createVault");
  await capable(page, before);
  await immediate(profile, page);
  assert.equal(await ceremony(profile, page, "#register"), "Passkey created.");
  await related(world, profile);
  await signals(profile, page, world.sites.site("shop.test"));
}

const capabilities = (page) =>
  page.evaluate(async () => ({
    ...(await PublicKeyCredential.getClientCapabilities()),
    platform: await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable(),
    conditional: await PublicKeyCredential.isConditionalMediationAvailable(),
    names: [PublicKeyCredential.getClientCapabilities.name, PublicKeyCredential.signalUnknownCredential.length],
  }));

/** With a vault the browser can do what either can; without one it speaks for itself. */
async function capable(page, before) {
  const now = await capabilities(page);
  assert.deepEqual(now.names, ["getClientCapabilities", 1]);
  assert.deepEqual([now.passkeyPlatformAuthenticator, now.platform, now.conditional, now.relatedOrigins], [true, true, true, true]);
  assert.equal(now.hybridTransport, before.hybridTransport, "what only the browser can is the browser's to say");
}

/** What is at hand, or nothing: no window for a site that this vault knows nothing of. */
async function immediate(profile, page) {
  const windows = [];
  const count = (window) => windows.push(window.url());
  profile.context.on("page", count);
  const outcome = await page.evaluate(() => navigator.credentials.get({ uiMode: "immediate", publicKey: { challenge: new Uint8Array(32) }, signal: AbortSignal.timeout(1_500) }).then(() => "answered", (error) => error.name));
  profile.context.off("page", count);
  assert.ok(["NotAllowedError", "TimeoutError", "NotSupportedError"].includes(outcome), outcome);
  assert.deepEqual(windows, []);
}

/** The shop lets the bank use its name, and nobody else. */
async function related(world, profile) {
  const shop = world.sites.site("shop.test");
  shop.documents["/.well-known/webauthn"] = { origins: [world.sites.origin("bank.test")] };
  const ask = (page) => page.evaluate(() => navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32), rpId: "shop.test" } }).then(({ response }) => JSON.parse(new TextDecoder().decode(response.clientDataJSON)).origin, (error) => error.name));
  const bank = await profile.page(`${world.sites.origin("bank.test")}/`);
  const opened = profile.consent();
  const asked = ask(bank);
  const consent = await opened;
  assert.equal(await consent.getByTestId("site").textContent(), "shop.test");
  await answer(consent, "accept");
  assert.equal(await asked, world.sites.origin("bank.test"), "the origin that signed in is the one that asked");
  await bank.close();

  const evil = await profile.page(`${world.sites.origin("evilshop.test")}/`);
  assert.equal(await ask(evil), "SecurityError");
  await evil.close();
}

/** What the site disowns is offered no more, and comes back by the person; while locked it is heard later. */
async function signals(profile, page, shop) {
  const [{ credentialId, userHandle }] = (await profile.hook("credentials")).credentials;
  const unknown = () => page.evaluate((credentialId) => PublicKeyCredential.signalUnknownCredential({ rpId: "shop.test", credentialId }), credentialId);
  assert.equal(await page.evaluate(() => PublicKeyCredential.signalUnknownCredential({ rpId: "bank.test", credentialId: "AQ" }).then(() => "heard", (error) => error.name)), "SecurityError");
  assert.equal(await page.evaluate(() => PublicKeyCredential.signalUnknownCredential({}).then(() => "heard", (error) => error.name)), "TypeError");

  await profile.core({ type: "lock" });
  await unknown();
  await profile.core({ type: "unlock", passphrase: HOOK_PASSPHRASE });
  assert.equal(await profile.prompt(page.url()), undefined, "nothing is offered");

  const settings = await profile.own("settings.html#items");
  await settings.getByTestId("item").first().click();
  await settings.getByTestId("item-hidden").waitFor();
  await settings.getByTestId("offer-again").click();
  await settings.getByTestId("item-hidden").waitFor({ state: "detached" });
  await endpoints(shop, settings);
  await settings.close();
  assert.equal((await profile.prompt(page.url())).accounts.length, 1);

  await page.evaluate((userId) => PublicKeyCredential.signalCurrentUserDetails({ rpId: "shop.test", userId, name: "countess@example.com", displayName: "Countess" }), userHandle);
  assert.equal((await profile.prompt(page.url())).accounts[0].userName, "countess@example.com");
  await wholeList(profile, page, userHandle, credentialId);
}

/** All that the site takes: what is not on the list is offered no more, and again once it is; of other accounts it says nothing. */
async function wholeList(profile, page, userId, credentialId) {
  const say = (userId, ...ids) =>
    page.evaluate(([userId, ids]) => PublicKeyCredential.signalAllAcceptedCredentials({ rpId: "shop.test", userId, allAcceptedCredentialIds: ids }), [userId, ids]);
  await say("c29tZWJvZHkgZWxzZQ");
  assert.equal((await profile.prompt(page.url())).accounts.length, 1);
  await say(userId);
  assert.equal(await profile.prompt(page.url()), undefined);
  await say(userId, credentialId);
  assert.equal((await profile.prompt(page.url())).accounts.length, 1);
}

/** Where passkeys are managed is asked when the person asks, and never before. */
async function endpoints(shop, settings) {
  const path = "/.well-known/passkey-endpoints";
  let asked = 0;
  Object.defineProperty(shop.documents, path, { get: () => ({ n: (asked += 1), manage: "https://shop.test/account/passkeys" }) });
  await settings.getByTestId("item").first().click();
  const ask = settings.getByTestId("endpoints");
  await ask.waitFor();
  assert.equal(asked, 0);
  await ask.click();
  assert.equal(await settings.getByTestId("manage").getAttribute("href"), "https://shop.test/account/passkeys");
  assert.equal(asked, 1);
}
