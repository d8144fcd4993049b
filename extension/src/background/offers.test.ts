/** What a page can make of an offer: nothing that the person did not ask for, and nothing that comes back. */

import { beforeEach, expect, it, vi } from "vitest";
import type { Request } from "../core/messages.ts";
import { fakeChrome, type FakeFrame } from "./fake-chrome.test-support.ts";

const core = vi.hoisted(() => ({ call: vi.fn<(request: Request) => Promise<unknown>>() }));
vi.mock("./core.ts", () => core);
vi.stubGlobal("__TEST_HOOKS__", false);

const { acceptRelay, consentAccept, consentNative, consentOffer, consentView, windowClosed } = await import("./consent.ts");
const { viewOffer } = await import("./offers.ts");
const { forgetTab } = await import("./requests.ts");

const id = (at: number) => `0b8f1a52-3f6c-4e2e-9d9c-${String(at).padStart(12, "0")}`;
const FIRST = id(1);
const account = { id: "AQ", userName: "ada@example.com", displayName: "Ada" };
const prompt = { request: "AQID", rpId: "shop.test", accounts: [account], userVerification: "preferred", alreadyHere: false };

let browser: ReturnType<typeof fakeChrome>;
let decision: unknown;

beforeEach(() => {
  browser = fakeChrome();
  vi.stubGlobal("chrome", browser.chrome);
  decision = { decision: "ask", prompt };
  core.call.mockReset().mockImplementation(({ type }) => Promise.resolve(type === "passkeyPrompt" ? decision : { response: { id: "AQ" }, phase: "locked" }));
});

function frame(): FakeFrame {
  const opened = browser.frame(1, "d1");
  acceptRelay(opened.port);
  return opened;
}

const ask = (request: string, more: object = {}) => ({ type: "request", request, kind: "get", options: { challenge: "AA" }, mediation: "conditional", ancestors: [], activated: true, ...more });

async function offered(more: object = {}): Promise<FakeFrame> {
  const page = frame();
  page.say(ask(FIRST, more));
  await browser.quiet();
  return page;
}

async function press(page: FakeFrame, pressed: "pointer" | "key" = "pointer"): Promise<void> {
  page.say(ask(FIRST, { pressed }));
  await browser.quiet();
}

it("an offer shows a number and no window", async () => {
  const page = await offered();
  expect(page.heard).toEqual([{ type: "offer", request: FIRST }]);
  expect(browser.made).toBe(0);
  expect(browser.badges.get(1)).toBe("1");
});

it("the person's press opens it, and their choice is the answer", async () => {
  const page = await offered();
  await press(page);
  expect(browser.made).toBe(1);
  expect(await consentView(FIRST)).toMatchObject({ prompt });
  await consentAccept(FIRST, "AQ");
  expect(page.heard.at(-1)).toMatchObject({ type: "response", request: FIRST });
  expect(browser.badges.get(1)).toBe("");
});

it("a window that the person closed is not opened again by the page's fields, whoever asks anew", async () => {
  const page = await offered();
  await press(page);
  await windowClosed([...browser.windows][0] ?? 0);
  expect(page.heard.at(-1)).toEqual({ type: "offer", request: FIRST });
  await press(page);
  await press(page, "key");
  page.say({ type: "abort", request: FIRST });
  page.say(ask(id(2)));
  await browser.quiet();
  page.say(ask(id(2), { pressed: "pointer" }));
  await browser.quiet();
  expect(browser.made).toBe(1);
});

it("but by the person, at the extension's button", async () => {
  const page = await offered();
  await press(page);
  await windowClosed([...browser.windows][0] ?? 0);
  expect(await viewOffer(1)).toEqual({ request: FIRST, site: "shop.test" });
  await consentOffer(FIRST);
  expect(browser.made).toBe(2);
  expect(browser.woken).toEqual([{ type: "wake", request: FIRST }]);
});

it("a page that takes its offers back again and again makes no windows flicker", async () => {
  const page = frame();
  for (let at = 1; at <= 6; at++) {
    page.say(ask(id(at)));
    await browser.quiet();
    page.say(ask(id(at), { pressed: "pointer" }));
    await browser.quiet();
    page.say({ type: "abort", request: id(at) });
    await browser.quiet();
  }
  expect(browser.made).toBe(3);
});

it("a press asks nobody for a passphrase; the key that opens what a field offers may", async () => {
  decision = { decision: "unlock", rpId: "shop.test" };
  const page = await offered();
  expect(browser.badges.get(1)).toBe("•");
  await press(page);
  expect(browser.made).toBe(0);
  await press(page, "key");
  expect(browser.made).toBe(1);
});

