// Every view, light and dark, wide and narrow, left to right and right to left: axe finds nothing, pictures are kept. With all that
// folds open, no view is wider than a popup or a small phone, beside a scroll bar as well.
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
/** A popup's own size, which is the highest that browsers allow, and the narrowest that is in use. */
const NARROW = [
  { width: 360, height: 600 },
  { width: 320, height: 600 },
];
const sizesOf = (view) => (/^(consent|unlock|popup|save)/.test(view) ? WINDOW : SETTINGS);

export const name = "every view is accessible in every theme, direction and width";

export async function run(world) {
  mkdirSync(out, { recursive: true });
  const profile = await world.profile("gallery");
  const page = await profile.own("gallery.html");
  // Pictures of the rest, not of the motion.
  await page.emulateMedia({ reducedMotion: "reduce" });
  const appear = (theme, dir) =>
    page.evaluate(([theme, dir]) => Object.assign(document.documentElement, { dir }).setAttribute("data-theme", theme), [theme, dir]);

  const faults = [];
  // The page counts as loaded before its script is through.
  const views = await page.waitForFunction(() => globalThis.galleryViews);
  for (const view of await views.jsonValue()) {
    const note = (where, found) => faults.push(...found.map((fault) => `${view} ${where}: ${fault}`));
    await page.goto(`chrome-extension://${await profile.id()}/gallery.html?view=${view}`);
    await page.waitForSelector("body > *");
    for (const size of sizesOf(view)) {
      await page.setViewportSize(size);
      for (const theme of ["light", "dark"]) {
        await appear(theme, "ltr");
        await page.screenshot({ path: join(out, `${view}-${size.width}-${theme}.png`) });
        note(`${size.width} ${theme}`, await faultsOf(page));
      }
    }
    await page.setViewportSize(sizesOf(view)[0]);
    await appear("light", "rtl");
    await page.screenshot({ path: join(out, `${view}-rtl.png`) });
    note("rtl", await tooWide(page));
    await page.evaluate(() => document.querySelectorAll("details").forEach((each) => (each.open = true)));
    for (const size of NARROW) {
      await page.setViewportSize(size);
      for (const dir of ["ltr", "rtl"]) {
        await appear("light", dir);
        note(`${size.width} unfolded ${dir}`, await tooWide(page));
      }
    }
  }
  if (faults.length > 0) throw new Error(faults.join("\n"));
}
