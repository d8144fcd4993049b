// Sites as other people build them: the libraries that `cargo xtask conformance` holds the authenticator against, a line of JSON each way.
import { spawn } from "node:child_process";
import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { binaries, root } from "./world.mjs";

const folder = join(root, "conformance/verifiers");
const python = join(root, "target/tools/suites/bin/python");
const webauthnRs = join(binaries, "../webauthn-rs/debug/webauthn-rs-verifier");

/** The origin that all of them expect. */
export const VERIFIED = "https://example.com";

export const VERIFIERS = {
  "python-fido2": [python, "python_fido2.py"],
  "py_webauthn": [python, "py_webauthn.py"],
  "webauthn-rs": [webauthnRs],
};

/** Starts one; what it refuses is thrown. */
export function startVerifier(world, name) {
  const [program, ...args] = VERIFIERS[name];
  if (!existsSync(program)) throw new Error(`${program} is missing: cargo xtask conformance makes it`);
  // They want a root for attestations, of which there are none here.
  copyFileSync(world.certificates.ca, join(world.folder, "root.pem"));
  const child = spawn(program, [...args, world.folder], { cwd: folder, stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" } });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${name} ended`);
      const answer = JSON.parse(value);
      if (answer.error) throw new Error(answer.error);
      return answer;
    },
    stop: () => child.stdin.end(),
  };
}
