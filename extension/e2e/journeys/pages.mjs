// The pages as a person meets them, in light and dark: axe finds nothing.
import assert from "node:assert/strict";
import { faultsOf } from "../support/axe.mjs";
import { ceremony, HOOK_PASSPHRASE } from "../support/steps.mjs";

export const name = "the real pages are accessible, light and dark";

const SECTIONS = { items: "item", moving: "export", devices: "device", sync: "sync-line", security: "change-passphrase", sites: "never-host", experiments: "no-experiments", about: undefined };

export async function run(world) {
  const profile = await world.profile("pages");
  const faults = [];
  const check = async (page, where) => {
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      faults.push(...(await faultsOf(page)).map((fault) => `${where} ${colorScheme}: ${fault}`));
    }
  };

  const welcome = await profile.own("welcome.html");
  await welcome.getByTestId("create-vault").waitFor();
  await check(welcome, "welcome");
  await welcome.getByTestId("create-vault").click();
  await check(welcome, "create");

  await profile.hook("createVault");
  const page = await profile.page(`${world.sites.origin("shop.test")}/`);
  const consent = (where) => ({ before: (window) => check(window, where) });
  assert.equal(await ceremony(profile, page, "#register", consent("consent to create")), "Passkey created.");
  assert.equal(await ceremony(profile, page, "#sign-in", consent("consent to sign in")), "Welcome back, ada@example.com.");

  for (const [section, shown] of Object.entries(SECTIONS)) {
    const settings = await profile.own(`settings.html#${section}`);
    await settings.getByTestId(`nav-${section}`).waitFor();
    if (shown !== undefined) await settings.getByTestId(shown).first().waitFor();
    await check(settings, section);
    if (section === "items") {
      await settings.getByTestId("item").click();
      await settings.getByTestId("item-close").waitFor();
      await check(settings, "an item");
    }
    await settings.close();
  }
  const popup = await profile.popup(page);
  await popup.getByTestId("site-item").waitFor();
  await check(popup, "popup");
  await popup.close();

  await profile.core({ type: "lock" });
  const unlock = await profile.own("unlock.html");
  await unlock.getByTestId("passphrase").fill(`not ${HOOK_PASSPHRASE}`);
  await unlock.getByTestId("unlock").click();
  await unlock.getByRole("alert").waitFor();
  await check(unlock, "unlock");
  assert.deepEqual(faults, []);
}
