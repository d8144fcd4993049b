// The journeys, each in a world of its own: node e2e/run.mjs [NAME...]
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { makeWorld } from "./support/world.mjs";

const folder = join(dirname(fileURLToPath(import.meta.url)), "journeys");
const wanted = process.argv.slice(2);
const files = readdirSync(folder).filter((file) => wanted.length === 0 || wanted.some((each) => file.startsWith(each)));

let failed = 0;
for (const file of files.sort()) {
  const journey = await import(join(folder, file));
  const started = performance.now();
  const world = await makeWorld({ server: journey.server ?? false });
  try {
    await journey.run(world);
    console.log(`ok   ${journey.name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${journey.name}\n${error.stack}`);
  } finally {
    await world.close();
  }
}
process.exitCode = failed === 0 && files.length > 0 ? 0 : 1;
