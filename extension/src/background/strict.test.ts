/** Strict mode: what the browser asks itself, who may be in between, and what becomes of it when nobody may. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Request } from "../core/messages.ts";
import { fakeChrome, type FakeFrame } from "./fake-chrome.test-support.ts";

const core = vi.hoisted(() => ({ call: vi.fn<(request: Request) => Promise<unknown>>() }));
vi.mock("./core.ts", () => core);
vi.stubGlobal("__TEST_HOOKS__", false);

const FIRST = "0b8f1a52-3f6c-4e2e-9d9c-000000000001";
const SECOND = "0b8f1a52-3f6c-4e2e-9d9c-000000000002";
const prompt = { rpId: "shop.test", accounts: [], userVerification: "preferred", alreadyHere: false };

let browser: ReturnType<typeof fakeChrome>;
let proxy: ReturnType<ReturnType<typeof fakeChrome>["proxy"]>;
let worker: Awaited<ReturnType<typeof start>>;
let decision: unknown;

/** A new worker, on what the one before left. */
async function start() {
  vi.resetModules();
  const [consent, strict, proxied] = await Promise.all([import("./consent.ts"), import("./strict.ts"), import("./proxied.ts")]);
  proxied.hearProxy(consent.way);
  await strict.applyStrict();
  return { ...consent, ...strict, ...proxied };
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  browser = fakeChrome();
  proxy = browser.proxy();
  vi.stubGlobal("chrome", browser.chrome);
  await browser.chrome.storage.local.set({ settings: { strict: true } });
  decision = { decision: "ask", prompt };
  core.call.mockReset().mockImplementation((request) => Promise.resolve(answerOf(request)));
  worker = await start();
});
afterEach(() => vi.useRealTimers());

function answerOf(request: Request): unknown {
  switch (request.type) {
    case "state":
      return { phase: "locked" };
    case "passkeyPrompt":
      return decision;
    case "passkeyProxied":
      return JSON.parse(request.details);
    case "passkeyComplete":
      return { response: { id: "AQ" } };
    default:
      return {};
  }
}

function frame(document = "d1"): FakeFrame {
  const opened = browser.frame(1, document);
  worker.acceptRelay(opened.port);
  return opened;
}

const ask = (request: string, more: object = {}) => ({ type: "request", request, kind: "get", options: { challenge: "AA" }, mediation: "optional", ancestors: [], activated: true, ...more });
const details = (options: object = { challenge: "AA" }, origin = "https://shop.test") => JSON.stringify({ caller: { origin, crossOrigin: false }, options });

async function say(page: FakeFrame, message: Record<string, unknown>): Promise<void> {
  page.say(message);
  await browser.quiet();
}

async function browserAsks(requestId: number, requestDetailsJson = details()): Promise<void> {
  proxy.tell("get", { requestId, requestDetailsJson });
  await browser.quiet();
}

