// A database as an earlier version of the extension left it opens with everything in it.
import assert from "node:assert/strict";
import { ceremony, HOOK_PASSPHRASE } from "../support/steps.mjs";

export const name = "a vault kept by an earlier version opens";

/** The tables of version 1. */
const TABLES = ["client", "meta", "pins", "log", "commits", "epochs", "pages", "summary", "pending", "outbox", "index"];

export async function run(world) {
  const profile = await world.profile("earlier");
  await profile.hook("createVault");
  const page = await profile.page(`${world.sites.origin("shop.test")}/`);
  assert.equal(await ceremony(profile, page, "#register"), "Passkey created.");
  await profile.core({ type: "lock" });

  const own = await profile.own("manifest.json");
  await profile.killWorker();
  const rows = await own.evaluate(takeBack, TABLES);
  assert.ok(rows > 10, "the vault was there");

  assert.equal((await profile.core({ type: "state" })).phase, "locked");
  await profile.core({ type: "unlock", passphrase: HOOK_PASSPHRASE });
  assert.equal((await profile.core({ type: "items", offset: 0, limit: 10 })).total, 1);
  assert.equal(await ceremony(profile, page, "#sign-in"), "Welcome back, ada@example.com.");
  assert.ok((await own.evaluate(() => indexedDB.databases().then(([found]) => found.version))) > 1, "it is of this version now");
}

/** In the page: puts the rows of the database into one of version 1; answers how many there were. */
async function takeBack(tables) {
  const settled = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = request.onblocked = () => reject(request.error ?? new Error("blocked"));
    });
  const now = await settled(indexedDB.open("roamkey"));
  const kept = [];
  for (const table of tables) {
    const store = now.transaction(table).objectStore(table);
    const [keys, values] = await Promise.all([settled(store.getAllKeys()), settled(store.getAll())]);
    kept.push(...keys.map((key, at) => [table, key, values[at]]));
  }
  now.close();
  const deleted = settled(indexedDB.deleteDatabase("roamkey"));
  // Asked for in one breath: a worker that an alarm wakes would make the newest version of it in between.
  const opening = indexedDB.open("roamkey", 1);
  opening.onupgradeneeded = () => {
    for (const table of tables) opening.result.createObjectStore(table);
  };
  const [, earlier] = await Promise.all([deleted, settled(opening)]);
  const transaction = earlier.transaction(tables, "readwrite");
  for (const [table, key, value] of kept) transaction.objectStore(table).put(value, key);
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  earlier.close();
  return kept.length;
}
