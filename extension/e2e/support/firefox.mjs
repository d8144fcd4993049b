// A Firefox profile with the extension, driven by puppeteer-core. Its pages answer to the few words of Playwright that the
// steps use, so that a person's way is written once for both browsers.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

import { NAMES } from "./site.mjs";

/** Firefox gives an extension a random host in each profile, unless it is told one. */
const UUID = "6b2f4d1e-8c3a-4e57-9a10-52d7c0e4b9f3";
const ID = "roamkey@roamkey.example";

const PREFERENCES = {
  "extensions.webextensions.uuids": JSON.stringify({ [ID]: UUID }),
  // Every name of the tests is this machine.
  "network.dns.localDomains": NAMES.join(","),
};

export async function openFirefox({ folder, extension, ca }) {
  mkdirSync(folder, { recursive: true });
  const store = `sql:${folder}`;
  if (!existsSync(join(folder, "cert9.db"))) {
    execFileSync("certutil", ["-N", "-d", store, "--empty-password"], { stdio: "pipe" });
    execFileSync("certutil", ["-A", "-d", store, "-n", "roamkey-test", "-t", "C,,", "-i", ca], { stdio: "pipe" });
  }
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: process.env.ROAMKEY_FIREFOX ?? "/usr/bin/firefox-esr",
    headless: true,
    userDataDir: folder,
    // Pages of an extension count as the browser's own.
    args: ["--remote-allow-system-access"],
    extraPrefsFirefox: PREFERENCES,
    timeout: 60_000,
  });
  await browser.installExtension(extension);
  return new FirefoxProfile(browser);
}

class FirefoxProfile {
  constructor(browser) {
    this.browser = browser;
  }

  async page(url) {
    const page = await this.browser.newPage();
    await page.goto(url);
    return new Page(page);
  }

  /** Of such a page Firefox tells an outsider neither that it was reached nor its address: it is asked for both. */
  async own(path) {
    const page = await this.browser.newPage();
    const url = `moz-extension://${UUID}/${path}`;
    page.goto(url, { timeout: 0 }).catch(() => undefined);
    if (!(await reaches(page, (there) => there === url, 20_000))) throw new Error(`${url} was not reached`);
    return new Page(page);
  }

  /** Asks the core as the extension's own pages do. */
  async core(request) {
    const page = await this.own("manifest.json");
    try {
      const reply = await page.evaluate((request) => chrome.runtime.sendMessage({ to: "core", request }), request);
      if (reply.error) throw Object.assign(new Error(`${request.type}: ${reply.error.code}: ${reply.error.message}`), reply.error);
      return reply.ok;
    } finally {
      await page.close();
    }
  }

  /** Runs `roamkeyTest.NAME(...)` in the event page of a test build. */
  async hook(name, ...args) {
    const page = await this.own("popup.html");
    try {
      return await page.evaluate(async (name, args) => (await browser.runtime.getBackgroundPage()).roamkeyTest[name](...args), name, args);
    } finally {
      await page.close();
    }
  }

  /** The next consent window; ask for it before what makes it open. */
  async consent(timeout = 20_000) {
    const target = await this.browser.waitForTarget(isConsent, { timeout });
    return new Page(await target.page());
  }

  urls() {
    return this.browser.targets().map((target) => target.url());
  }

  close() {
    return this.browser.close();
  }
}

/** Whether a window that has just opened comes to be one of consent. */
async function isConsent(target) {
  if (target.url().startsWith("http")) return false;
  const page = await target.page().catch(() => undefined);
  if (!page) return false;
  return reaches(page, (there) => there.includes("/consent.html"), 5_000);
}

/** Whether a page comes to show what is wanted, whole. The question itself fails while the page goes from one to the next. */
async function reaches(page, isWanted, timeout) {
  const end = performance.now() + timeout;
  while (performance.now() < end && !page.isClosed()) {
    const there = await page.evaluate(() => (document.readyState === "complete" ? location.href : "")).catch(() => "");
    if (isWanted(there)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

class Page {
  constructor(page) {
    this.page = page;
  }

  url() {
    return this.page.url();
  }

  /** As Playwright has it: one argument, or none. */
  evaluate(work, ...given) {
    return this.page.evaluate(work, ...given);
  }

  waitForFunction(work) {
    return this.page.waitForFunction(work);
  }

  async frame(selector) {
    const frame = await (await this.page.waitForSelector(selector)).contentFrame();
    await frame.waitForFunction(() => globalThis.site);
    return frame;
  }

  goto(url) {
    return this.page.goto(url);
  }

  goBack() {
    return this.page.goBack();
  }

  bringToFront() {
    return this.page.bringToFront();
  }

  isClosed() {
    return this.page.isClosed();
  }

  close() {
    return this.page.close();
  }

  locator(selector, { hasText = "" } = {}) {
    return new Locator(this.page, selector, hasText);
  }

  getByTestId(id) {
    return this.locator(`[data-testid="${id}"]`);
  }
}

class Locator {
  constructor(page, selector, hasText) {
    this.page = page;
    this.selector = hasText === "" ? selector : `::-p-xpath(//*[contains(concat(" ", @class, " "), " ${selector.slice(1)} ")][contains(., "${hasText}")])`;
  }

  first() {
    return this;
  }

  handle({ timeout = 20_000 } = {}) {
    return this.page.waitForSelector(this.selector, { visible: true, timeout });
  }

  async waitFor(options) {
    await this.handle(options);
  }

  async textContent(options) {
    return (await this.handle(options)).evaluate((element) => element.textContent);
  }

  async count() {
    return (await this.page.$$(this.selector)).length;
  }

  async fill(text) {
    const field = await this.handle();
    await field.evaluate((element) => element.select());
    await field.type(text);
  }

  /** Presses what can be pressed: a button may have to be seen for a moment first. */
  async click(options) {
    const element = await this.handle(options);
    await this.page.waitForFunction((element) => !element.disabled, options ?? {}, element);
    await element.click();
  }

  check(options) {
    return this.click(options);
  }
}
