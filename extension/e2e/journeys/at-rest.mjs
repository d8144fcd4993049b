// A locked profile holds no secret in clear.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ceremony } from "../support/steps.mjs";

export const name = "nothing secret rests in clear";

export async function run(world) {
  const profile = await world.profile("at-rest");
  await profile.hook("createVault");
  const page = await profile.page(`${world.sites.origin("shop.test")}/`);
  assert.equal(await ceremony(profile, page, "#register"), "Passkey created.");
  const { secrets } = await profile.hook("canaries");
  assert.ok(secrets.length > 0);
  await profile.core({ type: "lock" });

  const own = await profile.own("manifest.json");
  const session = await own.evaluate(async () => JSON.stringify([await chrome.storage.session.get(null), await chrome.storage.local.get(null)]));
  await profile.close();
  const haystack = [Buffer.from(session), ...ours(join(world.folder, "at-rest")).map((path) => readFileSync(path))];
  assert.ok(haystack.length > 2, "the extension's storage was found");
  for (const secret of secrets) {
    const bytes = Buffer.from(secret, "hex");
    const shapes = [bytes, Buffer.from(secret), Buffer.from(bytes.toString("base64url")), Buffer.from(bytes.toString("base64"))];
    for (const shape of shapes) assert.ok(!haystack.some((each) => each.includes(shape)), "a secret rests in clear");
  }
}

/** What the extension wrote; the browser's own history names the sites that were visited, whoever keeps their keys. */
function ours(folder) {
  return files(folder).filter((path) => /chrome-extension_|Extension (Settings|State)|Extension Rules/.test(path));
}

function files(folder) {
  return readdirSync(folder, { recursive: true })
    .map((each) => join(folder, each))
    .filter((each) => statSync(each).isFile());
}
