/** The one core of this worker, opened at the first use. */

import init, { Core } from "../core/roamkey_wasm.js";
import { CoreError } from "../core/error.ts";
import type { AnswerTo, Failure, Request, RequestType } from "../core/messages.ts";
import { host } from "./host.ts";
import { mark } from "./marks.ts";
import { prefetchSession } from "./session-key.ts";

let opened: Promise<Core> | undefined;

function open(): Promise<Core> {
  opened ??= start();
  opened.catch(() => (opened = undefined));
  return opened;
}

async function start(): Promise<Core> {
  mark("core");
  await init({ module_or_path: chrome.runtime.getURL("core/roamkey_wasm_bg.wasm") });
  mark("wasm");
  const core = await Core.open(host);
  mark("open");
  return core;
}

/** Starts the core ahead of the first question, and reads meanwhile what it will ask for. */
export function warm(): void {
  prefetchSession();
  // A failure shows at the question itself.
  open().catch(() => undefined);
}

/** Asks the core. What it refuses is thrown as a {@link CoreError}. */
export async function call<R extends Request>(request: R): Promise<AnswerTo<R["type"]>> {
  const reply = JSON.parse(await (await open()).call(JSON.stringify(request))) as Reply<R["type"]>;
  if ("error" in reply) throw new CoreError(reply.error);
  return reply.ok;
}

type Reply<T extends RequestType> = { ok: AnswerTo<T> } | { error: Failure };
