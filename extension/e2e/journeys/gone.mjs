// Pages that go away, and one that is not there yet: closed in the middle of a question, left and closed at rest, loaded ahead.
import assert from "node:assert/strict";
import { openAhead } from "../support/ahead.mjs";
import { answer, ceremony } from "../support/steps.mjs";

export const name = "a page that is gone leaves nothing behind, and one that is loaded ahead asks nothing yet";

export async function run(world) {
  const profile = await world.profile("gone");
  await profile.hook("createVault");
  const page = await profile.page(`${world.sites.origin("shop.test")}/`);
  assert.equal(await ceremony(profile, page, "#register"), "Passkey created.");
  await closedWhileAsked(world, profile);
  await goneAtRest(world, profile);
  await loadedAhead(world);
}

/** The window of a question closes with the page that asked. */
async function closedWhileAsked(world, profile) {
  const page = await profile.page(`${world.sites.origin("shop.test")}/?asked`);
  const opened = profile.consent();
  await page.locator("#sign-in").click();
  const consent = await opened;
  const closed = consent.waitForEvent("close");
  await page.close();
  await closed;
  await remains(profile, /^request:/, []);
}

/** An offer rests without a worker, and nobody says when its document goes; the next look finds that out. Of a tab the browser says so. */
async function goneAtRest(world, profile) {
  const page = await profile.page(`${world.sites.origin("shop.test")}/?rests`);
  await page.evaluate(() => void globalThis.site.signIn({ mediation: "conditional" }));
  const popup = await profile.popup(page);
  await popup.getByTestId("offer").waitFor();
  await popup.close();
  const opened = profile.consent();
  await page.locator("#user").click();
  await answer(await opened, "refuse");
  await remains(profile, /^dismissed:/, ["dismissed"]);
  assert.ok(await profile.killWorker());
  await page.goto("about:blank");
  await remains(profile, /^(request|dismissed):/, ["dismissed", "request"]);

  const own = await profile.own("manifest.json");
  await own.evaluate(() => chrome.alarms.create("tick", { when: Date.now() }));
  await remains(profile, /^(request|dismissed):/, ["dismissed"]);
  await own.close();

  assert.ok(await profile.killWorker());
  await page.close();
  await remains(profile, /^(request|dismissed):/, []);
}

/** Waits until what the extension remembers of pages is what is wanted. */
async function remains(profile, pattern, wanted) {
  const own = await profile.own("manifest.json");
  await own.waitForFunction(async ([source, wanted]) => {
    const names = Object.keys(await chrome.storage.session.get(null)).filter((each) => new RegExp(source).test(each));
    return JSON.stringify(names.map((each) => each.split(":")[0]).sort()) === JSON.stringify(wanted);
  }, [pattern.source, wanted]);
  await own.close();
}

/** The browser makes such a page wait, and so do we: its question comes when the person does. */
async function loadedAhead(world) {
  const ahead = await openAhead(world);
  try {
    await ahead.hook("createVault");
    await ahead.hook("consent", "accept");
    const shop = await ahead.page(`${world.sites.origin("shop.test")}/`);
    await shop.evaluate(() => globalThis.site.register());
    await shop.close();

    const ask = (mediation) => `navigator.credentials.get({ mediation: "${mediation}", publicKey: { challenge: new Uint8Array(32) } })`;
    const asks = world.sites.serve("shop.test", {
      html: `<title>ahead</title><input autocomplete="username webauthn"><script>
        globalThis.log = [document.prerendering];
        ${ask("optional")}.then(({ id }) => log.push(document.prerendering, typeof id), (error) => log.push(error.name));
      </script>`,
    });
    const { pathname } = new URL(asks);
    const start = world.sites.serve("shop.test", { html: `<script type="speculationrules">{ "prerender": [{ "urls": ["${pathname}"], "eagerness": "immediate" }] }</script><a href="${pathname}">go</a>` });
    const page = await ahead.page(start);
    await ahead.whenLoadedAhead(asks);
    await page.click("a");
    await page.waitForFunction(() => globalThis.log?.length > 1);
    assert.deepEqual(await page.evaluate(() => globalThis.log), [true, false, "string"]);
  } finally {
    await ahead.close();
  }
}
