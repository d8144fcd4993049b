// What a person waits for, in a real browser: node bench/run.mjs --json
//
// `cold` is the time from the page's call to its answer with the worker dead; `own` the part between the worker's
// first line and the answer leaving it. Medians of several runs each.
import { PASSPHRASE } from "../e2e/support/steps.mjs";
import { makeWorld } from "../e2e/support/world.mjs";

const COLD_RUNS = 15;
const UNLOCK_RUNS = 5;
const FIRST_SYNC_RUNS = 3;
/** Items that one message to the worker adds. */
const ADDED_AT_ONCE = 500;
const SIZES = (process.env.ROAMKEY_BENCH_SIZES ?? "100,1000,10000").split(",").map(Number);

const results = {};
const put = (name, value) => {
  results[name] = { value: Math.round(value * 10) / 10, unit: "ms" };
  console.error(`${name} ${results[name].value} ms`);
};
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const world = await makeWorld();
try {
  await cold(world);
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
