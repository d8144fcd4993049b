// The whole journey for a person to watch: two browsers, one vault, a real site.
//
//   node demo/run.mjs [--headed]
//
// ROAMKEY_BIN_DIR, ROAMKEY_EXT and ROAMKEY_CHROMIUM say what to run, ROAMKEY_DEMO_OUT where the pictures go.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { ceremony, createVault, pair, PASSPHRASE, removeOtherDevice } from "../e2e/support/steps.mjs";
import { makeWorld, root } from "../e2e/support/world.mjs";

const headed = process.argv.includes("--headed");
const out = resolve(process.env.ROAMKEY_DEMO_OUT ?? join(root, "target/demo"));
mkdirSync(out, { recursive: true });

let shots = 0;
async function shoot(page, name) {
  shots += 1;
  await page.waitForTimeout(250);
  await page.screenshot({ path: join(out, `${String(shots).padStart(2, "0")}-${name}.png`) });
}

const began = performance.now();
async function step(text, task) {
  const started = performance.now();
  const result = await task();
  const took = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${text} (${took} s)`);
  return result;
}

function expect(actual, wanted) {
  if (actual !== wanted) throw new Error(`expected “${wanted}”, got “${actual}”`);
}

/** A small window's picture, in the size that it has on a screen: without `size`, a consent window's. */
const small = async (window, name, size = { width: 440, height: 620 }) => {
  if (!headed) await window.setViewportSize(size);
  // A question takes no answer in its first half second.
  await window.waitForFunction(() => document.querySelector("[data-testid=accept]:disabled") === null);
  await shoot(window, name);
};

let world;
try {
  world = await step("start the sync server and the site", () => makeWorld({ headed }));
  const shop = `${world.sites.origin("shop.test")}/`;
  const laptop = await step("open the first browser with the extension", () => world.profile("laptop", { headed }));

  await step("create a vault", async () => shoot(await createVault(laptop, world.server.url), "vault-created"));
  const page = await laptop.page(shop);
  await step("create a passkey at the shop", async () => {
    expect(await ceremony(laptop, page, "#register", { before: (consent) => small(consent, "create-passkey") }), "Passkey created.");
    await shoot(page, "passkey-created");
  });
  await step("sign in with it", async () => {
    expect(await ceremony(laptop, page, "#sign-in", { before: (consent) => small(consent, "sign-in") }), "Welcome back, ada@example.com.");
    await shoot(page, "signed-in");
  });

  const phone = await step("open a second browser", () => world.profile("phone", { headed }));
  await step("pair it: code, picture, confirmation", () => pair(laptop, phone, world.server.url, { name: "Second browser", shoot }));
  const other = await phone.page(shop);
  await step("sign in there with the same passkey", async () => {
    await phone.core({ type: "sync" });
    expect(await ceremony(phone, other, "#sign-in", { before: (consent) => small(consent, "sign-in-second") }), "Welcome back, ada@example.com.");
    await shoot(other, "signed-in-second");
  });

  await step("remove the first browser; the vault is re-keyed", async () => {
    const settings = await removeOtherDevice(phone, { shoot });
    await shoot(settings, "removed");
  });
  await step("see that the first browser is out", async () => {
    await laptop.core({ type: "sync" }).catch(() => undefined);
    expect((await laptop.core({ type: "state" })).phase, "revoked");
    await small(await laptop.own("popup.html"), "first-is-out", { width: 376, height: 330 });
  });
  await step("go on in the second: another passkey, and sign in", async () => {
    await other.locator("#user").fill("grace@example.com");
    expect(await ceremony(phone, other, "#register"), "Passkey created.");
    const choose = (consent) => consent.locator(".choice", { hasText: "grace@" }).click();
    expect(await ceremony(phone, other, "#sign-in", { before: choose }), "Welcome back, grace@example.com.");
    await shoot(await phone.own("settings.html"), "settings");
  });
  console.log(`done; ${shots} pictures in ${out}`);

  if (headed) await stay(shop);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await world?.close();
}

async function stay(shop) {
  console.log(`
The windows stay open. Try:
  - ${shop} in the second browser: create a passkey, sign in, "Use another device"
  - the extension's icon: this site's passkeys, Lock
  - its settings: Devices, Sync, Security
  - the passphrase is: ${PASSPHRASE}
Press Ctrl+C to end.`);
  await new Promise((resolve) => process.once("SIGINT", resolve));
}
