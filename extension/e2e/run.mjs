// The journeys, each in a world of its own: node e2e/run.mjs [NAME...]
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { makeWorld } from "./support/world.mjs";

const folder = join(dirname(fileURLToPath(import.meta.url)), "journeys");
const wanted = process.argv.slice(2);
const files = readdirSync(folder).filter((file) => wanted.length === 0 || wanted.some((each) => file.startsWith(each)));

/** No journey takes half of this on a busy machine; one that waits for what never comes fails, and says what stood open. */
const LIMIT = 600_000;
const CLOSING = 60_000;

let failed = 0;
for (const file of files.sort()) {
  const journey = await import(join(folder, file));
  const started = performance.now();
  const world = await makeWorld({ server: journey.server ?? false });
  try {
    await within(LIMIT, journey.run(world), () => `not done after ${LIMIT / 1000} s, with these pages open: ${world.urls().join(", ")}`);
    console.log(`ok   ${journey.name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${journey.name}\n${error.stack}`);
  } finally {
    await within(CLOSING, world.close(), () => "its world does not close").catch((error) => {
      failed += 1;
      console.log(`FAIL ${journey.name}\n${error.stack}`);
    });
  }
}
// Not left to the event loop: what a failed journey still waits for would keep it running.
process.exit(failed === 0 && files.length > 0 ? 0 : 1);

/** What `work` comes to, or an error with these words when it takes longer. */
async function within(limit, work, words) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(words())), limit);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
