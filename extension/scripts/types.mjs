// Writes the core's message types, as Rust defines them, to src/core/generated/.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const extension = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(extension, "src/core/generated");
rmSync(out, { recursive: true, force: true });
// Of the whole workspace: a choice of one package would compile its dependencies anew, with other features.
const features = "roamkey-wasm/ts,roamkey-wasm/test-hooks";
execFileSync("cargo", ["test", "--quiet", "--workspace", "--features", features, "--test", "bindings"], {
  cwd: dirname(extension),
  env: { ...process.env, TS_RS_EXPORT_DIR: out },
  stdio: ["ignore", "ignore", "inherit"],
});
