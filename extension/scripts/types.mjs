// Writes the core's message types, as Rust defines them, to src/core/generated/.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const extension = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(extension, "src/core/generated");
rmSync(out, { recursive: true, force: true });
execFileSync("cargo", ["test", "--quiet", "-p", "roamkey-wasm", "--features", "ts,test-hooks", "export_bindings"], {
  cwd: dirname(extension),
  env: { ...process.env, TS_RS_EXPORT_DIR: out },
  stdio: ["ignore", "ignore", "inherit"],
});