describe("a page's request", () => {
  it("goes by way of the browser, and the answer too", async () => {
    const page = frame();
    await say(page, ask(FIRST));
    expect(page.heard).toEqual([{ type: "proxied", request: FIRST }]);
    expect(browser.made).toBe(0);
    await browserAsks(7);
    expect(browser.made).toBe(1);
    await worker.consentAccept(FIRST);
    expect(proxy.said).toEqual([{ requestId: 7, responseJson: JSON.stringify({ id: "AQ" }) }]);
    expect(page.heard.at(-1)).toEqual({ type: "native", request: FIRST, elsewhere: false });
  });

  it("is asked as the browser says, not as the page did", async () => {
    const page = frame();
    await say(page, ask(FIRST));
    await browserAsks(7, details({ challenge: "AA", rpId: "other.test" }));
    await worker.consentAccept(FIRST);
    expect(core.call).toHaveBeenCalledWith(expect.objectContaining({ type: "passkeyPrompt", options: { challenge: "AA", rpId: "other.test" } }));
    expect(core.call).toHaveBeenCalledWith(expect.objectContaining({ type: "passkeyComplete", options: { challenge: "AA", rpId: "other.test" } }));
  });

  it("of another origin is not taken for it", async () => {
    const page = frame();
    await say(page, ask(FIRST));
    await browserAsks(7, details({ challenge: "AA" }, "https://evil.test"));
    await worker.consentAccept(FIRST);
    expect(proxy.said).toEqual([]);
  });

  it("that the browser refuses is the browser's to refuse", async () => {
    const page = frame();
    await say(page, ask(FIRST));
    await say(page, { type: "refused", request: FIRST });
    expect(page.heard.at(-1)).toEqual({ type: "native", request: FIRST, elsewhere: false });
    await browserAsks(7);
    expect(await worker.consentView(FIRST)).toBeUndefined();
  });

  it("refused by the person is refused to the browser", async () => {
    await say(frame(), ask(FIRST));
    await browserAsks(7);
    await worker.consentRefuse(FIRST);
    expect(proxy.said).toMatchObject([{ requestId: 7, error: { name: "NotAllowedError" } }]);
  });

  it("from a tab that went to the back is refused to the browser, and over", async () => {
    await say(frame(), ask(FIRST));
    browser.hidden.add(1);
    await browserAsks(7);
    expect(browser.made).toBe(0);
    expect(proxy.said).toMatchObject([{ requestId: 7, error: { name: "NotAllowedError" } }]);
    expect(await worker.consentView(FIRST)).toBeUndefined();
  });

  it("called off closes its window, whoever says so", async () => {
    const page = frame();
    await say(page, ask(FIRST));
    await browserAsks(7);
    proxy.tell("canceled", 7);
    await browser.quiet();
    expect(browser.windows.size).toBe(0);
    expect(await worker.consentView(FIRST)).toBeUndefined();
  });

  it("called off before it is written down opens none", async () => {
    const page = frame();
    await say(page, ask(FIRST));
    proxy.tell("get", { requestId: 7, requestDetailsJson: details() });
    proxy.tell("canceled", 7);
    await browser.quiet();
    expect(browser.windows.size).toBe(0);
    expect(await worker.consentView(FIRST)).toBeUndefined();
  });

  it("is completed by the next worker, without the frame", async () => {
    await say(frame(), ask(FIRST));
    await browserAsks(7);
    worker = await start();
    await worker.consentAccept(FIRST);
    expect(proxy.said).toMatchObject([{ requestId: 7 }]);
  });

  it("that can wait in a field goes as ever", async () => {
    const page = frame();
    await say(page, ask(FIRST, { mediation: "conditional" }));
    expect(page.heard).toEqual([{ type: "offer", request: FIRST }]);
  });

  it("is not sent on where somebody else has the place", async () => {
    proxy.state.taken = true;
    worker = await start();
    expect(await worker.strictView()).toEqual({ state: "taken" });
    await say(frame(), ask(FIRST));
    expect(browser.made).toBe(1);
  });
});

