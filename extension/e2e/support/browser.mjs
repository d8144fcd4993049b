// A Chromium profile with the extension, driven by playwright-core.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

import { trust } from "./certificates.mjs";

export const CHROMIUM = process.env.ROAMKEY_CHROMIUM ?? "/usr/bin/chromium";
export const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-search-engine-choice-screen",
];

/** Opens a profile; `folder` keeps it, so that it can be opened again. `policy` is what whoever manages the browser decided. */
export async function openProfile({ folder, extension, ca, port, policy, headed = false, width = 1100, height = 820, scale = 1, locale = "en-US" }) {
  const fresh = !(await exists(join(folder, "home")));
  mkdirSync(join(folder, "home"), { recursive: true });
  if (fresh && ca) trust(join(folder, "home"), ca);
  const context = await chromium.launchPersistentContext(join(folder, "profile"), {
    executablePath: policy ? managed(folder, extension, policy) : CHROMIUM,
    headless: false,
    ignoreDefaultArgs: ["--disable-extensions", "--disable-component-extensions-with-background-pages"],
    args: [
      ...(headed ? [] : ["--headless=new"]),
      ...FLAGS,
      // A site's well-known documents are asked for where every site is.
      `--host-resolver-rules=${port === undefined ? "" : `MAP *.test:443 127.0.0.1:${port},MAP example.com:443 127.0.0.1:${port},`}MAP *.test 127.0.0.1`,
      `--window-size=${width},${height}`,
      `--lang=${locale}`,
      `--disable-extensions-except=${extension}`,
      `--load-extension=${extension}`,
    ],
    viewport: headed ? null : { width, height },
    ...(headed ? {} : { deviceScaleFactor: scale }),
    env: { ...process.env, HOME: join(folder, "home"), LANGUAGE: locale },
  });
  return new Profile(context);
}

/** A browser that finds a policy for the extension where the machine's would be, seen by no other. */
function managed(folder, extension, policy) {
  const policies = join(folder, "etc/policies/managed");
  mkdirSync(policies, { recursive: true });
  writeFileSync(join(policies, "policy.json"), JSON.stringify({ "3rdparty": { extensions: { [idOf(extension)]: policy } } }));
  const wrapper = join(folder, "managed-chromium");
  const unshare = process.getuid() === 0 ? "unshare --mount" : "unshare --map-root-user --mount";
  writeFileSync(wrapper, `#!/bin/sh\nexec ${unshare} sh -c 'mount --bind "$0" /etc/chromium && exec "$@"' '${join(folder, "etc")}' ${CHROMIUM} "$@"\n`, { mode: 0o755 });
  return wrapper;
}

/** An unpacked extension is named by its folder. */
function idOf(extension) {
  const digest = createHash("sha256").update(extension).digest("hex").slice(0, 32);
  return [...digest].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16))).join("");
}

async function exists(path) {
  const { stat } = await import("node:fs/promises");
  return stat(path).then(() => true, () => false);
}

export class Profile {
  constructor(context) {
    this.context = context;
  }

  /** The worker, woken if it sleeps. */
  async worker() {
    const running = this.context.serviceWorkers().find((each) => each.url().endsWith("/background.js"));
    if (running) return running;
    return this.context.waitForEvent("serviceworker", { timeout: 20_000 });
  }

  async id() {
    this.extensionId ??= new URL((await this.worker()).url()).host;
    return this.extensionId;
  }

  async page(url) {
    const page = await this.context.newPage();
    await page.goto(url);
    return page;
  }

  async own(path) {
    return this.page(`chrome-extension://${await this.id()}/${path}`);
  }

  /** Asks the core as the extension's own pages do; wakes the worker if need be. */
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

  /** The popup as it is over a page: a tab behind it, because a real popup is out of reach for Playwright. */
  async popup(over) {
    const popup = await this.own("popup.html");
    await over.bringToFront();
    await popup.reload();
    return popup;
  }

  /** What the core would ask a person whom a page of this address wants signed in. */
  async prompt(url) {
    const { origin, hostname } = new URL(url);
    const request = { type: "passkeyPrompt", kind: "get", caller: { origin, crossOrigin: false }, options: { challenge: "AAAAAAAAAAAAAAAAAAAAAA", rpId: hostname } };
    return (await this.hook("call", request)).prompt;
  }

  /** Runs `roamkeyTest.NAME(...)` in the worker of a test build. */
  async hook(name, ...args) {
    const worker = await this.worker();
    return worker.evaluate(([name, args]) => globalThis.roamkeyTest[name](...args), [name, args]);
  }

  /** The next consent window; ask for it before what makes it open. */
  consent(timeout = 20_000) {
    return this.context.waitForEvent("page", { predicate: (page) => page.url().includes("/consent.html"), timeout });
  }

  /** Kills the worker as the browser does when it is idle. */
  async killWorker() {
    const page = await this.context.newPage();
    const session = await this.context.browser()?.newBrowserCDPSession() ?? await this.context.newCDPSession(page);
    const { targetInfos } = await session.send("Target.getTargets");
    const target = targetInfos.find((each) => each.type === "service_worker" && each.url.endsWith("/background.js"));
    if (target) await session.send("Target.closeTarget", { targetId: target.targetId });
    await session.detach();
    await page.close();
    return target !== undefined;
  }

  urls() {
    return this.context.pages().map((page) => page.url());
  }

  close() {
    return this.context.close();
  }
}
