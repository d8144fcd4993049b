// What a person waits for, in a real browser: node bench/run.mjs --json
//
// `cold` is the time from the page's call to its answer with the worker dead; `own` the part between the worker's
// first line and the answer leaving it. Medians; the first sync is timed once a size.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { PASSPHRASE } from "../e2e/support/steps.mjs";
import { binaries, makeWorld } from "../e2e/support/world.mjs";

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
  const home = mkdtempSync(join(tmpdir(), "roamkey-bench-"));
  const cli = new Cli(home);
  try {
    cli.run("create", "--server", world.server.url);
    cli.fill(size);
    cli.run("sync");
    const profile = await world.profile(`sync-${size}`);
    const took = await joinThrough(cli, profile, world.server.url, size);
    put(`sync.first.wasm_ms.${size}`, took);
    await profile.close();
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function joinThrough(cli, profile, server, size) {
  const code = await cli.pair();
  await profile.core({ type: "joinStart", code, server, passphrase: PASSPHRASE, deviceName: "bench" });
  for (;;) {
    const { stage } = await profile.core({ type: "joinPoll" });
    if (stage === "done") break;
    if (stage === "failed") throw new Error("the bench could not join");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const started = performance.now();
  for (;;) {
    await profile.hook("call", { type: "sync" });
    const { total } = await profile.hook("call", { type: "items", offset: 0, limit: 1 });
    if (total >= size) return performance.now() - started;
  }
}

class Cli {
  constructor(home) {
    this.env = { ...process.env, ROAMKEY_HOME: home };
    this.passphrase = join(home, "passphrase");
    writeFileSync(this.passphrase, PASSPHRASE);
  }

  arguments(...args) {
    return [...args, "--passphrase-file", this.passphrase];
  }

  run(...args) {
    return execFileSync(join(binaries, "roamkey"), this.arguments(...args), { env: this.env, encoding: "utf8" });
  }

  fill(size) {
    for (let at = 0; at < size; at++) this.run("add", "note", "--title", `Note ${at}`, "--text", `Text of note ${at}`);
  }

  /** Shows a code, and lets whoever types it in. */
  pair() {
    const child = spawn(join(binaries, "roamkey"), this.arguments("pair", "--yes"), { env: this.env });
    return new Promise((resolve, reject) => {
      const hear = (line) => {
        const found = /\b\d+-[a-z]+-[a-z]+\b/.exec(line);
        if (found) resolve(found[0]);
      };
      createInterface({ input: child.stdout }).on("line", hear);
      createInterface({ input: child.stderr }).on("line", hear);
      child.once("error", reject);
      child.once("exit", (status) => reject(new Error(`pair ended with ${status}`)));
    });
  }
}
