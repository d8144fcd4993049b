// What whoever runs the server can do to it: remember a state, show another one, edit what it keeps.
import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const files = (folder) => readdirSync(folder).filter((file) => file.startsWith("server.db"));

/** Keeps a copy of all that the server has, under a name. */
export async function remember(world, name) {
  await world.server.stop();
  copy(world.folder, stateFolder(world, name));
  await world.restartServer();
}

/** Goes on from a state that was remembered, as if nothing had happened since. */
export async function show(world, name) {
  await world.server.stop();
  for (const file of files(world.folder)) rmSync(join(world.folder, file));
  copy(stateFolder(world, name), world.folder);
  await world.restartServer();
}

/** Edits the database by hand. */
export async function tamper(world, edit) {
  await world.server.stop();
  const database = new DatabaseSync(join(world.folder, "server.db"));
  edit(database);
  database.close();
  await world.restartServer();
}

/** Gives each of the two newest records out as the other's item. */
export function swapNewestRecords(database) {
  const [a, b] = database.prepare("SELECT account, item, record FROM records ORDER BY changed_by DESC, item LIMIT 2").all();
  const put = database.prepare("UPDATE records SET record = ? WHERE account = ? AND item = ?");
  put.run(relabelled(b, a.item), a.account, a.item);
  put.run(relabelled(a, b.item), b.account, b.item);
}

function relabelled({ item, record }, other) {
  const bytes = Buffer.from(record);
  Buffer.from(other).copy(bytes, bytes.indexOf(Buffer.from(item)));
  return bytes;
}

function stateFolder(world, name) {
  const folder = join(world.folder, `state-${name}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function copy(from, to) {
  for (const file of files(from)) copyFileSync(join(from, file), join(to, file));
}
