/** The ways in which a page, or whoever speaks for its frame, may try to turn one question into something else. */

import { beforeEach, describe, expect, it, vi } from "vitest";
import { CoreError } from "../core/error.ts";
import type { Request } from "../core/messages.ts";
import { fakeChrome, type FakeFrame } from "./fake-chrome.test-support.ts";

const core = vi.hoisted(() => ({ call: vi.fn<(request: Request) => Promise<unknown>>() }));
vi.mock("./core.ts", () => core);
vi.stubGlobal("__TEST_HOOKS__", false);

const { acceptRelay, consentAccept, consentUnlock, consentView, windowClosed } = await import("./consent.ts");
const { answerUi } = await import("./ui.ts");

const FIRST = "0b8f1a52-3f6c-4e2e-9d9c-000000000001";
const SECOND = "0b8f1a52-3f6c-4e2e-9d9c-000000000002";
const prompt = { request: "AQID", rpId: "shop.test", accounts: [], userVerification: "preferred", alreadyHere: false };

let browser: ReturnType<typeof fakeChrome>;
const answers = new Map<string, () => unknown>();
const asked = (type: string) => core.call.mock.calls.filter(([request]) => request.type === type).length;

beforeEach(() => {
  browser = fakeChrome();
  vi.stubGlobal("chrome", browser.chrome);
  answers.clear();
  answers.set("passkeyPrompt", () => ({ decision: "ask", prompt }));
  answers.set("passkeyComplete", () => ({ response: { id: "AQ" } }));
  answers.set("state", () => ({ phase: "locked" }));
  answers.set("wakeInfo", () => {
    throw new CoreError({ code: "unreachable", message: "no network here" });
  });
  core.call.mockReset().mockImplementation(({ type }) => Promise.resolve().then(() => answers.get(type)?.() ?? {}));
});

function frame(tab = 1, document = "d1"): FakeFrame {
  const opened = browser.frame(tab, document);
  acceptRelay(opened.port);
  return opened;
}

const ask = (request: string, more: object = {}) => ({ type: "request", request, kind: "create", options: { challenge: "AA" }, mediation: "optional", ancestors: [], activated: false, ...more });

describe("a page that asks", () => {
  it("many times at once gets one window", async () => {
    const page = frame();
    for (let at = 1; at <= 5; at++) page.say(ask(FIRST.replace(/1$/, String(at))));
    await browser.quiet();
    expect(browser.windows.size).toBe(1);
    expect(page.heard.map((each) => each["name"])).toEqual(["OperationError", "OperationError", "OperationError", "OperationError"]);
  });

  it("and takes it back while the window opens leaves neither window nor request", async () => {
    const page = frame();
    const open = browser.holdWindows();
    page.say(ask(FIRST));
    await browser.quiet();
    page.say({ type: "abort", request: FIRST });
    await browser.quiet();
    open();
    await browser.quiet();
    expect(await consentView(FIRST)).toBeUndefined();
    expect(browser.windows.size).toBe(0);
  });

  it("and takes it back just as the window is there leaves no window either", async () => {
    const page = frame();
    const { session } = browser.chrome.storage;
    const set = session.set.bind(session);
    session.set = async (values) => {
      const stored = values[`request:${FIRST}`] as { window?: number } | undefined;
      if (stored?.window !== undefined) {
        page.say({ type: "abort", request: FIRST });
        await browser.quiet();
      }
      await set(values);
    };
    page.say(ask(FIRST));
    await browser.quiet();
    await browser.quiet();
    expect(browser.made).toBe(1);
    expect(browser.windows.size).toBe(0);
    expect(await consentView(FIRST)).toBeUndefined();
  });

  it("and takes it back again and again has to wait for the person", async () => {
    const page = frame();
    for (let at = 1; at <= 6; at++) {
      const request = FIRST.replace(/1$/, String(at));
      page.say(ask(request));
      await browser.quiet();
      page.say({ type: "abort", request });
      await browser.quiet();
    }
    expect(browser.made).toBe(3);
    page.say(ask(SECOND, { activated: true }));
    await browser.quiet();
    expect(browser.made).toBe(4);
  });

  it("from a tab that nobody looks at gets no window, whatever it says of itself", async () => {
    browser.hidden.add(1);
    const page = frame();
    page.say(ask(FIRST, { activated: true }));
    await browser.quiet();
    expect(browser.made).toBe(0);
    expect(page.heard).toMatchObject([{ type: "error", name: "NotAllowedError" }]);
  });

  it("hears nothing of what goes on inside", async () => {
    answers.set("passkeyPrompt", () => {
      throw new CoreError({ code: "damaged", message: "what is on this device is damaged: row 7" });
    });
    const page = frame();
    page.say(ask(FIRST));
    await browser.quiet();
    expect(page.heard).toMatchObject([{ type: "error", name: "UnknownError" }]);
    expect(JSON.stringify(page.heard)).not.toContain("damaged");
  });
});

