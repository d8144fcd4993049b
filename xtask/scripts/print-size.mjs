// Prints how large a file is, and how large when it travels: `node print-size.mjs FILE`.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { brotliCompressSync } from "node:zlib";

const [file] = process.argv.slice(2);
const bytes = readFileSync(file);
const packed = brotliCompressSync(bytes);
console.log(`${basename(file)}: ${Math.ceil(bytes.length / 1000)} kB, ${Math.ceil(packed.length / 1000)} kB brotli`);
