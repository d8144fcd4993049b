import { readFileSync, readdirSync } from "node:fs";
import { expect, it } from "vitest";
import english from "../../public/_locales/en/messages.json";

const keys = Object.keys(english);
const locales = readdirSync("public/_locales");
const placeholders = (text: string) => (text.match(/\$\d/g) ?? []).toSorted();

it.each(locales)("%s says everything that English says, with the same values", (locale) => {
  const messages = JSON.parse(readFileSync(`public/_locales/${locale}/messages.json`, "utf8")) as Record<string, { message: string }>;
  expect(Object.keys(messages).toSorted()).toEqual(keys.toSorted());
  for (const [key, { message }] of Object.entries(english)) expect(placeholders(messages[key]?.message ?? ""), key).toEqual(placeholders(message));
});

it("every message is used", () => {
  const source = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".test.ts"))
    .map((path) => readFileSync(`src/${path}`, "utf8"))
    .join("\n");
  const unused = keys.filter((key) => !source.includes(`"${key.replace(/_(one|other)$/, "")}"`) && key !== "appDescription");
  expect(unused).toEqual([]);
});
