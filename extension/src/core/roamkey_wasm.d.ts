/** The Rust core as wasm-bindgen writes it; the build puts it beside the worker. */

import type { Host } from "../background/host.ts";

export class Core {
  static open(host: Host): Promise<Core>;
  call(request: string): Promise<string>;
}
export default function init(options: { module_or_path: string }): Promise<unknown>;
