// roamkey-server on a database of its own.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Starts the server and waits until it listens; `port` 0 lets it choose. */
export async function startServer({ binaries, folder, port = 0 }) {
  const child = spawn(join(binaries, "roamkey-server"), ["serve", "--listen", `127.0.0.1:${port}`, "--database", `sqlite:${join(folder, "server.db")}`], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = [];
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
    port: Number(new URL(url).port),
    log,
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve();
        child.once("exit", resolve);
        child.kill("SIGTERM");
      }),
  };
}
