import { beforeEach, expect, it, vi } from "vitest";
import type { Request } from "../core/messages.ts";
import { fakeChrome } from "./fake-chrome.test-support.ts";

const core = vi.hoisted(() => ({ call: vi.fn<(request: Request) => Promise<unknown>>() }));
vi.mock("./core.ts", () => core);
vi.stubGlobal("__TEST_HOOKS__", false);

const { answerUi, isOurPage } = await import("./ui.ts");

let browser: ReturnType<typeof fakeChrome>;
const asked = () => core.call.mock.calls.map(([request]) => request.type);

beforeEach(() => {
  browser = fakeChrome();
  vi.stubGlobal("chrome", browser.chrome);
  core.call.mockReset().mockResolvedValue({ phase: "unlocked" });
});

const url = "chrome-extension://roamkey/popup.html";
const origin = "chrome-extension://roamkey";

it("a page of ours is one by its origin", () => {
  expect(isOurPage({ id: "roamkey", url, origin })).toBe(true);
});

it.each([
  { id: "roamkey", url, origin: "https://evil.test" },
  { id: "roamkey", url: "https://evil.test/", origin: "https://evil.test" },
  { id: "other", url, origin },
  { id: "roamkey", url },
  { id: "roamkey", url: "chrome-extension://roamkey.evil.test/", origin: "chrome-extension://roamkey.evil.test" },
])("whoever else speaks is none: %j", (sender) => {
  expect(isOurPage(sender)).toBe(false);
});

it.each(["passkeyPrompt", "passkeyComplete", "verify", "wakeInfo", "testDumpCanaries"])("a page cannot ask the core for %s", async (type) => {
  expect(await answerUi({ to: "core", request: { type } })).toHaveProperty("error");
  expect(core.call).not.toHaveBeenCalled();
});

it("a vault that nobody used for too long is locked before a page sees it", async () => {
  await browser.chrome.storage.session.set({ "used-at": Date.now() - 24 * 60 * 60_000 });
  await answerUi({ to: "core", request: { type: "items", offset: 0, limit: 10 } });
  expect(asked()).toEqual(["state", "lock", "items"]);
});

it("a vault in use stays open", async () => {
  await browser.chrome.storage.session.set({ "used-at": Date.now() - 60_000 });
  await answerUi({ to: "core", request: { type: "items", offset: 0, limit: 10 } });
  expect(asked()).toEqual(["items"]);
});

it("a vault that is opened while another page asks stays open", async () => {
  await browser.chrome.storage.session.set({ "used-at": Date.now() - 24 * 60 * 60_000 });
  core.call.mockImplementation(async ({ type }) => {
    if (type === "state") await browser.chrome.storage.session.set({ "used-at": Date.now() });
    return { phase: "unlocked" };
  });
  await answerUi({ to: "core", request: { type: "state" } });
  expect(asked()).toEqual(["state", "state"]);
});