it("an offer that is called off while it is considered leaves no number", async () => {
  const page = frame();
  core.call.mockImplementation(async ({ type }) => {
    if (type !== "passkeyPrompt") return {};
    page.say({ type: "abort", request: FIRST });
    await browser.quiet();
    return decision;
  });
  page.say(ask(FIRST));
  await browser.quiet();
  await browser.quiet();
  expect(browser.badges.get(1)).toBe("");
  expect(await viewOffer(1)).toBeUndefined();
});

it("a window that is closed as its offer is called off leaves nothing", async () => {
  const page = await offered();
  await press(page);
  const { session } = browser.chrome.storage;
  const set = session.set.bind(session);
  session.set = async (values) => {
    // On the way of the dismissal.
    if (Object.keys(values).some((each) => each.startsWith("dismissed:"))) {
      page.say({ type: "abort", request: FIRST });
      await browser.quiet();
    }
    await set(values);
  };
  await windowClosed([...browser.windows][0] ?? 0);
  await browser.quiet();
  expect(await viewOffer(1)).toBeUndefined();
  expect(browser.badges.get(1)).toBe("");
});

it("two presses at once open one window", async () => {
  const page = await offered();
  page.say(ask(FIRST, { pressed: "pointer" }));
  page.say(ask(FIRST, { pressed: "pointer" }));
  await browser.quiet();
  expect(browser.made).toBe(1);
});

it("an offer that nobody is at stands in the way of no other request", async () => {
  const page = await offered();
  page.say({ ...ask(id(2)), mediation: "optional" });
  await browser.quiet();
  expect(browser.made).toBe(1);
});

it("another device, from an offer, is a question of the browser's", async () => {
  const page = await offered();
  await press(page);
  await consentNative(FIRST);
  expect(page.heard.at(-1)).toEqual({ type: "native", request: FIRST, elsewhere: true });
});

it("where there is nothing to offer the browser is alone", async () => {
  decision = { decision: "native" };
  const page = await offered();
  expect(page.heard).toEqual([{ type: "native", request: FIRST, elsewhere: false }]);
});

it("a tab holds a few offers, not any number of them", async () => {
  const page = frame();
  for (let at = 1; at <= 20; at++) {
    page.say(ask(id(at)));
    await browser.quiet();
  }
  expect(page.heard.filter((each) => each["type"] === "offer")).toHaveLength(8);
  expect(page.heard.filter((each) => each["type"] === "native")).toHaveLength(12);
});

it("not even when they come all at once", async () => {
  const page = frame();
  for (let at = 1; at <= 20; at++) page.say(ask(id(at)));
  await browser.quiet();
  expect(page.heard.filter((each) => each["type"] === "offer")).toHaveLength(8);
  expect(page.heard.filter((each) => each["type"] === "native")).toHaveLength(12);
});

it("an offer of any length is not kept", async () => {
  const page = await offered({ options: { challenge: "AA", rpId: "x".repeat(16 * 1024) } });
  expect(page.heard).toEqual([{ type: "native", request: FIRST, elsewhere: false }]);
});

it("a tab that nobody looks at opens no window, whatever it says of a press", async () => {
  browser.hidden.add(1);
  const page = await offered();
  await press(page);
  await press(page, "key");
  expect(browser.made).toBe(0);
  expect(page.heard.at(-1)).toEqual({ type: "offer", request: FIRST });
});

it("an offer that was taken back while its window closed does not come back", async () => {
  const page = await offered();
  await press(page);
  const closing = windowClosed([...browser.windows][0] ?? 0);
  page.say({ type: "abort", request: FIRST });
  await closing;
  await browser.quiet();
  expect(await viewOffer(1)).toBeUndefined();
  expect(browser.badges.get(1)).toBe("");
});

it("nor one that was taken back while the vault was asked about it anew", async () => {
  const page = await offered();
  core.call.mockImplementation(async () => {
    page.say({ type: "abort", request: FIRST });
    await browser.quiet();
    return decision;
  });
  await consentOffer(FIRST);
  await browser.quiet();
  expect(browser.made).toBe(0);
  expect(await viewOffer(1)).toBeUndefined();
});

it("a tab that closed leaves nothing behind, even if nobody heard of its documents' end", async () => {
  const page = await offered();
  await press(page);
  await windowClosed([...browser.windows][0] ?? 0);
  await forgetTab(1);
  expect(Object.keys(await browser.chrome.storage.session.get(null)).filter((name) => !name.startsWith("prompts"))).toEqual([]);
});
