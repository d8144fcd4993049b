// Every view, light and dark, wide and narrow, left to right and right to left: axe finds nothing, pictures are kept.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { root } from "../support/world.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const out = join(root, "target/e2e/gallery");

const WINDOW = [{ width: 440, height: 620 }];
const SETTINGS = [
  { width: 1100, height: 800 },
  { width: 400, height: 800 },
];
const sizesOf = (view) => (/^(consent|unlock|popup)/.test(view) ? WINDOW : SETTINGS);

export const name = "every page is accessible in every theme, direction and width";

export async function run(world) {
  mkdirSync(out, { recursive: true });
  const profile = await world.profile("gallery");
  const page = await profile.own("gallery.html");
  // Pictures of the rest, not of the motion.
  await page.emulateMedia({ reducedMotion: "reduce" });
  const views = await page.evaluate(() => globalThis.galleryViews);
  const faults = [];
  for (const view of views) {
    for (const size of sizesOf(view)) {
      for (const theme of ["light", "dark"]) {
        await page.setViewportSize(size);
        await page.goto(`chrome-extension://${await profile.id()}/gallery.html?view=${view}&theme=${theme}`);
        await page.waitForSelector("body > *");
            await page.screenshot({ path: join(out, `${view}-${size.width}-${theme}.png`) });
        faults.push(...(await check(page)).map((fault) => `${view} ${size.width} ${theme}: ${fault}`));
      }
    }
    await page.setViewportSize(sizesOf(view)[0]);
    await page.goto(`chrome-extension://${await profile.id()}/gallery.html?view=${view}&theme=light&dir=rtl`);
    await page.waitForSelector("body > *");
    await page.screenshot({ path: join(out, `${view}-rtl.png`) });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) faults.push(`${view} rtl: ${wide} px too wide`);
  }
  if (faults.length > 0) throw new Error(faults.join("\n"));
}

async function check(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.join(" ")} ${node.any[0]?.message ?? ""}`).join("; ")}`);
  return wide > 0 ? [...found, `${wide} px too wide`] : found;
}
