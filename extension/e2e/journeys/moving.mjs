// Moving in and out: a file is shown before it is imported, taken back as a whole; what goes out is read back.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { faultsOf } from "../support/axe.mjs";
import { HOOK_PASSPHRASE } from "../support/steps.mjs";

export const name = "a person moves in with a file, takes it back, and moves out again";

const FILE_PASSPHRASE = "velvet lantern orbit thicket";
const MANY = 2_000;

export async function run(world) {
  const profile = await world.profile("moving");
  await profile.hook("createVault");
  const page = await profile.own("settings.html#moving");
  await refuses(page);
  await movesIn(page);
  await changesTheirMind(profile, page);
  const file = await movesOut(page);
  await comesBack(world, file);
}

const file = (text, name = "export.csv") => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

function logins(count) {
  const line = (at) => `Site ${at},https://site${at}.example/in,ada${at},secret ${at},`;
  return `name,url,username,password,note\n${Array.from({ length: count }, (_, at) => line(at)).join("\n")}\n`;
}

/** A file that breaks off says where, in words. */
async function refuses(page) {
  await page.getByTestId("import-file").setInputFiles(file('name,url,username,password\nShop,https://shop.example,"ada,one\n'));
  await page.getByTestId("import-wrong").filter({ hasText: /^Line \d/ }).waitFor();
  assert.deepEqual(await faultsOf(page), []);
}

async function movesIn(page) {
  await page.getByTestId("import-file").setInputFiles(file(logins(MANY)));
  await page.getByTestId("import-preview").waitFor();
  await page.getByText("Chrome, Edge, Opera, Brave (CSV): 2,000 items").waitFor();
  await page.getByTestId("planned").first().waitFor();
  assert.deepEqual(await faultsOf(page), []);
  await page.getByTestId("planned").nth(1).getByRole("checkbox").uncheck();
  await page.getByTestId("import-run").focus();
  await page.keyboard.press("Enter");
  await page.getByTestId("import-done").filter({ hasText: "1,999 items were added." }).waitFor();
  assert.deepEqual(await faultsOf(page), []);
}

async function changesTheirMind(profile, page) {
  await page.getByTestId("import-undo").click();
  await page.getByText("The import was taken back.").waitFor();
  const trashed = async () => (await profile.core({ type: "items", filter: "trashed", offset: 0, limit: 0 })).total;
  assert.equal(await trashed(), MANY - 1);
  await page.getByTestId("import-again").click();
  await page.getByTestId("earlier-import").waitFor();
  await page.getByTestId("import-file").setInputFiles(file(logins(20)));
  await page.getByTestId("import-run").click();
  await page.getByTestId("import-done").filter({ hasText: "20 items were added." }).waitFor();
}

async function movesOut(page) {
  const typeIn = async (passphrase) => {
    await page.getByTestId("passphrase").fill(FILE_PASSPHRASE);
    await page.getByTestId("passphrase-again").fill(FILE_PASSPHRASE);
    await page.getByTestId("export-passphrase").fill(passphrase);
  };
  await typeIn("not the one");
  await page.getByTestId("export").click();
  await page.getByRole("alert").waitFor();
  await typeIn(HOOK_PASSPHRASE);
  const download = page.waitForEvent("download");
  await page.getByTestId("export").click();
  const path = await (await download).path();
  await page.getByTestId("export-verified").waitFor();
  assert.deepEqual(await faultsOf(page), []);
  const bytes = readFileSync(path);
  assert.ok(!bytes.includes("site7.example"), "nothing of it is in clear");
  return bytes;
}

/** What went out comes in elsewhere. */
async function comesBack(world, buffer) {
  const other = await world.profile("moving-other");
  await other.hook("createVault");
  const page = await other.own("settings.html#moving");
  await page.getByTestId("import-file").setInputFiles({ name: "anything", mimeType: "application/octet-stream", buffer });
  await page.getByTestId("import-passphrase").fill("not the one");
  await page.getByTestId("import-open").click();
  await page.getByTestId("import-wrong").waitFor();
  await page.getByTestId("import-passphrase").fill(FILE_PASSPHRASE);
  await page.getByTestId("import-open").click();
  await page.getByTestId("import-run").click();
  await page.getByTestId("import-done").filter({ hasText: "20 items were added." }).waitFor();
  const { password } = await other.core({ type: "reveal", id: (await other.core({ type: "items", query: "ada7", offset: 0, limit: 1 })).items[0].id });
  assert.equal(password, "secret 7");
}