describe("one consent", () => {
  it("makes one passkey, however often it is pressed", async () => {
    const page = frame();
    page.say(ask(FIRST));
    await browser.quiet();
    await Promise.all([consentAccept(FIRST), consentAccept(FIRST)]);
    await consentAccept(FIRST);
    expect(asked("passkeyComplete")).toBe(1);
    expect(page.heard).toMatchObject([{ type: "response", request: FIRST }]);
  });

  it("makes one passkey when the frame asks again meanwhile", async () => {
    const page = frame();
    page.say(ask(FIRST));
    await browser.quiet();
    const accepted = consentAccept(FIRST);
    page.say(ask(FIRST, { options: { challenge: "BB" } }));
    await accepted;
    page.say({ type: "ping" });
    await browser.quiet();
    expect(asked("passkeyComplete")).toBe(1);
  });

  it("is for the options that were shown", async () => {
    const page = frame();
    page.say(ask(FIRST));
    await browser.quiet();
    page.say(ask(FIRST, { kind: "get", options: { challenge: "BB" } }));
    await browser.quiet();
    await consentAccept(FIRST);
    expect(core.call).toHaveBeenCalledWith(expect.objectContaining({ type: "passkeyComplete", kind: "create", options: { challenge: "AA" } }));
  });

  it("says which request it was given to", async () => {
    frame().say(ask(FIRST));
    await browser.quiet();
    await consentAccept(FIRST);
    expect(core.call).toHaveBeenCalledWith(expect.objectContaining({ type: "passkeyComplete", consent: { request: "AQID", present: true, verified: false } }));
  });

  it("makes nothing until the frame is there to hear of it", async () => {
    frame().say(ask(FIRST));
    await browser.quiet();
    vi.resetModules();
    const next = await import("./consent.ts");
    await next.consentAccept(FIRST);
    expect(asked("passkeyComplete")).toBe(0);

    const back = browser.frame(1, "d1");
    next.acceptRelay(back.port);
    back.say(ask(FIRST));
    await browser.quiet();
    expect(asked("passkeyComplete")).toBe(1);
    expect(back.heard).toMatchObject([{ type: "response", request: FIRST }]);
  });

  it("makes it for a frame that comes back while the window closes", async () => {
    frame().say(ask(FIRST));
    await browser.quiet();
    vi.resetModules();
    const next = await import("./consent.ts");
    const back = browser.frame(1, "d1");
    next.acceptRelay(back.port);
    browser.chrome.windows.remove = async () => {
      back.say(ask(FIRST));
      await browser.quiet();
    };
    await next.consentAccept(FIRST);
    expect(back.heard).toMatchObject([{ type: "response", request: FIRST }]);
  });

  it("is no refusal because its window closes", async () => {
    const page = frame();
    page.say(ask(FIRST));
    await browser.quiet();
    const get = browser.chrome.windows.get;
    browser.chrome.windows.get = async (id) => {
      // The frame asks again, and the answer comes before the browser says what has become of the window.
      await consentAccept(FIRST);
      return get(id);
    };
    page.say(ask(FIRST));
    await browser.quiet();
    browser.chrome.windows.get = get;
    expect(page.heard).toMatchObject([{ type: "response", request: FIRST }]);
    page.say(ask(SECOND));
    await browser.quiet();
    expect(browser.made).toBe(2);
  });

  it("reaches no document that came after", async () => {
    const page = frame();
    page.say(ask(FIRST));
    await browser.quiet();
    const next = frame(1, "d2");
    next.say(ask(FIRST));
    page.close();
    await browser.quiet();
    await consentAccept(FIRST);
    expect(next.heard.filter((each) => each["type"] === "response")).toEqual([]);
    expect(asked("passkeyComplete")).toBe(0);
  });
});

