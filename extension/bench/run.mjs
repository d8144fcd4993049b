// What a person waits for, in a real browser: node bench/run.mjs --json
//
// `cold` is the time from the page's call to its answer with the worker dead; `own` the part between the worker's
// first line and the answer leaving it. Medians; the first sync is timed once a size.
import { PASSPHRASE } from "../e2e/support/steps.mjs";
import { makeWorld } from "../e2e/support/world.mjs";

const COLD_RUNS = 15;
const UNLOCK_RUNS = 5;
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
  const newcomer = await world.profile(`newcomer-${size}`);
  await join(member, newcomer, world.server.url);
  const started = performance.now();
  for (;;) {
    await newcomer.hook("call", { type: "sync" });
    const { total } = await newcomer.hook("call", { type: "items", offset: 0, limit: 1 });
    if (total >= size) break;
  }
  put(`sync.first.wasm_ms.${size}`, performance.now() - started);
  await newcomer.close();
  await member.close();
}

async function fill(profile, size) {
  for (let at = 0; at < size; at++) await profile.hook("call", { type: "addNote", title: `Note ${at}`, text: `Text of note ${at}` });
  for (;;) {
    const { pending } = await profile.hook("call", { type: "sync" });
    if (pending === 0) return;
  }
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
