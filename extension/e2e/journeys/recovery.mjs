// Everything is lost: the kit that was made at sign-up brings it back in a fresh profile, and the lost browser goes; removed, it opens nothing.
import assert from "node:assert/strict";
import { createVault, ceremony, PASSPHRASE, synced } from "../support/steps.mjs";

export const name = "everything lost comes back by the recovery kit";
export const server = true;

export async function run(world) {
  const url = `${world.sites.origin("shop.test")}/`;
  const lost = await world.profile("lost");
  const welcome = await createVault(lost, world.server.url);
  const site = await lost.page(url);
  assert.equal(await ceremony(lost, site, "#register"), "Passkey created.");
  await synced(lost);

  // The kit, as a page and as a file, then tried from the file: first with a slip, then as it is.
  await welcome.bringToFront();
  await welcome.getByTestId("to-kit").click();
  await welcome.getByTestId("kit-make").click();
  await welcome.getByTestId("kit-sheet").waitFor({ timeout: 30_000 });
  const [download] = await Promise.all([welcome.waitForEvent("download"), welcome.getByTestId("kit-save").click()]);
  const file = await download.path();
  const lines = await welcome.getByTestId("kit-line").allTextContents();
  await welcome.getByTestId("kit-next").click();
  const groups = lines.join(" ").trim().split(/\s+/);
  const third = `${groups[2][0] === "7" ? "8" : "7"}${groups[2].slice(1)}`;
  await welcome.getByTestId("kit-text").fill(groups.with(2, third).join(" "));
  await welcome.getByTestId("kit-rehearse").click();
  await welcome.getByRole("alert").getByText("3").waitFor();
  await welcome.getByTestId("kit-file").setInputFiles(file);
  await welcome.getByTestId("kit-rehearse").click();
  await welcome.getByTestId("kit-done").waitFor({ timeout: 30_000 });
  assert.ok((await lost.core({ type: "waysBack" })).ways[0].rehearsed > 0);
  await synced(lost);

  const back = await world.profile("back");
  const page = await back.own("welcome.html");
  await page.getByTestId("recover-vault").click();
  await page.getByTestId("kit-text").fill(groups.join("\n").toLowerCase());
  await page.getByTestId("recover-start").click();
  await page.getByTestId("recover-survey").waitFor({ timeout: 30_000 });
  assert.equal(await page.getByTestId("recover-device").count(), 1);
  await page.getByTestId("passphrase").fill(PASSPHRASE);
  await page.getByTestId("passphrase-again").fill(PASSPHRASE);
  await page.getByTestId("recover-finish").click();
  await page.getByTestId("revoke-others").click({ timeout: 30_000 });
  await page.getByTestId("others-revoked").waitFor({ timeout: 30_000 });

  const other = await back.page(url);
  assert.equal(await ceremony(back, other, "#sign-in"), "Welcome back, ada@example.com.");
  await lost.core({ type: "sync" }).catch(() => undefined);
  assert.equal((await lost.core({ type: "state" })).phase, "revoked");
  const settings = await back.own("settings.html#security");
  await settings.getByTestId("kit-state").waitFor();
  const devices = await back.own("settings.html#devices");
  await devices.getByTestId("history-entry").getByText("came back by the recovery kit").waitFor();

  // Removed: no device has a way back, and the page opens nothing any more.
  await settings.bringToFront();
  await settings.getByTestId("kit-remove").click();
  await settings.getByTestId("kit-remove-confirm").click();
  await settings.getByTestId("no-way-back").waitFor({ timeout: 30_000 });
  await devices.bringToFront();
  await devices.getByTestId("no-way-back").waitFor({ timeout: 30_000 });
  const late = await (await world.profile("late")).own("welcome.html");
  await late.getByTestId("recover-vault").click();
  await late.getByTestId("kit-text").fill(groups.join(" "));
  await late.getByTestId("recover-start").click();
  await late.getByRole("alert").getByText("replaced or removed").waitFor({ timeout: 30_000 });
}
