// Passkeys offered at a field: nothing is shown until the person comes for it, and what they closed stays closed.
import assert from "node:assert/strict";
import { answer, ceremony, HOOK_PASSPHRASE, nativeAuthenticator } from "../support/steps.mjs";

export const name = "passkeys are offered at a field: chosen, put aside, called off, locked, beside the browser's own";

export async function run(world) {
  const profile = await world.profile("conditional");
  await profile.hook("createVault");
  const shop = await profile.page(`${world.sites.origin("shop.test")}/`);
  assert.equal(await ceremony(profile, shop, "#register"), "Passkey created.");
  await shop.locator("#user").fill("office@example.com");
  assert.equal(await ceremony(profile, shop, "#register"), "Passkey created.");

  await chosen(profile, shop);
  await calledOff(profile, shop);
  await afterTheWorker(profile, shop);
  await locked(profile, shop);
  await putAside(profile, shop);
  await nothingHere(world, profile);
  await elsewhere(world, profile);
  await browsersOwn(world, profile);
}

/** Starts an offer, and waits until it stands. */
async function offer(profile, page, badge) {
  await page.bringToFront();
  await start(page);
  await badgeIs(profile, page, badge);
}

const start = (page) =>
  page.evaluate(() => {
    const controller = new AbortController();
    const asked = globalThis.site.signIn({ mediation: "conditional", signal: controller.signal });
    const offer = { stop: () => controller.abort("enough"), outcome: undefined };
    globalThis.offer = offer;
    void asked.then(({ user }) => user, (error) => error.name ?? String(error)).then((outcome) => (offer.outcome = outcome));
  });

/** Waited for as for a page's element: a promise of the page's has no end to the waiting for it. */
async function outcome(page) {
  const ended = await page.waitForFunction(() => globalThis.offer.outcome);
  return ended.jsonValue();
}

async function badgeIs(profile, page, wanted) {
  const own = await profile.own("manifest.json");
  await page.bringToFront();
  await own.waitForFunction(async ([wanted, url]) => {
    const tab = (await chrome.tabs.query({})).find((each) => each.url === url);
    return (await chrome.action.getBadgeText({ tabId: tab.id })) === wanted;
  }, [wanted, page.url()]);
  await own.close();
}

/** No window opens while `work` runs. */
async function quietly(profile, work) {
  const windows = [];
  const count = (window) => windows.push(window.url());
  profile.context.on("page", count);
  await work();
  profile.context.off("page", count);
  assert.deepEqual(windows.filter((url) => url.includes("consent")), []);
}

async function atField(profile, page, act = (field) => field.click()) {
  const opened = profile.consent();
  await act(page.locator("#user"));
  return opened;
}

async function chosen(profile, page) {
  await quietly(profile, () => offer(profile, page, "2"));
  const consent = await atField(profile, page);
  await consent.locator(".choice", { hasText: "office@" }).click();
  await answer(consent, "accept");
  assert.equal(await outcome(page), "office@example.com");
  await badgeIs(profile, page, "");
}

async function calledOff(profile, page) {
  await offer(profile, page, "2");
  const consent = await atField(profile, page);
  const closed = consent.waitForEvent("close");
  await page.evaluate(() => globalThis.offer.stop());
  assert.equal(await outcome(page), "enough");
  await closed;
  await badgeIs(profile, page, "");
}

/** An offer stands for hours; the worker does not live as long. */
async function afterTheWorker(profile, page) {
  await offer(profile, page, "2");
  assert.ok(await profile.killWorker());
  const consent = await atField(profile, page);
  await consent.locator(".choice", { hasText: "ada@" }).click();
  await answer(consent, "accept");
  assert.equal(await outcome(page), "ada@example.com");
}

/** Nobody is asked to unlock for a press on a field; who wants it has the key that opens a field's list. */
async function locked(profile, page) {
  await profile.core({ type: "lock" });
  await offer(profile, page, "•");
  await quietly(profile, async () => {
    await page.locator("#user").click();
    await badgeIs(profile, page, "•");
  });
  const consent = await atField(profile, page, (field) => field.press("ArrowDown"));
  await consent.getByTestId("passphrase").fill(HOOK_PASSPHRASE);
  await consent.getByTestId("unlock").click();
  await consent.locator(".choice", { hasText: "ada@" }).click();
  await answer(consent, "accept");
  assert.equal(await outcome(page), "ada@example.com");
}

/** What the person closed opens by no press any more, and at the extension's button as ever. */
async function putAside(profile, page) {
  await offer(profile, page, "2");
  const consent = await atField(profile, page);
  await answer(consent, "refuse");
  await quietly(profile, async () => {
    await page.locator("#user").click();
    await page.locator("#user").press("ArrowDown");
    await page.evaluate(() => globalThis.offer.stop());
    assert.equal(await outcome(page), "enough", "closing the window was no answer to the site");
    await offer(profile, page, "2");
    await page.locator("#user").click();
    await badgeIs(profile, page, "2");
  });
  assert.ok(await profile.killWorker());
  const popup = await profile.popup(page);
  const opened = profile.consent();
  await answer(popup, "offer-open");
  const again = await opened;
  await again.locator(".choice", { hasText: "office@" }).click();
  await answer(again, "accept");
  assert.equal(await outcome(page), "office@example.com");
}

/** A site that this vault knows nothing of gets no offer, and no error. */
async function nothingHere(world, profile) {
  const page = await profile.page(`${world.sites.origin("bank.test")}/`);
  await quietly(profile, async () => {
    await offer(profile, page, "");
    await page.locator("#user").click();
    await page.evaluate(() => globalThis.offer.stop());
    assert.equal(await outcome(page), "enough");
  });
  await page.close();
}

/** The browser's own passkeys stay in reach: beside ours, and by "another device". */
async function elsewhere(world, profile) {
  const page = await profile.page(`${world.sites.origin("shop.test")}/?elsewhere`);
  await offer(profile, page, "2");
  const popup = await profile.popup(page);
  const opened = profile.consent();
  await answer(popup, "offer-open");
  const consent = await opened;
  await nativeAuthenticator(profile, page);
  await answer(consent, "other-device");
  assert.equal(await outcome(page), "NotAllowedError", "the browser's own dialogue answers: its key has nothing for this site");
  await page.close();
}

/** Who chooses the browser's passkey has answered, and ours is gone. */
async function browsersOwn(world, profile) {
  const page = await profile.page(`${world.sites.origin("shop.test")}/?browser`);
  await nativeAuthenticator(profile, page);
  await page.locator("#user").fill("key@example.com");
  assert.equal(await ceremony(profile, page, "#register", { press: "other-device" }), "Passkey created.");
  await start(page);
  assert.equal(await outcome(page), "key@example.com");
  await badgeIs(profile, page, "");
  await page.close();
}
