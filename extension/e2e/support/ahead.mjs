// A Chromium that loads pages ahead, which Playwright does not let it do.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

import { CHROMIUM, FLAGS } from "./browser.mjs";
import { trust } from "./certificates.mjs";
import { testBuild } from "./world.mjs";

export async function openAhead(world) {
  const home = join(world.folder, "ahead-home");
  mkdirSync(home);
  trust(home, world.certificates.ca);
  const browser = await puppeteer.launch({
    executablePath: CHROMIUM,
    headless: true,
    pipe: true,
    userDataDir: join(world.folder, "ahead"),
    env: { ...process.env, HOME: home },
    ignoreDefaultArgs: ["--disable-extensions", "--disable-component-extensions-with-background-pages"],
    args: [...FLAGS, "--headless=new", "--host-resolver-rules=MAP *.test 127.0.0.1", `--disable-extensions-except=${testBuild}`, `--load-extension=${testBuild}`],
  });
  const target = await browser.waitForTarget((each) => each.type() === "service_worker" && each.url().endsWith("/background.js"));
  const worker = await target.worker();
  /** Waits until the worker finds that this is so. */
  const until = async (found, ...given) => {
    for (let tries = 0; tries < 200; tries++) {
      if (await worker.evaluate(found, ...given)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`it did not come to ${found}`);
  };
  await until(() => "roamkeyTest" in globalThis);
  return {
    hook: (name, ...args) => worker.evaluate((name, args) => globalThis.roamkeyTest[name](...args), name, args),
    async page(url) {
      const page = await browser.newPage();
      await page.goto(url);
      return page;
    },
    whenLoadedAhead: (url) =>
      until(async (url) => {
        const tabs = await chrome.tabs.query({});
        const frames = await Promise.all(tabs.map(({ id }) => chrome.webNavigation.getAllFrames({ tabId: id })));
        return frames.flat().some((each) => each?.documentLifecycle === "prerender" && each.url === url);
      }, url),
    close: () => browser.close(),
  };
}
