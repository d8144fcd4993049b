// Keeping what is typed: asked in a window of ours once a site has taken it; never for what a script pretends.
import assert from "node:assert/strict";
import * as forms from "../support/forms.mjs";
import { faultsOf } from "../support/axe.mjs";
import { HOOK_PASSPHRASE } from "../support/steps.mjs";

export const name = "what is typed into a site's forms is kept when the person wants it";

export async function run(world) {
  const profile = await world.profile("save");
  await profile.hook("createVault");
  const at = (site, page) => world.sites.serve(site, page);
  const welcome = at("shop.test", forms.welcome());
  const signIn = at("shop.test", forms.signIn(welcome));

  await savesNew(profile, signIn);
  await asksNothingOfTheKnown(profile, signIn, welcome);
  await waitsForAnotherTry(profile, at, welcome);
  await updates(profile, at, welcome);
  await signsUp(profile, at, welcome);
  await stepByStep(profile, at, welcome);
  await byScript(profile, at);
  await lockedMeanwhile(profile, signIn, welcome);
  await outlivesTheWorker(profile, at);
  await never(profile, at);
  await pretends(profile, at, welcome);
}

/** The next window that asks; to be asked for before what makes it open. */
const asked = (profile) => profile.context.waitForEvent("page", { predicate: (page) => page.url().includes("/save.html"), timeout: 20_000 });
const windows = (profile) => profile.context.pages().filter((page) => page.url().includes("/save.html"));

async function type(page, fields) {
  await page.bringToFront();
  for (const [id, text] of Object.entries(fields)) {
    await page.locator(`#${id}`).click();
    await page.keyboard.type(text);
  }
  await page.locator("#go").click();
}

async function answer(window, button) {
  const closed = window.waitForEvent("close");
  await window.getByTestId(button).click().catch((error) => {
    if (!window.isClosed()) throw error;
  });
  await closed;
}