describe("a request for the browser alone", () => {
  it("gets it, and strict mode goes on afterwards", async () => {
    decision = { decision: "native" };
    const page = frame();
    await say(page, ask(FIRST));
    expect(page.heard).toEqual([{ type: "native", request: FIRST, elsewhere: false, report: true }]);
    expect(proxy.state.attached).toBe(false);
    await say(page, { type: "over", request: FIRST });
    expect(proxy.state.attached).toBe(true);
  });

  it("keeps strict mode off until each of several is over", async () => {
    decision = { decision: "native" };
    const page = frame();
    await say(page, ask(FIRST));
    await say(page, ask(SECOND));
    await say(page, { type: "over", request: FIRST });
    expect(proxy.state.attached).toBe(false);
    await say(page, { type: "over", request: SECOND });
    expect(proxy.state.attached).toBe(true);
  });

  it("keeps it off no longer than its page lives", async () => {
    decision = { decision: "native" };
    const page = frame();
    await say(page, ask(FIRST));
    page.close();
    await browser.quiet();
    expect(proxy.state.attached).toBe(true);
  });

  it("nor for ever, if its page never says anything", async () => {
    decision = { decision: "native" };
    await say(frame(), ask(FIRST));
    worker = await start();
    expect(proxy.state.attached).toBe(false);
    vi.setSystemTime(Date.now() + 6 * 60_000);
    await worker.applyStrict();
    expect(proxy.state.attached).toBe(true);
  });

  it("is what the person chose in our window", async () => {
    const page = frame();
    await say(page, ask(FIRST));
    await browserAsks(7);
    await worker.consentNative(FIRST);
    expect(proxy.state.attached).toBe(false);
    expect(page.heard.at(-1)).toEqual({ type: "native", request: FIRST, elsewhere: true, report: true });
    // The browser forgot what it had asked us, and says so to the page.
    await say(page, { type: "refused", request: FIRST });
    expect(browser.made).toBe(1);
  });

  it("leaves others to be answered by way of their frames", async () => {
    const [page, other] = [frame("d1"), frame("d2")];
    await say(page, ask(FIRST));
    await browserAsks(7);
    browser.chrome.tabs.get = () => Promise.resolve({ windowId: 1, active: true });
    decision = { decision: "native" };
    await say(other, ask(SECOND, { options: { challenge: "BB" } }));
    await say(page, { type: "refused", request: FIRST });
    await worker.consentAccept(FIRST);
    expect(page.heard.at(-1)).toMatchObject({ type: "response", request: FIRST });
    expect(proxy.said).toEqual([]);
  });

  it("at a field stays where it is: the browser offers nothing there now", async () => {
    decision = { decision: "native" };
    const page = frame();
    await say(page, ask(FIRST, { mediation: "conditional" }));
    expect(page.heard).toEqual([{ type: "offer", request: FIRST }]);
    expect(proxy.state.attached).toBe(true);
  });
});

describe("what no page's script told of", () => {
  it("is asked, answered, and ended in its time", async () => {
    await browserAsks(7);
    const [window] = [...browser.windows];
    expect(window).toBeDefined();
    vi.setSystemTime(Date.now() + 11 * 60_000);
    await worker.expireProxied(worker.way);
    expect(proxy.said).toMatchObject([{ requestId: 7, error: { name: "NotAllowedError" } }]);
    expect(browser.windows.size).toBe(0);
  });

  it("opens no window after window", async () => {
    await browserAsks(7);
    await browserAsks(8);
    expect(browser.made).toBe(1);
    expect(proxy.said).toMatchObject([{ requestId: 8, error: { name: "OperationError" } }]);
  });

  it("and makes no sense is refused", async () => {
    core.call.mockImplementation((request) => (request.type === "passkeyProxied" ? Promise.reject(new Error("no")) : Promise.resolve(answerOf(request))));
    await browserAsks(7, "{}");
    expect(proxy.said).toMatchObject([{ requestId: 7, error: { name: "NotAllowedError" } }]);
    expect(browser.made).toBe(0);
  });
});

describe("strict mode", () => {
  it("is off where there is no vault, where Roamkey is off, and where a policy says so", async () => {
    core.call.mockImplementation(() => Promise.resolve({ phase: "empty" }));
    await worker.applyStrict();
    expect(proxy.state.attached).toBe(false);
    core.call.mockImplementation((request) => Promise.resolve(answerOf(request)));
    await browser.chrome.storage.local.set({ settings: { strict: true, enabled: false } });
    await worker.applyStrict();
    expect(proxy.state.attached).toBe(false);
    await browser.chrome.storage.local.set({ settings: { strict: true } });
    await browser.chrome.storage.managed.set({ strict: false });
    await worker.applyStrict();
    expect(proxy.state.attached).toBe(false);
    expect(await worker.strictView()).toEqual({ state: "off", managed: false });
  });

  it("is on where a policy says so", async () => {
    await browser.chrome.storage.local.set({ settings: { strict: false } });
    await browser.chrome.storage.managed.set({ strict: true });
    await worker.applyStrict();
    expect(proxy.state.attached).toBe(true);
    expect(await worker.strictView()).toEqual({ state: "on", managed: true });
  });

  it("says that a platform authenticator is there, as there is a vault", async () => {
    proxy.tell("isUvpaa", { requestId: 3 });
    await browser.quiet();
    expect(proxy.said).toEqual([{ requestId: 3, isUvpaa: true }]);
  });
});
