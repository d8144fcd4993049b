// What whoever runs the server can do to it: remember a state, show another one, edit what it keeps.
import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { copyDatabase, host, nameOf, psql } from "./postgres.mjs";

/** Keeps a copy of all that the server has, under a name. */
export async function remember(world, name) {
  await world.server.stop();
  if (host) copyDatabase(nameOf(world.folder), stateName(world, name));
  else copy(world.folder, stateFolder(world, name));
  await world.restartServer();
}

/** Goes on from a state that was remembered, as if nothing had happened since. */
export async function show(world, name) {
  await world.server.stop();
  if (host) copyDatabase(stateName(world, name), nameOf(world.folder));
  else replace(stateFolder(world, name), world.folder);
  await world.restartServer();
}

/** Gives each of the two newest records out as the other's item. */
export async function swapNewestRecords(world) {
  await world.server.stop();
  const database = host ? tablesOfPostgres(nameOf(world.folder)) : tablesOfSqlite(join(world.folder, "server.db"));
  const [a, b] = database.newest();
  database.put(a.item, relabelled(b, a.item));
  database.put(b.item, relabelled(a, b.item));
  database.close();
  await world.restartServer();
}

function tablesOfSqlite(path) {
  const database = new DatabaseSync(path);
  const put = database.prepare("UPDATE records SET record = ? WHERE item = ?");
  return {
    newest: () => database.prepare(NEWEST("item, record")).all(),
    put: (item, record) => put.run(record, item),
    close: () => database.close(),
  };
}

function tablesOfPostgres(name) {
  const hex = (bytes) => `'\\x${Buffer.from(bytes).toString("hex")}'`;
  const row = (line) => line.split("|").map((text) => Buffer.from(text, "hex"));
  const rows = () => psql(NEWEST("encode(item, 'hex'), encode(record, 'hex')"), name).split("\n").map(row);
  return {
    newest: () => rows().map(([item, record]) => ({ item, record })),
    put: (item, record) => psql(`UPDATE records SET record = ${hex(record)} WHERE item = ${hex(item)}`, name),
    close: () => {},
  };
}

const NEWEST = (columns) => `SELECT ${columns} FROM records ORDER BY changed_by DESC, records.item LIMIT 2`;

function relabelled({ item, record }, other) {
  const bytes = Buffer.from(record);
  Buffer.from(other).copy(bytes, bytes.indexOf(Buffer.from(item)));
  return bytes;
}

const stateName = (world, name) => `${nameOf(world.folder)}_${name}`;

function stateFolder(world, name) {
  const folder = join(world.folder, `state-${name}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

const files = (folder) => readdirSync(folder).filter((file) => file.startsWith("server.db"));

function replace(from, to) {
  for (const file of files(to)) rmSync(join(to, file));
  copy(from, to);
}

function copy(from, to) {
  for (const file of files(from)) copyFileSync(join(from, file), join(to, file));
}
