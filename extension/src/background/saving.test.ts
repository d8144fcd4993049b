/** What is held of what a person typed, and when they are asked. */

import { beforeEach, expect, it, vi } from "vitest";
import { CoreError } from "../core/error.ts";
import type { Request } from "../core/messages.ts";
import { fakeChrome } from "./fake-chrome.test-support.ts";

const core = vi.hoisted(() => ({ call: vi.fn<(request: Request) => Promise<unknown>>() }));
vi.mock("./core.ts", () => core);
vi.mock("./sealed.ts", () => ({
  loadKey: () => Promise.resolve({}),
  makeKey: () => Promise.resolve({}),
  seal: (_: unknown, bytes: Uint8Array) => Promise.resolve(Buffer.from(bytes).toString("hex")),
  open: (_: unknown, sealed: string) => Promise.resolve(new Uint8Array(Buffer.from(sealed, "hex"))),
}));
vi.stubGlobal("__TEST_HOOKS__", false);

const { hearForms } = await import("./forms.ts");
const { dismissSave, pendingSave, save, saveClosed, savingTabClosed, viewSave } = await import("./saving.ts");

const origin = "https://shop.test";
const typed = { type: "typed", userName: "ada", password: "hunter2", made: false, ancestors: [] };
let browser: ReturnType<typeof fakeChrome>;
let verdict: () => unknown;
const asked = (type: string) => core.call.mock.calls.filter(([request]) => request.type === type).map(([request]) => request);

beforeEach(() => {
  browser = fakeChrome();
  const listeners = new Set<unknown>();
  const onCompleted = { hasListener: (each: unknown) => listeners.has(each), addListener: (each: unknown) => listeners.add(each), removeListener: (each: unknown) => listeners.delete(each) };
  Object.assign(browser.chrome.webNavigation, { onCompleted });
  vi.stubGlobal("chrome", browser.chrome);
  verdict = () => ({ verdict: "new", logins: [] });
  core.call.mockReset().mockImplementation(async ({ type }) => {
    await Promise.resolve();
    return type === "weighLogin" ? verdict() : type === "state" ? { phase: "unlocked" } : {};
  });
});

const sender = (tab: number, document = "d1", from = origin) => ({ id: "roamkey", tab: { id: tab }, frameId: 0, documentId: document, origin: from, url: `${from}/` }) as chrome.runtime.MessageSender;

async function sends(tab: number, message: object = typed): Promise<void> {
  await hearForms(message, sender(tab));
  await hearForms({ type: "gone" }, sender(tab));
}

it("nothing is asked before the site has taken it", async () => {
  await hearForms(typed, sender(1));
  expect(await pendingSave(1)).toBeUndefined();
  expect(browser.made).toBe(0);
  await hearForms({ type: "gone" }, sender(1, "d2"));
  expect(browser.made, "another document is not the one").toBe(0);
  await hearForms({ type: "gone" }, sender(1));
  expect(browser.made).toBe(1);
});

it("a site that goes on and on opens one window, and none after a no", async () => {
  for (let times = 0; times < 5; times++) await sends(1, { ...typed, password: `hunter${times}` });
  expect(browser.made).toBe(1);
  await saveClosed(101);
  for (let times = 0; times < 5; times++) await sends(1);
  expect(browser.made).toBe(1);
  expect(browser.badges.get(1), "it waits at the button").toBe("+");
});

it("a tab that nobody looks at opens nothing", async () => {
  browser.hidden.add(1);
  await sends(1);
  expect(browser.made).toBe(0);
  expect(await pendingSave(1)).toBe("shop.test");
});

it("what is known is forgotten, and what a locked vault cannot know waits", async () => {
  verdict = () => ({ verdict: "known", logins: [] });
  await sends(1);
  expect(await pendingSave(1)).toBeUndefined();
  verdict = () => {
    throw new CoreError({ code: "locked", message: "no" });
  };
  await sends(1);
  expect(await pendingSave(1)).toBe("shop.test");
  expect(browser.made).toBe(0);
});

it("where nothing is to be kept, nothing is held", async () => {
  await browser.chrome.storage.local.set({ settings: { unsaved: ["shop.test"] } });
  await sends(1);
  await browser.chrome.storage.local.set({ settings: { enabled: false } });
  await sends(2);
  expect([await pendingSave(1), await pendingSave(2)]).toEqual([undefined, undefined]);
  expect(core.call).not.toHaveBeenCalled();
});

it("of many tabs the oldest are let go of", async () => {
  for (let tab = 1; tab <= 20; tab++) await hearForms(typed, sender(tab));
  const names = Object.keys(await browser.chrome.storage.session.get(null)).filter((name) => name.startsWith("typed:"));
  expect(names).toHaveLength(16);
});

it("what was typed too long ago is over", async () => {
  await sends(1);
  vi.useFakeTimers({ now: Date.now() + 11 * 60_000, toFake: ["Date"] });
  expect(await viewSave(1)).toBeUndefined();
  vi.useRealTimers();
});

it("a name of an earlier step counts on the same site alone", async () => {
  await hearForms({ type: "named", userName: "ada", ancestors: [] }, sender(1));
  await sends(1, { ...typed, userName: "" });
  expect(asked("weighLogin").at(-1)).toHaveProperty("userName", "ada");
  await dismissSave(1);
  await hearForms({ type: "named", userName: "eve", ancestors: [] }, sender(2, "d1", "https://evil.test"));
  await sends(2, { ...typed, userName: "" });
  expect(asked("weighLogin").at(-1)).toHaveProperty("userName", "");
});

it("it is saved as the person says, for the site that it was typed at", async () => {
  await sends(1);
  await save(1, "ada@shop.test", undefined);
  expect(asked("addLogin")).toEqual([{ type: "addLogin", title: "shop.test", site: origin, userName: "ada@shop.test", password: "hunter2", notes: "" }]);
  await sends(2);
  await save(2, "", "07");
  expect(asked("editLogin")).toEqual([{ type: "editLogin", id: "07", password: "hunter2" }]);
  expect(await pendingSave(2)).toBeUndefined();
});

it("a page that came before its form was heard of counts as well", async () => {
  Object.assign(browser.chrome.webNavigation, { getAllFrames: () => Promise.resolve([{ frameId: 0, parentFrameId: -1, url: "https://shop.test/in", documentId: "d2" }]) });
  browser.chrome.tabs.get = () => Promise.resolve({ windowId: 1, active: true, status: "complete" });
  browser.chrome.tabs.sendMessage = () => Promise.reject(new Error("nobody is there"));
  await hearForms(typed, sender(1));
  expect(browser.made).toBe(1);
});

it("two who see at once that a form was taken ask once", async () => {
  await hearForms(typed, sender(1));
  await Promise.all([savingTabClosed(1), hearForms({ type: "gone" }, sender(1))]);
  expect(browser.made).toBe(1);
});

it("what is told twice, of a press and of the sending, is one thing", async () => {
  await sends(1);
  await hearForms(typed, sender(1));
  expect(await viewSave(1)).toMatchObject({ userName: "ada", password: "hunter2" });
});

it("that the form is gone may be said before what was typed was heard to its end", async () => {
  await Promise.all([hearForms(typed, sender(1)), hearForms({ type: "gone" }, sender(1))]);
  expect(browser.made).toBe(1);
});
