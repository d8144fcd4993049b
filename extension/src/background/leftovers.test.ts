/** What stays behind when a page goes away while no worker lives. */

import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Request } from "../core/messages.ts";
import { fakeChrome } from "./fake-chrome.test-support.ts";

const core = vi.hoisted(() => ({ call: vi.fn<(request: Request) => Promise<unknown>>() }));
vi.mock("./core.ts", () => core);
vi.stubGlobal("__TEST_HOOKS__", false);

const FIRST = "0b8f1a52-3f6c-4e2e-9d9c-000000000001";
const SECOND = "0b8f1a52-3f6c-4e2e-9d9c-000000000002";
const prompt = { rpId: "shop.test", accounts: [], userVerification: "preferred", alreadyHere: false };

let browser: ReturnType<typeof fakeChrome>;

beforeEach(async () => {
  browser = fakeChrome();
  vi.stubGlobal("chrome", browser.chrome);
  core.call.mockReset().mockResolvedValue({ decision: "ask", prompt });
  await browser.chrome.storage.session.set({ "unanswered:1": 3, "dismissed:1:https://shop.test": true, "unanswered:2": 1, "dismissed:2:https://shop.test": true, prompts: [] });
  const { acceptRelay } = await fresh();
  const page = browser.frame(1, "d1");
  acceptRelay(page.port);
  page.say({ type: "request", request: FIRST, kind: "get", options: { challenge: "AA" }, mediation: "conditional", ancestors: [], activated: true });
  await browser.quiet();
});

async function fresh() {
  vi.resetModules();
  const [consent, leftovers] = await Promise.all([import("./consent.ts"), import("./leftovers.ts")]);
  return { ...consent, ...leftovers };
}

async function sweptBy(worker: Awaited<ReturnType<typeof fresh>>): Promise<string[]> {
  await worker.sweep(worker.way.withdraw);
  return Object.keys(await browser.chrome.storage.session.get(null)).toSorted();
}

const shows = (documentId?: string) => () => Promise.resolve([{ frameId: 0, parentFrameId: -1, url: "https://shop.test/", ...(documentId === undefined ? {} : { documentId }) }]);
const OF_TAB = ["dismissed:1:https://shop.test", "prompts"];

it("what is of an open tab stays, an offer that rests among it", async () => {
  browser.chrome.webNavigation.getAllFrames = shows("d1");
  expect(await sweptBy(await fresh())).toEqual([...OF_TAB, `request:${FIRST}`, "unanswered:1"]);
  browser.chrome.webNavigation.getAllFrames = shows();
  expect(await sweptBy(await fresh())).toContain(`request:${FIRST}`);
});

it("an offer of a document that is gone goes, and its number with it", async () => {
  browser.chrome.webNavigation.getAllFrames = shows("d2");
  expect(await sweptBy(await fresh())).toEqual([...OF_TAB, "unanswered:1"]);
  expect(browser.badges.get(1)).toBe("");
});

it("of a tab that was closed nothing stays", async () => {
  browser.chrome.webNavigation.getAllFrames = () => Promise.reject(new Error("no tab"));
  browser.chrome.tabs.query = () => Promise.resolve([]);
  expect(await sweptBy(await fresh())).toEqual(["prompts"]);
});

describe("a tab that closes", () => {
  const OF_ANOTHER = ["dismissed:2:https://shop.test", "prompts", "unanswered:2"];

  /** A question that an earlier worker put, in a window. */
  async function asked(more: object): Promise<void> {
    browser.windows.add(200);
    const caller = { origin: "https://shop.test", crossOrigin: false };
    const place = { tab: 1, frame: 0, document: "d1" };
    const waiting = { request: SECOND, kind: "get", options: {}, caller, place, mediation: "optional", verified: false, window: 200, ...more };
    await browser.chrome.storage.session.set({ [`request:${SECOND}`]: waiting });
  }

  async function left(): Promise<string[]> {
    const worker = await fresh();
    await worker.tabClosed(1, worker.way.withdraw);
    return Object.keys(await browser.chrome.storage.session.get(null)).toSorted();
  }

  it("leaves nothing, and takes the window of its question along", async () => {
    await asked({});
    expect(await left()).toEqual(OF_ANOTHER);
    expect(browser.windows.size).toBe(0);
  });

  it("takes along what the browser asked for a page in it", async () => {
    await asked({ proxied: 7 });
    expect(await left()).toEqual(OF_ANOTHER);
    expect(browser.windows.size).toBe(0);
  });

  it("ends nothing of which the browser alone told: the tab is a guess", async () => {
    await asked({ proxied: 7, deadline: Date.now() + 60_000 });
    expect(await left()).toEqual([...OF_ANOTHER, `request:${SECOND}`].toSorted());
    expect(browser.windows.size).toBe(1);
  });
});
