// Random requests to Chromium's virtual authenticator and to our client: whatever comes out differently must have a name.
//
//     node differential.mjs CLIENT FOLDER TALLY COUNT [SEED [WORLD]]
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { explain } from "./allowed.mjs";
import { Browser } from "./browser.mjs";
import { differences, outcome } from "./outcome.mjs";
import { Random } from "./random.mjs";
import { creation, forSide, PAGES, request } from "./requests.mjs";

/** Requests that share a page and its credentials. */
const WORLD = 8;

/** As many credentials as Chromium's authenticator has room for. */
const MOST = 3;

const [program, folder, tally, count, seed = String(randomInt(2 ** 31)), only] = process.argv.slice(2);
console.error(`seed ${seed}`);

class Ours {
  constructor() {
    this.process = spawn(program, [folder], { stdio: ["pipe", "pipe", "inherit"] });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  async ask(request) {
    this.process.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error("our client ended in the middle of a request");
    return JSON.parse(value);
  }
}

const result = { passed: 0, failed: 0, explained: {} };
const ours = new Ours();
const browser = await Browser.open();

async function play(number) {
  const random = new Random(Number(seed) * 7919 + number);
  const page = random.pick(PAGES);
  const framed = page.origin.startsWith("https:") && random.chance(15);
  const ancestors = await browser.visit(page.origin, framed);
  await ours.ask({ do: "reset" });
  const world = { made: [], users: [] };
  for (let step = 0; step < WORLD && result.passed + result.failed < Number(count); step += 1) {
    const goesOn = await compare({ number, step, random, page, framed, ancestors, world });
    if (!goesOn) return;
  }
}

/** Whether both sides are still in the same state. */
async function compare({ number, step, random, page, framed, ancestors, world }) {
  const kind = world.made.length === 0 || (world.made.length < MOST && random.chance(50)) ? "create" : "get";
  const options = kind === "create" ? creation(random, page, world) : request(random, page, world);
  const verified = random.chance(kind === "create" ? 97 : 90);
  await browser.verifies(verified);
  const native = await browser.ask(kind, forSide(options, world.made.map((each) => each.chromium)));
  // The person of our side chooses what Chromium chose.
  const chosen = world.made.find((each) => each.chromium === native.ok?.id)?.ours;
  const answer = await ours.ask({
    do: kind,
    origin: page.origin,
    ancestors,
    options: forSide(options, world.made.map((each) => each.ours)),
    verified,
    attestation: "certified",
    ...(chosen === undefined || kind === "create" ? {} : { chosen: Buffer.from(chosen, "base64url").toString("hex") }),
  });
  const nameOf = (side) => (id) => world.made.findIndex((each) => each[side] === id);
  const [theirs, own] = [outcome(kind, native, nameOf("chromium")), outcome(kind, answer, nameOf("ours"))];
  const found = differences(theirs, own);
  const { unexplained, names } = explain({ kind, options, page, framed, verified, world, native: theirs, ours: own }, found);
  for (const name of names) result.explained[name] = (result.explained[name] ?? 0) + 1;
  if (unexplained.length === 0) result.passed += 1;
  else {
    result.failed += 1;
    console.error(`FAILED world ${number}, request ${step}: ${kind} on ${page.origin}${framed ? ", framed" : ""}, verified: ${verified}`);
    console.error(JSON.stringify(options));
    for (const each of unexplained) console.error(`    ${each.path}: Chromium ${JSON.stringify(each.chromium)}, ours ${JSON.stringify(each.ours)}`);
    console.error(`    ${native.message ?? ""} / ${answer.message ?? ""}`);
    console.error(`    again: ${seed} ${number}`);
  }
  if (kind === "create" && native.ok && answer.ok) world.made.push({ chromium: native.ok.id, ours: answer.ok.id, options });
  const bothDid = (native.ok === undefined) === (answer.ok === undefined);
  // A check that failed once has locked Chromium's authenticator.
  return verified && (kind === "get" || replacesTheSame(options, world)) && bothDid && !names.some((name) => name.startsWith("state: "));
}

/** Chromium keeps one discoverable credential an account, and any number that are not; we keep one an algorithm. */
function replacesTheSame(options, world) {
  const isDiscoverable = ["required", "preferred"].includes(options.authenticatorSelection?.residentKey);
  return isDiscoverable && new Set(world.made.map((each) => each.options.user.id)).size === world.made.length;
}

try {
  if (only === undefined) for (let number = 0; result.passed + result.failed < Number(count); number += 1) await play(number);
  else await play(Number(only));
} finally {
  await browser.close();
  ours.process.stdin.end();
}
writeFileSync(tally, JSON.stringify(result));
