// A change typed into an item that another device had deleted for good: it is shown, not dropped.
import assert from "node:assert/strict";
import { createVault, pair, synced } from "../support/steps.mjs";

export const name = "what was typed into a deleted item is shown until it is dismissed";
export const server = true;

export async function run(world) {
  const first = await world.profile("first");
  await createVault(first, world.server.url);
  const { id } = await first.core({ type: "addNote", title: "Router", text: "It is behind the books." });
  await synced(first);
  const second = await world.profile("second");
  await pair(first, second, world.server.url, { name: "Second" });
  await synced(second);

  // Apart from each other: one deletes what the other writes to.
  await world.server.stop();
  await second.core({ type: "editNote", id, text: "It moved to the attic." });
  await first.core({ type: "trash", id });
  await first.core({ type: "purge", id });
  await world.restartServer();
  await synced(first);
  await synced(second);

  const settings = await second.own("settings.html#items");
  const lost = settings.getByTestId("lost");
  await lost.getByText("It moved to the attic.").waitFor({ timeout: 30_000 });
  assert.equal(await settings.getByTestId("item").count(), 0, "the item is gone on every device");
  await lost.getByTestId("dismiss").click();
  await lost.waitFor({ state: "detached" });
  assert.deepEqual((await second.core({ type: "unapplied", reveal: false })).changes, []);
}
