import { expect, it, vi } from "vitest";

const related = vi.hoisted(() => ({ fetchDocument: vi.fn<(url: string) => Promise<object>>() }));
vi.mock("./related.ts", () => related);

const { parseEndpoints, readEndpoints } = await import("./endpoints.ts");

const answer = (body: string, more: object = {}) => ({ status: 200, contentType: "application/json; charset=utf-8", body, ...more });
const manage = "https://accounts.shop.test/passkeys";

it("a site says where its passkeys are managed", () => {
  expect(parseEndpoints(answer(JSON.stringify({ manage, enroll: manage, other: 1 })))).toEqual({ manage, enroll: manage });
});

it.each([
  answer(JSON.stringify({ manage: "javascript:alert(1)", enroll: "http://shop.test/" })),
  answer(JSON.stringify({ manage: ["https://shop.test/"] })),
  answer(JSON.stringify({ manage }), { status: 404 }),
  answer(JSON.stringify({ manage }), { contentType: "text/html" }),
  answer("null"),
  answer("<html>"),
])("what is no such address is none: %j", (given) => {
  expect(parseEndpoints(given)).toEqual({});
});

const change = "https://shop.test/.well-known/change-password";

it.each([
  ["has a page for it", 200, 404, { manage: change }],
  ["has none", 404, 404, {}],
  ["has a page for everything", 200, 200, {}],
  ["cannot be reached", 0, 0, {}],
  ["answers in part", 200, 0, {}],
])("a site that %s is taken at its word", async (_, given, never, expected) => {
  related.fetchDocument.mockImplementation((url) => Promise.resolve(answer("", { status: url === change ? given : never })));
  expect(await readEndpoints("shop.test", "password")).toEqual(expected);
});

it.each(["shop.test/x?", "shop.test:8443", "ada@shop.test", ""])("nothing is asked of %j", async (site) => {
  related.fetchDocument.mockClear();
  expect(await readEndpoints(site, "password")).toEqual({});
  expect(related.fetchDocument).not.toHaveBeenCalled();
});
