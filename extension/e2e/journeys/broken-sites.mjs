// Sites that broke other providers, in both browsers; and pages that go away while they wait.
import assert from "node:assert/strict";
import { BROKEN_SITES } from "../support/broken-sites.mjs";

export const name = "sites that break providers are served, in Chromium and in Firefox";

export async function run(world) {
  for (const profile of [await world.profile("chromium"), await world.firefox("firefox")]) {
    await profile.hook("createVault");
    await profile.hook("consent", "accept");
    const first = await profile.page(`${world.sites.origin("shop.test")}/`);
    await first.waitForFunction(() => globalThis.site);
    assert.ok((await first.evaluate(() => globalThis.site.register())).verified);
    await first.close();

    const outcomes = {};
    for (const [at, { html, headers, run }] of Object.entries(BROKEN_SITES)) {
      const page = await profile.page(html === undefined ? `${world.sites.origin("shop.test")}/` : world.sites.serve("shop.test", { html, headers }));
      outcomes[at] = await page.evaluate(run).catch((error) => String(error));
      await page.close();
    }
    assert.deepEqual(outcomes, Object.fromEntries(Object.keys(BROKEN_SITES).map((each) => [each, "ok"])), profile.constructor.name);
    await comesBack(world, profile);
  }
}

/** A page that the browser kept alive while another was shown asks as if it had never been away. */
async function comesBack(world, profile) {
  const page = await profile.page(`${world.sites.origin("shop.test")}/`);
  const ask = () => page.evaluate(() => globalThis.site.signIn().then(({ user }) => user, String));
  assert.equal(await ask(), "ada@example.com");
  await page.goto(`${world.sites.origin("bank.test")}/`);
  await page.goBack();
  await page.waitForFunction(() => globalThis.site);
  assert.equal(await ask(), "ada@example.com");
  await page.close();
}