describe("a frame that names another's request", () => {
  it("gets no answer to it", async () => {
    const [page, thief] = [frame(1, "d1"), frame(2, "d2")];
    page.say(ask(FIRST));
    await browser.quiet();
    const accepted = consentAccept(FIRST);
    thief.say(ask(FIRST));
    await accepted;
    await browser.quiet();
    expect(page.heard).toMatchObject([{ type: "response", request: FIRST }]);
    expect(thief.heard.filter((each) => each["type"] === "response")).toEqual([]);
  });

  it("cannot call it off", async () => {
    const [page, thief] = [frame(1, "d1"), frame(2, "d2")];
    page.say(ask(FIRST));
    await browser.quiet();
    thief.say({ type: "abort", request: FIRST });
    await browser.quiet();
    await consentAccept(FIRST);
    expect(page.heard).toMatchObject([{ type: "response", request: FIRST }]);
  });
});

describe("verification", () => {
  it("is claimed after a check within the request alone", async () => {
    const page = frame();
    page.say(ask(FIRST, { verified: true, consent: { verified: true } }));
    await browser.quiet();
    await consentAccept(FIRST);
    expect(core.call).toHaveBeenCalledWith(expect.objectContaining({ type: "passkeyComplete", consent: { request: "AQID", present: true, verified: false } }));
  });

  it.each([
    ["nothing but a press", async () => consentAccept(FIRST), false],
    ["the passphrase with the press", async () => consentAccept(FIRST, undefined, "right"), true],
    ["unlocking in the window", async () => consentUnlock(FIRST, "right").then(() => consentAccept(FIRST)), true],
    ["unlocking for another request", async () => consentUnlock(SECOND, "right").then(() => consentAccept(FIRST)), false],
    ["unlocking anywhere else", async () => answerUi({ to: "core", request: { type: "unlock", passphrase: "right" } }).then(() => consentAccept(FIRST)), false],
  ] as const)("after %s", async (_, act, verified) => {
    frame().say(ask(FIRST));
    await browser.quiet();
    await act();
    expect(core.call).toHaveBeenCalledWith(expect.objectContaining({ type: "passkeyComplete", consent: { request: "AQID", present: true, verified } }));
  });

  it("is not claimed when the passphrase was wrong", async () => {
    answers.set("verify", () => {
      throw new CoreError({ code: "wrongPassphrase", message: "no" });
    });
    frame().say(ask(FIRST));
    await browser.quiet();
    await expect(consentAccept(FIRST, undefined, "guess")).rejects.toThrow();
    expect(asked("passkeyComplete")).toBe(0);
  });

  it("brings back no request that was given up while the person unlocked", async () => {
    answers.set("passkeyPrompt", () => ({ decision: "unlock", rpId: "shop.test" }));
    const page = frame();
    page.say(ask(FIRST));
    await browser.quiet();
    answers.set("passkeyPrompt", async () => {
      page.close();
      await browser.quiet();
      return { decision: "ask", prompt };
    });
    expect(await consentUnlock(FIRST, "right")).toBeUndefined();
    expect(await consentView(FIRST)).toBeUndefined();
  });
});

it("closing the window refuses", async () => {
  const page = frame();
  page.say(ask(FIRST));
  await browser.quiet();
  await windowClosed([...browser.windows][0] ?? 0);
  expect(page.heard).toMatchObject([{ type: "error", name: "NotAllowedError" }]);
});
