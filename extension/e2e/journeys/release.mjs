// What ships: no hook of the tests, in the scripts or in the core, and a page script that every site can bear.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { releaseBuild, root } from "../support/world.mjs";

export const name = "a release holds no hook, and its page script is small";

/** Every page of the web parses it. */
const MOST_PAGE_BYTES = 8_000;

export async function run() {
  const files = readdirSync(releaseBuild, { recursive: true }).filter((each) => statSync(join(releaseBuild, each)).isFile());
  for (const needed of ["manifest.json", "background.js", "page.js", "relay.js", "forms.js", join("core", "roamkey_wasm_bg.wasm")]) {
    assert.ok(files.includes(needed), `${releaseBuild} is no build: it lacks ${needed}`);
  }
  const hooks = hookNames();
  for (const file of files) {
    assert.ok(!/gallery/.test(file), `${file} is for tests`);
    const content = readFileSync(join(releaseBuild, file), "latin1");
    for (const hook of hooks) assert.ok(!content.includes(hook), `${file} holds ${hook}`);
  }
  const { size } = statSync(join(releaseBuild, "page.js"));
  assert.ok(size < MOST_PAGE_BYTES, `page.js has ${size} bytes`);
}

/** The global of the tests, what it keeps, and every message that only a core for tests understands. */
function hookNames() {
  const requests = readFileSync(join(root, "extension/src/core/generated/Request.ts"), "utf8");
  const messages = [...requests.matchAll(/"type": "(test\w+)"/g)].map(([, name]) => name);
  assert.ok(messages.length >= 5, "the messages of the tests were found");
  return ["roamkeyTest", "test:consent", "test:verification", "galleryViews", ...messages];
}
