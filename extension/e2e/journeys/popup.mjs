// The popup: what state the vault is in, what is kept for this site, search, a generator, locking.
import assert from "node:assert/strict";
import { faultsOf } from "../support/axe.mjs";
import { ceremony, HOOK_PASSPHRASE } from "../support/steps.mjs";

export const name = "the popup shows what is kept for this site, finds the rest, makes up passwords, and locks";

export async function run(world) {
  const profile = await world.profile("popup");
  const page = await profile.page(`${world.sites.origin("shop.test")}/`);
  const empty = await profile.popup(page);
  await empty.getByTestId("start").waitFor();
  await empty.close();

  await profile.hook("createVault");
  assert.equal(await ceremony(profile, page, "#register"), "Passkey created.");
  const elsewhere = await profile.page(`${world.sites.origin("bank.test")}/`);
  const bank = await profile.popup(elsewhere);
  await bank.getByRole("heading", { name: "bank.test" }).waitFor();
  await bank.getByTestId("lock").waitFor();
  assert.equal(await bank.getByTestId("site-item").count(), 0, "another site's passkeys are not shown");
  await bank.close();

  const popup = await profile.popup(page);
  await popup.getByRole("heading", { name: "shop.test" }).waitFor();
  await popup.getByTestId("site-item").waitFor();
  assert.match(await popup.getByTestId("site-item").textContent(), /ada@example\.com/);
  await finds(profile, popup);
  await makesUp(popup);
  await popup.getByTestId("lock").click();
  await popup.getByTestId("unlock").waitFor();
  assert.equal((await profile.core({ type: "state" })).phase, "locked");
  await popup.close();

  const again = await profile.popup(page);
  const opened = profile.context.waitForEvent("page", { predicate: (each) => each.url().includes("/unlock.html") });
  await again.getByTestId("unlock").click();
  const unlock = await opened;
  await unlock.getByTestId("passphrase").fill(HOOK_PASSPHRASE);
  const closed = unlock.waitForEvent("close");
  await unlock.getByTestId("unlock").click();
  await closed;
  assert.equal((await profile.core({ type: "state" })).phase, "unlocked");
}

/** What is typed at once goes to the search: the popup puts the focus there. */
async function finds(profile, popup) {
  await profile.core({ type: "addLogin", title: "Crème", site: "https://elsewhere.example/in", userName: "ada", password: "a password of old", notes: "" });
  await popup.bringToFront();
  await popup.getByTestId("popup-search").focus();
  await popup.keyboard.type("creme");
  await popup.getByTestId("found-item").filter({ hasText: "Crème" }).waitFor();
  assert.deepEqual(await faultsOf(popup), []);
  await profile.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await popup.getByTestId("copy-password").click();
  await popup.getByText("Copied").waitFor({ state: "attached" });
  assert.equal(await popup.evaluate(() => navigator.clipboard.readText()), "a password of old");
  await popup.getByTestId("popup-search").fill("");
  await popup.getByTestId("site-item").waitFor();
}

async function makesUp(popup) {
  await popup.getByTestId("generator").click();
  await popup.waitForFunction(() => document.querySelector("[data-testid=made]").textContent.length === 20);
  const first = await popup.getByTestId("made").textContent();
  await popup.getByTestId("made-again").click();
  await popup.waitForFunction((before) => document.querySelector("[data-testid=made]").textContent !== before, first);
  assert.deepEqual(await faultsOf(popup), []);
  await popup.getByTestId("generator").click();
  await popup.getByTestId("site-item").waitFor();
}
