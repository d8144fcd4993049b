// roamkey-server on a database of its own: a file, or, where ROAMKEY_E2E_POSTGRES names the folder of a PostgreSQL
// socket, two instances on one database behind a balancer.
import { execFileSync, spawn } from "node:child_process";
import { createServer, connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { host, nameOf, psql } from "./postgres.mjs";

/** Starts the server with these settings besides and waits until it listens; `port` 0 lets it choose, `origin` is what browsers know it by. */
export async function startServer({ binaries, folder, settings = [], port = 0, origin }) {
  if (host) return startPair({ binaries, folder, settings, port, origin });
  const database = `sqlite:${join(folder, "server.db")}`;
  const known = origin === undefined ? [] : ["--origin", origin];
  const { url, log, stop } = await startInstance(binaries, ["--listen", `127.0.0.1:${port}`, "--database", database, ...known, ...settings]);
  return { url, port: Number(new URL(url).port), log, stop, invite: () => invite(binaries, database) };
}

/** Makes an invitation, as whoever runs the server does. */
function invite(binaries, database) {
  return execFileSync(join(binaries, "roamkey-server"), ["invite", "--database", database], { encoding: "utf8" }).trim();
}

async function startPair({ binaries, folder, settings: more, port, origin }) {
  const log = [];
  const balancer = await startBalancer(port);
  const url = `http://127.0.0.1:${balancer.port}`;
  const database = databaseOf(folder);
  const settings = ["--listen", "127.0.0.1:0", "--database", database, "--origin", origin ?? url, ...more];
  const instances = await Promise.all([startInstance(binaries, settings, log), startInstance(binaries, settings, log)]);
  balancer.leadTo(instances.map((instance) => Number(new URL(instance.url).port)));
  const stop = async () => {
    await balancer.stop();
    await Promise.all(instances.map((instance) => instance.stop()));
  };
  return { url, port: balancer.port, log, stop, invite: () => invite(binaries, database) };
}

/** The database of a world: made when the world's server starts first, found again when it starts anew. */
function databaseOf(folder) {
  const name = nameOf(folder);
  if (psql(`SELECT 1 FROM pg_database WHERE datname = '${name}'`) === "") psql(`CREATE DATABASE ${name}`);
  return `postgres://postgres@${encodeURIComponent(host)}/${name}`;
}

/** An address whose connections go to servers in turn. */
async function startBalancer(port) {
  let servers = [];
  let turn = 0;
  const open = new Set();
  const balancer = createServer((client) => {
    const server = connect(servers[turn++ % servers.length], "127.0.0.1");
    for (const [from, to] of [[client, server], [server, client]]) {
      open.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => open.delete(from));
    }
  });
  await new Promise((resolve, reject) => balancer.once("error", reject).listen(port, "127.0.0.1", resolve));
  return {
    port: balancer.address().port,
    leadTo: (ports) => {
      servers = ports;
    },
    stop: () =>
      new Promise((resolve) => {
        balancer.close(resolve);
        for (const socket of open) socket.destroy();
      }),
  };
}

async function startInstance(binaries, settings, log = []) {
  const child = spawn(join(binaries, "roamkey-server"), ["serve", ...settings], { stdio: ["ignore", "pipe", "pipe"] });
  child.stderr.on("data", (data) => log.push(data));
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = /^listening on (\S+)/.exec(line);
      if (found) resolve(found[1].replace(/\/$/, ""));
    });
    child.once("exit", (code) => reject(new Error(`roamkey-server ended with ${code}: ${Buffer.concat(log)}`)));
    child.once("error", reject);
  });
  return {
    url,
    log,
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve();
        child.once("exit", resolve);
        child.kill("SIGTERM");
      }),
  };
}
