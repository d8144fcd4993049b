// Filling in on one click: what is kept for a site goes into its own pages, and into nobody else's.
import assert from "node:assert/strict";
import * as forms from "../support/forms.mjs";
import { faultsOf } from "../support/axe.mjs";

export const name = "a login is filled in on one click, on its own site alone";

const PASSWORD = "a password of the shop";

export async function run(world) {
  const profile = await world.profile("fill");
  await profile.hook("createVault");
  const { sites } = world;
  const at = (site, page) => sites.serve(site, page);
  const id = await add(profile, sites.origin("shop.test"));

  const plain = await profile.page(at("www.shop.test", forms.signIn("/page/0")));
  await fill(profile, plain);
  assert.deepEqual(await valuesIn(plain), ["ada@example.com", PASSWORD]);
  assert.ok(typeof (await profile.core({ type: "item", id })).summary.lastUsed === "number", "it counts as used");

  await scripted(profile, at);
  await steps(profile, at);
  await codes(profile, at, id);
  await shadowed(profile, at);
  await frames(profile, at);
  await elsewhere(profile, at, id);
  await onlyToTheChosen(profile, at, id);
  await changing(profile, sites);
  await reused(profile);
}

async function add(profile, site) {
  return (await profile.core({ type: "addLogin", title: "Corner Shop", site, userName: "ada@example.com", password: PASSWORD, notes: "" })).id;
}

/** Opens the popup over a page and presses what fills in; the popup closes once it is done. */
async function fill(profile, page) {
  const popup = await profile.popup(page);
  const button = popup.getByTestId("fill");
  await button.waitFor();
  assert.deepEqual(await faultsOf(popup), []);
  const closed = popup.waitForEvent("close");
  await button.click().catch((error) => {
    if (!popup.isClosed()) throw error;
  });
  await closed;
}

const valuesIn = (page) => page.evaluate(() => ["#user", "#password"].map((field) => document.querySelector(field)?.value));

/** A page that has put its own setter in place still sees what a person would have typed. */
async function scripted(profile, at) {
  const page = await profile.page(at("shop.test", forms.scripted()));
  await fill(profile, page);
  await page.bringToFront();
  await page.locator("#go").click();
  const heard = JSON.parse(await page.locator("#heard").textContent());
  assert.deepEqual(heard, { "user input": "ada@example.com", "user change": "ada@example.com", "password input": PASSWORD, "password change": PASSWORD });
}

async function steps(profile, at) {
  const second = at("shop.test", forms.secondStep("/page/0"));
  const page = await profile.page(at("shop.test", forms.firstStep(second)));
  await fill(profile, page);
  assert.deepEqual(await valuesIn(page), ["ada@example.com", undefined]);
  await page.goto(second);
  await fill(profile, page);
  assert.deepEqual(await valuesIn(page), [undefined, PASSWORD]);
}

async function codes(profile, at, id) {
  await profile.core({ type: "editLogin", id, codes: "gezd gnbv gy3t qojq gezd gnbv gy3t qojq" });
  const page = await profile.page(at("shop.test", forms.code()));
  await fill(profile, page);
  assert.match(await page.locator("#code").inputValue(), /^\d{6}$/);
}

async function shadowed(profile, at) {
  const page = await profile.page(at("shop.test", forms.shadow()));
  await fill(profile, page);
  assert.equal(await page.locator("#password").inputValue(), PASSWORD);
}

/** A frame within its own site is filled; one of this site within another's page never is, nor another's within this one. */
async function frames(profile, at) {
  const inner = at("shop.test", forms.signIn("/page/0"));
  const own = await profile.page(at("www.shop.test", forms.framing(inner)));
  await fill(profile, own);
  assert.equal(await own.frameLocator("iframe").locator("#password").inputValue(), PASSWORD);

  for (const [around, within] of [["bank.test", "shop.test"], ["shop.test", "bank.test"]]) {
    const page = await profile.page(at(around, forms.framing(at(within, forms.signIn("/page/0")))));
    await page.frameLocator("iframe").locator("#password").waitFor();
    const view = await ask(profile, { action: "view", tab: await tabOf(profile, page) });
    assert.deepEqual(view, { ok: { login: false, fresh: false, code: false } }, `${within} in ${around}`);
  }
}

/** Whatever a popup asks for, the core has the last word. */
async function elsewhere(profile, at, id) {
  const page = await profile.page(at("evilshop.test", forms.signIn("/page/0")));
  const tab = await tabOf(profile, page);
  const refused = await ask(profile, { action: "login", tab, id });
  assert.equal(refused.error?.code, "otherSite");
  assert.deepEqual(await valuesIn(page), ["", ""]);
}

/** The page that the popup saw is gone: another one of the same site gets nothing for the same click. */
async function onlyToTheChosen(profile, at, id) {
  const page = await profile.page(at("shop.test", forms.signIn("/page/0")));
  const tab = await tabOf(profile, page);
  assert.equal((await ask(profile, { action: "view", tab })).ok.login, true);
  await page.goto(at("shop.test", forms.signIn("/page/1")));
  assert.deepEqual((await ask(profile, { action: "login", tab, id })).ok, []);
  assert.deepEqual(await valuesIn(page), ["", ""]);
}

/** Where a password is changed is asked of its site when the person asks, and taken only from one that says it. */
async function changing(profile, sites) {
  let asked = 0;
  Object.defineProperty(sites.site("shop.test").documents, "/.well-known/change-password", { get: () => ({ n: (asked += 1) }) });
  const settings = await profile.own("settings.html#items");
  await settings.getByTestId("item").filter({ hasText: "Corner Shop" }).click();
  const ask = settings.getByTestId("endpoints");
  await ask.waitFor();
  assert.equal(asked, 0);
  await ask.click();
  assert.equal(await settings.getByTestId("manage").getAttribute("href"), "https://shop.test/.well-known/change-password");
  assert.equal(asked, 1);
}

/** A password that serves at two sites is found when the person looks, and is not shown. */
async function reused(profile) {
  await profile.core({ type: "addLogin", title: "Bank", site: "https://bank.test", userName: "ada", password: PASSWORD, notes: "" });
  const settings = await profile.own("settings.html#security");
  await settings.getByTestId("reused-look").click();
  await settings.getByTestId("reused-total").waitFor();
  assert.deepEqual((await settings.getByTestId("reused-login").allTextContents()).map((text) => /Bank|Corner Shop/.exec(text)?.[0]), ["Bank", "Corner Shop"]);
  assert.ok(!(await settings.content()).includes(PASSWORD));
  assert.deepEqual(await faultsOf(settings), []);
}

async function ask(profile, message) {
  const page = await profile.own("manifest.json");
  const reply = await page.evaluate((message) => chrome.runtime.sendMessage({ to: "fill", ...message }), message);
  await page.close();
  return reply;
}

async function tabOf(profile, page) {
  const worker = await profile.worker();
  const url = page.url();
  return worker.evaluate(async (url) => (await chrome.tabs.query({})).find((tab) => tab.url === url)?.id, url);
}
