// What a person waits for, in a real browser: node bench/run.mjs --json
//
// `cold` is the time from the page's call to its answer with the worker dead; `own` the part between the worker's
// first line and the answer leaving it. Medians of several runs each.
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join as path } from "node:path";

import { PASSPHRASE } from "../e2e/support/steps.mjs";
import { makeWorld, releaseBuild } from "../e2e/support/world.mjs";

const COLD_RUNS = 15;
const WARM_RUNS = 200;
const LOADS = 200;
const UNLOCK_RUNS = 5;
const FIRST_SYNC_RUNS = 3;
/** Items that one message to the worker adds. */
const ADDED_AT_ONCE = 500;
const SIZES = (process.env.ROAMKEY_BENCH_SIZES ?? "100,1000,10000").split(",").map(Number);

const results = {};
const put = (name, value, unit = "ms") => {
  results[name] = { value: Math.round(value * 10) / 10, unit };
  console.error(`${name} ${results[name].value} ${unit}`);
};
const quantile = (values, part) => values.toSorted((a, b) => a - b)[Math.floor(values.length * part)];
const median = (values) => quantile(values, 0.5);

const world = await makeWorld();
try {
  await cold(world);
  await pageLoad(world);
  for (const size of SIZES) await firstSync(world, size);
  console.log(JSON.stringify(results));
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await world.close();
}

async function cold(world) {
  const profile = await world.profile("cold");
  await profile.hook("createVault");
  await profile.hook("consent", "accept");
  const page = await profile.page(`${world.sites.origin("shop.test")}/`);
  await page.evaluate(() => globalThis.site.register());
  const whole = [];
  const own = [];
  for (let run = 0; run < COLD_RUNS; run++) {
    await profile.killWorker();
    await page.waitForTimeout(300);
    await page.bringToFront();
    whole.push(
      await page.evaluate(async () => {
        const publicKey = { challenge: new Uint8Array(32), userVerification: "discouraged" };
        const started = performance.now();
        await navigator.credentials.get({ publicKey });
        return performance.now() - started;
      }),
    );
    const marks = new Map(await profile.hook("marks"));
    own.push(marks.get("completed") - marks.get("port"));
  }
  await warm(profile, page);
  put("extension.cold_assert_ms", median(whole));
  put("extension.cold_assert_own_ms", median(own));

  const unlock = [];
  for (let run = 0; run < UNLOCK_RUNS; run++) {
    await profile.core({ type: "lock" });
    const started = performance.now();
    await profile.hook("call", { type: "unlock", passphrase: "correct horse battery staple" });
    unlock.push(performance.now() - started);
  }
  put("unlock.wasm_ms", median(unlock));
  await profile.close();
}

/** What the worker takes for a sign-in when it is awake, from the frame's message to the answer. */
async function warm(profile, page) {
  const own = [];
  for (let run = 0; run < WARM_RUNS; run++) {
    await page.evaluate(() => navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32), userVerification: "discouraged" } }));
    const marks = new Map(await profile.hook("marks"));
    own.push(marks.get("completed") - marks.get("asked"));
  }
  put("extension.assert_own_ms.p50", median(own));
  put("extension.assert_own_ms.p95", quantile(own, 0.95));
}

/** What every page of the web bears: the page script's bytes, and the difference in loading a page with and without us. */
async function pageLoad(world) {
  put("extension.page_script_bytes", statSync(path(releaseBuild, "page.js")).size, "B");
  const empty = path(world.folder, "empty-extension");
  mkdirSync(empty, { recursive: true });
  writeFileSync(path(empty, "manifest.json"), JSON.stringify({ manifest_version: 3, name: "empty", version: "1" }));
  const url = `${world.sites.origin("shop.test")}/`;
  const pages = await Promise.all(
    [releaseBuild, empty].map(async (extension, at) => (await world.profile(`load-${at}`, { extension })).page(url)),
  );
  const times = [[], []];
  // In turn, so that whatever else the machine does strikes both.
  for (let load = 0; load < LOADS; load++) {
    for (const [at, page] of pages.entries()) {
      await page.goto(url);
      times[at].push(await page.evaluate(() => performance.getEntriesByType("navigation")[0].domComplete));
    }
  }
  put("extension.page_load_delta_ms", median(times[0]) - median(times[1]));
}

/** From joining an account of `size` items to all of them usable and on disk. */
async function firstSync(world, size) {
  const member = await world.profile(`member-${size}`);
  await member.core({ type: "create", server: world.server.url, passphrase: PASSPHRASE, deviceName: "member" });
  await fill(member, size);
  const times = [];
  for (let run = 0; run < FIRST_SYNC_RUNS; run++) {
    const newcomer = await world.profile(`newcomer-${size}-${run}`);
    await join(member, newcomer, world.server.url);
    const started = performance.now();
    for (;;) {
      await newcomer.hook("call", { type: "sync" });
      const { total } = await newcomer.hook("call", { type: "items", offset: 0, limit: 1 });
      if (total >= size) break;
    }
    times.push(performance.now() - started);
    await newcomer.close();
  }
  put(`sync.first.wasm_ms.${size}`, median(times));
  await member.close();
}

async function fill(profile, size) {
  for (let from = 0; from < size; from += ADDED_AT_ONCE) {
    const worker = await profile.worker();
    await worker.evaluate(addNotes, [from, Math.min(from + ADDED_AT_ONCE, size)]);
  }
  for (;;) {
    const { pending } = await profile.hook("call", { type: "sync" });
    if (pending === 0) return;
  }
}

/** Runs in the worker: a message for each of ten thousand notes would take longer than the notes. */
function addNotes([from, to]) {
  const numbers = Array.from({ length: to - from }, (_, at) => from + at);
  const add = (at) => globalThis.roamkeyTest.call({ type: "addNote", title: `Note ${at}`, text: `Text of note ${at}` });
  return Promise.all(numbers.map(add));
}

/** Pairs by messages alone: no window is timed here. */
async function join(member, newcomer, server) {
  const { code } = await member.hook("call", { type: "pairStart" });
  await newcomer.hook("call", { type: "joinStart", code, server, passphrase: PASSPHRASE, deviceName: "newcomer" });
  let confirmed = false;
  for (;;) {
    const admitting = await member.hook("call", { type: "pairPoll" });
    const joining = await newcomer.hook("call", { type: "joinPoll" });
    if (joining.stage === "done") return;
    if (joining.stage === "failed" || admitting.stage === "failed") throw new Error("the bench could not pair");
    if (admitting.stage === "confirm" && joining.stage === "confirm" && !confirmed) {
      confirmed = true;
      await member.hook("call", { type: "pairConfirm", emoji: joining.emoji.emoji });
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
