// The popup: what state the vault is in, this site's passkeys, locking.
import assert from "node:assert/strict";
import { ceremony, HOOK_PASSPHRASE } from "../support/steps.mjs";

export const name = "the popup shows this site's passkeys, and locks";

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
