/** What a page says beside its requests: heard within bounds, and answered with nothing that the page does not know. */

import { beforeEach, expect, it, vi } from "vitest";
import { CoreError } from "../core/error.ts";
import type { ErrorCode, Request } from "../core/messages.ts";
import { fakeChrome } from "./fake-chrome.test-support.ts";

const core = vi.hoisted(() => ({ call: vi.fn<(request: Request) => Promise<unknown>>() }));
vi.mock("./core.ts", () => core);
vi.stubGlobal("__TEST_HOOKS__", false);

const { answerCall, hearKeptSignals } = await import("./calls.ts");

const request = "0b8f1a52-3f6c-4e2e-9d9c-000000000001";
const options = { rpId: "shop.test", credentialId: "AQ" };
let browser: ReturnType<typeof fakeChrome>;
let tab = 0;

beforeEach(() => {
  browser = fakeChrome();
  vi.stubGlobal("chrome", browser.chrome);
  tab += 1;
  core.call.mockReset().mockResolvedValue({ changed: 0, capabilities: { relatedOrigins: true } });
});

async function ask(call: "unknownCredential" | "capabilities", given: Record<string, never> | object = options): Promise<unknown> {
  const frame = browser.frame(tab, "d1");
  await answerCall(frame.port, { type: "call", request, call, options: given as Record<string, never>, ancestors: [] }, { tab, frame: 0, document: "d1" }, { origin: "https://shop.test", frame: 0, url: "https://shop.test/" });
  return frame.heard.at(-1);
}

const fails = (code: ErrorCode, name?: "TypeError") => core.call.mockRejectedValue(new CoreError({ code, message: "no", ...(name ? { name } : {}) }));

it("a signal is heard with the browser's word of who speaks", async () => {
  expect(await ask("unknownCredential")).toEqual({ type: "value", request, value: null });
  expect(core.call).toHaveBeenCalledWith({ type: "passkeySignal", signal: "unknownCredential", caller: { origin: "https://shop.test", crossOrigin: false }, options });
});

it("a page that goes on and on is not heard", async () => {
  for (let at = 0; at < 50; at++) await ask("unknownCredential");
  expect(core.call).toHaveBeenCalledTimes(20);
});

it("what makes no sense is said to the page; that there is no vault is not", async () => {
  fails("dom", "TypeError");
  expect(await ask("unknownCredential")).toEqual({ type: "error", request, name: "DataError", message: "no" });
  fails("noVault");
  expect(await ask("unknownCredential")).toEqual({ type: "value", request, value: null });
});

it("a locked vault hears it once it is open, and once", async () => {
  fails("locked");
  await ask("unknownCredential");
  core.call.mockReset().mockResolvedValue({ changed: 0 });
  await hearKeptSignals();
  await hearKeptSignals();
  expect(core.call).toHaveBeenCalledTimes(1);
});

it("a site that is left alone is told what the browser can do alone", async () => {
  expect(await ask("capabilities", { hybridTransport: true })).toEqual({ type: "value", request, value: { relatedOrigins: true } });
  await browser.chrome.storage.local.set({ settings: { never: ["shop.test"] } });
  expect(await ask("capabilities", { hybridTransport: true, other: "x" })).toEqual({ type: "value", request, value: { hybridTransport: true } });
  core.call.mockClear();
  await ask("unknownCredential");
  expect(core.call).not.toHaveBeenCalled();
});
