/** The ways in which a frame, or whoever speaks for it, may try to get what was meant for another. */

import { beforeEach, expect, it, vi } from "vitest";
import { CoreError } from "../core/error.ts";
import type { Request } from "../core/messages.ts";
import type { Filling, ToForms } from "../messages/forms.ts";
import { fakeChrome } from "./fake-chrome.test-support.ts";

const core = vi.hoisted(() => ({ call: vi.fn<(request: Request) => Promise<unknown>>() }));
vi.mock("./core.ts", () => core);
vi.stubGlobal("__TEST_HOOKS__", false);

const { hearForms } = await import("./forms.ts");
const { fillIn, look } = await import("./page-forms.ts");

const origin = "https://shop.test";
const fields = { login: true, fresh: false, code: false, password: true };
const values: Filling = { userName: "ada", password: "hunter2", code: "123456" };

/** What each frame answers, by its number: as a page's own half would, or one that somebody took over. */
type Half = (message: ToForms, say: (message: object, sender?: Partial<chrome.runtime.MessageSender>) => Promise<unknown>) => Promise<unknown>;
let halves: Map<number, Half>;

const found: Half = async (message, say) => (message.type === "look" ? say({ type: "found", look: message.look, fields, ancestors: [] }) : say({ type: "take", fill: message.fill, ancestors: [] }));

beforeEach(() => {
  const browser = fakeChrome();
  vi.stubGlobal("chrome", browser.chrome);
  core.call.mockReset().mockResolvedValue({});
  halves = new Map([[0, found]]);
  browser.chrome.tabs.sendMessage = ((tab: number, message: ToForms, { frameId }: { frameId: number }) => {
    const sender = { id: "roamkey", tab: { id: tab }, frameId, documentId: `d${frameId}`, origin, url: `${origin}/` } as chrome.runtime.MessageSender;
    const half = halves.get(frameId);
    if (half === undefined) return Promise.reject(new Error("nobody is there"));
    return half(message, (said, other) => hearForms(said, { ...sender, ...other })).then((answer) => (message.type === "look" ? true : { answer }));
  }) as never;
});

/** What the frame was given when it was told to fill in. */
async function given(half: Half): Promise<Filling | null | undefined> {
  const [spot] = await look(1);
  if (spot === undefined) throw new Error("nothing was found");
  let got: Filling | null | undefined;
  halves.set(0, async (message, say) => {
    got = (await half(message, say)) as Filling | null;
    return got;
  });
  await fillIn(spot, () => Promise.resolve(values)).catch(() => undefined);
  return got;
}

it("the document that was asked gets what it has a place for, and no more", async () => {
  expect(await given(found)).toEqual({ userName: "ada", password: "hunter2" });
});

it("it gets it once", async () => {
  expect(
    await given(async (message, say) => {
      await found(message, say);
      return found(message, say);
    }),
  ).toEqual({});
});

it.each([
  ["another document in its place", { documentId: "d9" }],
  ["another frame", { frameId: 7 }],
  ["another tab", { tab: { id: 2 } as chrome.tabs.Tab }],
  ["a page's own script, by way of another extension", { id: "other" }],
])("%s gets nothing", async (_, other) => {
  const got = await given((message, say) => say({ type: "take", fill: "fill" in message ? message.fill : "", ancestors: [] }, other));
  expect(JSON.stringify(got ?? null)).not.toContain("hunter2");
});

it("whoever names no question that is open gets nothing", async () => {
  expect(await given((_, say) => say({ type: "take", fill: "0b8f1a52-3f6c-4e2e-9d9c-000000000009", ancestors: [] }))).toEqual({});
});

it("a frame whose word of what is around it is not the browser's has nothing to fill in, and gets nothing", async () => {
  halves.set(0, (message, say) => say({ type: "found", look: "look" in message ? message.look : "", fields, ancestors: ["https://shop.test"] }));
  expect(await look(1)).toEqual([]);
  halves.set(0, found);
  expect(await given((message, say) => say({ type: "take", fill: "fill" in message ? message.fill : "", ancestors: ["https://shop.test"] }))).toEqual({});
});

it("where the core lets nothing be typed, there is nothing to fill in", async () => {
  core.call.mockRejectedValue(new CoreError({ code: "foreignFrame", message: "no" }));
  expect(await look(1)).toEqual([]);
});

it("what the core refuses is told to the person, and not to the page", async () => {
  const [spot] = await look(1);
  if (spot === undefined) throw new Error("nothing was found");
  const refused = fillIn(spot, () => Promise.reject(new CoreError({ code: "otherSite", message: "no" })));
  await expect(refused).rejects.toThrow(CoreError);
});

it("a frame without a script of ours is passed over", async () => {
  halves.clear();
  expect(await look(1)).toEqual([]);
});

it("what makes no sense is not heard", async () => {
  const sender = { id: "roamkey", tab: { id: 1 }, frameId: 0, documentId: "d0", origin } as chrome.runtime.MessageSender;
  expect(await hearForms({ to: "core", request: { type: "reveal", id: "1" } }, sender)).toBeNull();
  expect(core.call).not.toHaveBeenCalled();
});
