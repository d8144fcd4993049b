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
const PAGE_RUNS = 7;
/** Items among which a person looks for one. */
const MANY = 10_000;
/** Each letter of these changes how many are found. */
const SEARCHES = ["4711", "9876", "1203", "5555", "3141"];
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
  await pages(world);
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

/** What a person waits for who looks for something among ten thousand. */
async function pages(world) {
  const profile = await world.profile("pages");
  await profile.hook("createVault");
  await profile.context.addInitScript(() => {
    // When something appeared, counted from the beginning of the navigation.
    const times = (globalThis.seenAt = {});
    const look = () => {
      for (const id of ["item", "popup-search"]) if (!(id in times) && document.querySelector(`[data-testid=${id}]`)) times[id] = performance.now();
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
  });
  await profile.hook("call", { type: "addNote", title: "A note", text: "" });
  const appears = async (path, id, cold) => {
    const times = [];
    for (let run = 0; run < PAGE_RUNS; run++) {
      if (cold) await profile.killWorker();
      const page = await profile.own(path);
      await page.getByTestId(id).first().waitFor();
      times.push(await page.evaluate((id) => globalThis.seenAt[id], id));
      await page.close();
    }
    return median(times);
  };
  put("ui.settings_cold_ms", await appears("settings.html", "item", true));

  const page = await profile.own("settings.html");
  put(`import.bitwarden_wasm_s.${MANY}`, (await page.evaluate(importLogins, bitwarden(MANY))) / 1000, "s");
  await page.close();
  put(`ui.popup_ms.${MANY}`, await appears("popup.html", "popup-search", false));
  put(`ui.popup_cold_ms.${MANY}`, await appears("popup.html", "popup-search", true));
  put(`ui.settings_cold_ms.${MANY}`, await appears("settings.html", "item", true));

  const settings = await profile.own("settings.html");
  await settings.getByTestId("item").first().waitFor();
  const times = await settings.evaluate(search, SEARCHES);
  put(`ui.search_ms.${MANY}`, median(times));
  put(`ui.search_ms.${MANY}.p95`, quantile(times, 0.95));
  await profile.close();
}

/** Runs in the page: from a key to the frame that shows what is found. */
async function search(words) {
  const input = document.querySelector("[data-testid=search]");
  const total = document.querySelector("[data-testid=total]");
  const type = (value) => {
    input.value = value;
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
  };
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(undefined);
  }));
  const changed = () => new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      observer.disconnect();
      resolve();
    });
    observer.observe(total, { childList: true, characterData: true, subtree: true });
  });
  const times = [];
  for (const word of words) {
    for (let end = 1; end <= word.length; end++) {
      const done = changed();
      const started = performance.now();
      type(word.slice(0, end));
      await done;
      await painted();
      times.push(performance.now() - started);
    }
    const cleared = changed();
    type("");
    await cleared;
  }
  return times;
}

/** Runs in the page: hands a file over in pieces, as the import page does, and imports it. */
async function importLogins(text) {
  const ask = async (request) => {
    const reply = await chrome.runtime.sendMessage({ to: "core", request });
    if (reply.error) throw new Error(reply.error.message);
    return reply.ok;
  };
  const started = performance.now();
  const step = 3 * 1024 * 1024;
  for (let offset = 0; offset < text.length; offset += step) {
    await ask({ type: "filePiece", offset, size: text.length, bytes: btoa(text.slice(offset, offset + step)) });
  }
  await ask({ type: "importOpen" });
  await ask({ type: "importRun" });
  return performance.now() - started;
}

function bitwarden(count) {
  const login = (at) => ({
    type: 1,
    id: String(at),
    name: `Site ${at}`,
    notes: "a remark",
    fields: [{ name: "PIN", value: "1234", type: 1 }],
    login: { uris: [{ match: null, uri: `https://site${at}.example/login` }], username: `ada${at}@mail.example`, password: `correct horse ${at}`, totp: null },
  });
  return JSON.stringify({ encrypted: false, folders: [], items: Array.from({ length: count }, (_, at) => login(at)) });
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
