// The cluster of PostgreSQL that ROAMKEY_E2E_POSTGRES names by the folder of its socket, if journeys run on one.
import { execFileSync } from "node:child_process";
import { basename } from "node:path";

export const host = process.env.ROAMKEY_E2E_POSTGRES;

/** Has the database of that name run a statement; answers its rows as text, with `|` between columns. */
export function psql(statement, database = "postgres") {
  const settings = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", host, "-U", "postgres", "-d", database];
  const env = { ...process.env, PGOPTIONS: "-c client_min_messages=warning" };
  return execFileSync("psql", [...settings, "-c", statement], { encoding: "utf8", env }).trim();
}

/** The name of the database of a world, by its folder. */
export function nameOf(folder) {
  return basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "_");
}

/** Makes a database that does not exist, or one anew, as a copy of another. */
export function copyDatabase(from, to) {
  psql(`DROP DATABASE IF EXISTS ${to} WITH (FORCE)`);
  psql(`CREATE DATABASE ${to} TEMPLATE ${from}`);
}