async function logins(profile) {
  const { items } = await profile.core({ type: "items", kinds: ["login"], offset: 0, limit: 50 });
  const all = await Promise.all(items.map(async ({ id, account, site }) => ({ account, site, password: (await profile.core({ type: "reveal", id })).password })));
  return Object.fromEntries(all.map(({ account, site, password }) => [`${account ?? ""} ${new URL(site.includes("://") ? site : `https://${site}`).hostname}`, password]));
}

async function savesNew(profile, signIn) {
  const page = await profile.page(signIn);
  const opened = asked(profile);
  await type(page, { user: "ada@example.com", password: "the first one" });
  const window = await opened;
  assert.equal(await window.getByTestId("site").textContent(), "shop.test");
  assert.equal(await window.getByTestId("save-user").inputValue(), "ada@example.com");
  assert.ok(!(await window.getByTestId("save-password").textContent()).includes("first"), "nobody reads it by the way");
  await window.getByTestId("save-show").click();
  assert.equal(await window.getByTestId("save-password").textContent(), "the first one");
  assert.deepEqual(await faultsOf(window), []);
  await answer(window, "save");
  assert.deepEqual(await logins(profile), { "ada@example.com shop.test": "the first one" });
  await page.close();
}

/** What is typed to an end is weighed before anything else is asked: a later question shows that there was none. */
async function asksNothingOfTheKnown(profile, signIn, welcome) {
  const page = await profile.page(signIn);
  await type(page, { user: "ada@example.com", password: "the first one" });
  await page.waitForURL((url) => url.href.startsWith(welcome));
  await settled(profile, page);
  assert.equal(windows(profile).length, 0);
  await page.close();
}

/** A site that leads back to its form took nothing. */
async function waitsForAnotherTry(profile, at, welcome) {
  const url = at("shop.test", forms.signIn(welcome));
  const wrong = at("shop.test", forms.signIn(url));
  const page = await profile.page(wrong);
  await type(page, { user: "ada@example.com", password: "a wrong one" });
  await page.waitForURL((each) => each.href.startsWith(url));
  await held(profile, page);
  assert.equal(windows(profile).length, 0);
  const opened = asked(profile);
  await type(page, { user: "ada@example.com", password: "the second one" });
  const window = await opened;
  await window.getByTestId("save-login").waitFor();
  assert.equal(windows(profile).length, 1);
  await answer(window, "save");
  assert.deepEqual(await logins(profile), { "ada@example.com shop.test": "the second one" });
  await page.close();
}

async function updates(profile, at, welcome) {
  await profile.core({ type: "addLogin", title: "Other", site: "shop.test", userName: "bob", password: "bob's own", notes: "" });
  const page = await profile.page(at("shop.test", forms.change(welcome)));
  const opened = asked(profile);
  await type(page, { old: "bob's own", password: "bob's new one", again: "bob's new one" });
  const window = await opened;
  await window.getByTestId("save-login").first().waitFor();
  assert.equal(await window.getByTestId("save-login").count(), 1, "who knows the old one means its login");
  assert.deepEqual(await faultsOf(window), []);
  await answer(window, "save");
  assert.deepEqual(await logins(profile), { "ada@example.com shop.test": "the second one", "bob shop.test": "bob's new one" });
  await page.close();
}

/** A password that is made up is filled in twice, follows the site's rules, and is not lost before it is kept. */
async function signsUp(profile, at, welcome) {
  const page = await profile.page(at("bank.test", forms.signUp(welcome)));
  const popup = await profile.popup(page);
  await popup.getByTestId("generator").click();
  await popup.getByTestId("made-fill").waitFor();
  const closed = popup.waitForEvent("close");
  await popup.getByTestId("made-fill").click().catch((error) => {
    if (!popup.isClosed()) throw error;
  });
  await closed;
  const made = await page.locator("#password").inputValue();
  assert.ok(made.length >= 20 && made.length <= 30, made);
  assert.equal(await page.locator("#again").inputValue(), made);
  const lately = async () => (await profile.core({ type: "generatedLately" })).passwords.map(({ password, site }) => [password, site]);
  assert.deepEqual(await lately(), [[made, "bank.test"]]);
  const opened = asked(profile);
  await type(page, { user: "ada@bank.example" });
  await answer(await opened, "save");
  assert.equal((await logins(profile))["ada@bank.example bank.test"], made);
  assert.deepEqual(await lately(), [], "a login has it");
  await page.close();
}

async function stepByStep(profile, at, welcome) {
  const page = await profile.page(at("www.shop.test", forms.firstStep(at("www.shop.test", forms.secondStep(welcome)))));
  await type(page, { user: "eve@example.com" });
  await page.locator("#password").waitFor();
  const opened = asked(profile);
  await type(page, { password: "step by step" });
  const window = await opened;
  assert.equal(await window.getByTestId("save-user").inputValue(), "eve@example.com");
  await answer(window, "save");
  await page.close();
}

/** Without going anywhere: the form is gone, so it was taken. */
async function byScript(profile, at) {
  const page = await profile.page(at("evilshop.test", forms.scripted()));
  const opened = asked(profile);
  await type(page, { user: "mal", password: "by a script" });
  const window = await opened;
  assert.equal(await window.getByTestId("site").textContent(), "evilshop.test");
  await answer(window, "not-now");
  await page.reload();
  await type(page, { user: "mal", password: "once more" });
  await marked(profile, page);
  assert.equal(windows(profile).length, 0, "after no comes no other window");
  await page.close();
}

/** While locked nothing opens; at the button it waits. */
async function lockedMeanwhile(profile, signIn, welcome) {
  await profile.core({ type: "lock" });
  const page = await profile.page(signIn);
  await type(page, { user: "late@example.com", password: "while locked" });
  await page.waitForURL((url) => url.href.startsWith(welcome));
  const tab = await marked(profile, page);
  assert.equal(windows(profile).length, 0);
  const worker = await profile.worker();
  const stored = JSON.stringify(await worker.evaluate(async () => [await chrome.storage.session.get(null), await chrome.storage.local.get(null)]));
  assert.ok(stored.includes(`typed:${tab}`) && !stored.includes("while locked") && !stored.includes("late@"), "it rests sealed");
  const locked = await profile.popup(page);
  await locked.getByText("What you typed at shop.test").waitFor();
  await locked.close();
  await profile.core({ type: "unlock", passphrase: HOOK_PASSPHRASE });
  const popup = await profile.popup(page);
  const opened = asked(profile);
  await popup.getByTestId("pending-save").click();
  await answer(await opened, "save");
  assert.equal((await logins(profile))["late@example.com shop.test"], "while locked");
  await page.close();
}

async function outlivesTheWorker(profile, at) {
  const page = await profile.page(at("www.shop.test", forms.scripted()));
  const opened = asked(profile);
  await type(page, { user: "phoenix", password: "from the ashes" });
  const window = await opened;
  await window.getByTestId("save").waitFor();
  await profile.killWorker();
  await answer(window, "save");
  assert.equal((await logins(profile))["phoenix www.shop.test"], "from the ashes");
  await page.close();
}

async function never(profile, at) {
  const page = await profile.page(at("bank.test", forms.scripted()));
  const opened = asked(profile);
  await type(page, { user: "nobody", password: "not to be kept" });
  await answer(await opened, "never");
  await page.reload();
  await type(page, { user: "nobody", password: "not to be kept either" });
  const tab = await settled(profile, page);
  assert.equal(await pending(profile, tab), undefined);
  const settings = await profile.own("settings.html#sites");
  await settings.getByTestId("unsaved-site").filter({ hasText: "bank.test" }).waitFor();
  await settings.getByTestId("unsaved-allow").click();
  await settings.getByTestId("unsaved-site").waitFor({ state: "detached" });
  await settings.close();
  await page.close();
}

/** Nobody typed it: neither is it kept, nor does anything open, however often it is sent. */
async function pretends(profile, at, welcome) {
  const page = await profile.page(at("shop.test", forms.insistent(welcome)));
  await page.bringToFront();
  for (let times = 0; times < 3; times++) await page.locator("#press").click();
  await page.frameLocator("iframe").locator("#welcome").waitFor();
  const tab = await settled(profile, page);
  assert.equal(await pending(profile, tab), undefined);
  assert.equal(windows(profile).length, 0);
}

/** The worker is through with what was typed, and shows at its button that it waits; returns the page's tab. */
async function marked(profile, page) {
  const worker = await profile.worker();
  return worker.evaluate(async (url) => {
    const { id } = (await chrome.tabs.query({})).find((each) => each.url === url);
    for (let tries = 0; tries < 1000; tries++) {
      if ((await chrome.action.getBadgeText({ tabId: id })) === "+") return id;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error("nothing waits at the button");
  }, page.url());
}

/** The worker holds what was typed in the tab, and is through with it. */
async function held(profile, page) {
  const tab = await settled(profile, page);
  const worker = await profile.worker();
  await worker.evaluate(async (name) => {
    for (let tries = 0; tries < 1000 && !(name in (await chrome.storage.session.get(name))); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
  }, `typed:${tab}`);
  await settled(profile, page);
}

/** Once the worker has answered this, it has heard what the page said before; returns the page's tab. */
async function settled(profile, page) {
  const worker = await profile.worker();
  const url = page.url();
  const tab = await worker.evaluate(async (url) => (await chrome.tabs.query({})).find((each) => each.url === url).id, url);
  await send(profile, { to: "fill", action: "view", tab });
  return tab;
}

const pending = async (profile, tab) => (await send(profile, { to: "save", action: "pending", tab })).ok;

async function send(profile, message) {
  const page = await profile.own("manifest.json");
  const reply = await page.evaluate((message) => chrome.runtime.sendMessage(message), message);
  await page.close();
  return reply;
}
