// A server that starts accounts by invitation: the person is asked for it, and the vault is there.
import assert from "node:assert/strict";
import { PASSPHRASE, synced } from "../support/steps.mjs";

export const name = "a vault is created on a server that asks for an invitation";
export const server = { settings: ["--registration", "invitation"] };

export async function run(world) {
  const profile = await world.profile("first");
  const page = await profile.own("welcome.html");
  await page.getByTestId("create-vault").click();
  assert.equal(await page.getByTestId("invitation").count(), 0);
  await page.getByTestId("server").fill(world.server.url);
  await page.getByTestId("passphrase").fill(PASSPHRASE);
  await page.getByTestId("passphrase-again").fill(PASSPHRASE);
  await page.getByTestId("submit").click();

  await page.getByTestId("invitation").waitFor({ timeout: 30_000 });
  await page.getByRole("alert").waitFor();
  assert.equal((await profile.core({ type: "state" })).phase, "empty");
  await page.getByTestId("invitation").fill("not one at all");
  await page.getByTestId("submit").click();
  await page.getByRole("alert").waitFor();
  assert.equal((await profile.core({ type: "state" })).phase, "empty");

  await page.getByTestId("invitation").fill(`  ${world.server.invite()} `);
  await page.getByTestId("submit").click();
  await page.getByTestId("done").waitFor({ timeout: 30_000 });
  await synced(profile);
}
