// Builds the extension: node scripts/build.mjs --out DIR --wasm DIR [--test-hooks]
//
// Nothing is minified, so that a reviewer can read what ships; page.js alone, which every page of the web parses, goes
// without blanks and comments. The core is copied as wasm-bindgen wrote it.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "vite";

import { icon } from "./icon.mjs";
import { manifest } from "./manifest.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: { out: { type: "string" }, wasm: { type: "string" }, "test-hooks": { type: "boolean", default: false } },
});
if (!values.out || !values.wasm) throw new Error("usage: build.mjs --out DIR --wasm DIR [--test-hooks]");
const out = resolve(values.out);
const wasm = resolve(values.wasm);
const testHooks = values["test-hooks"];
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** By which a person, or a reviewer, tells one core from another. */
const core = createHash("sha256").update(readFileSync(join(wasm, "roamkey_wasm_bg.wasm"))).digest("hex");

const pages = ["consent", "kit", "popup", "save", "settings", "unlock", "welcome", ...(testHooks ? ["gallery"] : [])];

const shared = {
  root: join(root, "src"),
  configFile: false,
  publicDir: false,
  logLevel: "warn",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  define: { __TEST_HOOKS__: JSON.stringify(testHooks), __VERSION__: JSON.stringify(version), __CORE__: JSON.stringify(core) },
};
const output = { outDir: out, emptyOutDir: false, minify: false, target: "es2023", modulePreload: false, reportCompressedSize: false };

/** A content script: one classic script without imports. */
function script(name, entry, options = {}) {
  return build({
    ...shared,
    build: {
      ...output,
      rolldownOptions: { input: join(root, entry), output: { format: "iife", entryFileNames: `${name}.js`, comments: false, ...options } },
    },
  });
}

/** Statements stay as they are in the source; names that no page can see become short. */
const WITHOUT_BLANKS = { minify: { compress: false, mangle: true, codegen: { removeWhitespace: true } } };

function worker() {
  return build({
    ...shared,
    build: {
      ...output,
      rolldownOptions: {
        input: join(root, "src/background/index.ts"),
        external: /roamkey_wasm\.js$/,
        output: {
          format: "es",
          entryFileNames: "background.js",
          codeSplitting: false,
          paths: (id) => (id.endsWith("roamkey_wasm.js") ? "./core/roamkey_wasm.js" : id),
        },
      },
    },
  });
}

function documents() {
  return build({
    ...shared,
    root: join(root, "src/ui/pages"),
    base: "./",
    build: {
      ...output,
      rolldownOptions: {
        input: pages.map((page) => join(root, `src/ui/pages/${page}.html`)),
        output: { entryFileNames: "ui/[name].js", chunkFileNames: "ui/[name].js", assetFileNames: "ui/[name][extname]" },
      },
    },
  });
}

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "core"), { recursive: true });
mkdirSync(join(out, "icons"), { recursive: true });
await script("page", "src/page/index.ts", WITHOUT_BLANKS);
await script("relay", "src/relay/index.ts");
await script("forms", "src/forms/index.ts");
await worker();
await documents();
for (const file of ["roamkey_wasm.js", "roamkey_wasm_bg.wasm"]) cpSync(join(wasm, file), join(out, "core", file));
cpSync(join(root, "public/_locales"), join(out, "_locales"), { recursive: true });
cpSync(join(root, "public/managed.json"), join(out, "managed.json"));
for (const size of [16, 32, 48, 128]) writeFileSync(join(out, `icons/${size}.png`), icon(size));
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest({ version, testHooks }), null, 2) + "\n");
