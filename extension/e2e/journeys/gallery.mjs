// Every view, light and dark, wide and narrow, left to right and right to left: axe finds nothing, pictures are kept.
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { faultsOf, tooWide } from "../support/axe.mjs";
import { root } from "../support/world.mjs";

const out = join(root, "target/e2e/gallery");

const WINDOW = [{ width: 440, height: 620 }];
const SETTINGS = [
  { width: 1100, height: 800 },
  { width: 400, height: 800 },
];
const sizesOf = (view) => (/^(consent|unlock|popup)/.test(view) ? WINDOW : SETTINGS);

export const name = "every view is accessible in every theme, direction and width";

export async function run(world) {
  mkdirSync(out, { recursive: true });
  const profile = await world.profile("gallery");
  const page = await profile.own("gallery.html");
  // Pictures of the rest, not of the motion.
  await page.emulateMedia({ reducedMotion: "reduce" });
  const open = async (view, size, theme, direction) => {
    await page.setViewportSize(size);
    await page.goto(`chrome-extension://${await profile.id()}/gallery.html?view=${view}&theme=${theme}&dir=${direction}`);
    await page.waitForSelector("body > *");
  };

  const faults = [];
  for (const view of await page.evaluate(() => globalThis.galleryViews)) {
    for (const size of sizesOf(view)) {
      for (const theme of ["light", "dark"]) {
        await open(view, size, theme, "ltr");
        await page.screenshot({ path: join(out, `${view}-${size.width}-${theme}.png`) });
        faults.push(...(await faultsOf(page)).map((fault) => `${view} ${size.width} ${theme}: ${fault}`));
      }
    }
    await open(view, sizesOf(view)[0], "light", "rtl");
    await page.screenshot({ path: join(out, `${view}-rtl.png`) });
    faults.push(...(await tooWide(page)).map((fault) => `${view} rtl: ${fault}`));
  }
  if (faults.length > 0) throw new Error(faults.join("\n"));
}
