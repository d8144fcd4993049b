// What fields are: every shape of a form is found as a person would read it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { build } from "vite";

import { SHAPES } from "../support/form-shapes.mjs";
import { root } from "../support/world.mjs";

export const name = "forms are found for what they are, in many shapes and languages";

export async function run(world) {
  assert.ok(SHAPES.length >= 40);
  const profile = await world.profile("forms");
  const page = await profile.page(`${world.sites.origin("shop.test")}/site.css`);
  await page.evaluate(await bundle());
  const found = await page.evaluate(findAll, SHAPES);
  const wrong = SHAPES.flatMap((shape, at) => differences(shape, found[at]));
  assert.deepEqual(wrong, []);
}

async function bundle() {
  const entry = join(root, "extension/src/forms/detect.ts");
  const [{ output }] = await build({ configFile: false, logLevel: "warn", build: { write: false, minify: false, lib: { entry, formats: ["iife"], name: "forms" } } });
  return `${output[0].code}; globalThis.forms = forms;`;
}

/** In the page: of each shape the purposes, and each field that is marked or found, with what it is and was found as. */
function findAll(shapes) {
  const ROLES = { userName: "user", knownUser: "known", currentPassword: "current", newPassword: "new", confirmPassword: "confirm" };
  const rolesOf = (form) => [
    ...Object.entries(ROLES).filter(([name]) => form[name]).map(([name, role]) => [form[name], role]),
    ...form.codes.map((input) => [input, "code"]),
  ];
  const marked = (within) => [...within.querySelectorAll("*")].flatMap((each) => [
    ...(each.dataset?.is ? [each] : []),
    ...(each.shadowRoot ? marked(each.shadowRoot) : []),
  ]);
  return shapes.map(({ html }) => {
    document.body.setHTMLUnsafe(html);
    const forms = globalThis.forms.findForms(document);
    const roles = new Map(forms.flatMap((form, at) => rolesOf(form).map(([input, role]) => [input, at === 0 ? role : `${at}.${role}`])));
    const inputs = [...new Set([...marked(document), ...roles.keys()])];
    return { purposes: forms.map(({ purpose }) => purpose), fields: inputs.map((input) => ({ html: input.outerHTML, is: input.dataset.is, found: roles.get(input) })) };
  });
}

function differences({ about, purposes }, found) {
  const fields = found.fields.filter(({ is, found }) => is !== found).map(({ html, found }) => `${about}: ${html} was found as ${found}`);
  const same = JSON.stringify(purposes) === JSON.stringify(found.purposes);
  return same ? fields : [...fields, `${about}: ${found.purposes.join(", ") || "nothing"} instead of ${purposes.join(", ") || "nothing"}`];
}
