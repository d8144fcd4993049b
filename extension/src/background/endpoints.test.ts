import { expect, it } from "vitest";
import { parseEndpoints } from "./endpoints.ts";

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
