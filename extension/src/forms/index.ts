/**
 * The forms' half in every frame, in a world of its own: says what there is to fill in when the worker asks, fills in what the
 * person chose, and tells what they typed and sent off. The page sees none of it but values in its fields.
 */

import { parseFilling, parseToForms, type Fields, type FromForms } from "../messages/forms.ts";
import { findForms, type Form } from "./detect.ts";
import { fill } from "./fill.ts";
import { watchForms } from "./watch.ts";

const ancestors = () => Array.from(location.ancestorOrigins);
const { touch } = watchForms({
  typed: (typed) => void tell({ type: "typed", ...typed, ancestors: ancestors() }),
  named: (userName) => void tell({ type: "named", userName, ancestors: ancestors() }),
  gone: () => void tell({ type: "gone" }),
});

chrome.runtime.onMessage.addListener((data: unknown, _, reply) => {
  // The relay beside us hears messages of its own.
  if (typeof data !== "object" || data === null || !("look" in data || "fill" in data)) return false;
  const message = parseToForms(data);
  void (message.type === "look" ? found(message.look) : filled(message.fill)).then(reply, () => reply(null));
  return true;
});

/** The worker hears it before it hears that all frames were asked. */
async function found(look: string): Promise<boolean> {
  const forms = findForms(document);
  const rules = rulesOf(forms);
  await tell({ type: "found", look, fields: fieldsOf(forms), ...(rules === undefined ? {} : { rules }), ancestors: ancestors() });
  return true;
}

async function filled(name: string): Promise<unknown> {
  const values = parseFilling(await tell({ type: "take", fill: name, ancestors: ancestors() }));
  const places = fill(document, values);
  touch(findForms(document).flatMap(({ userName, currentPassword, newPassword }) => [userName, currentPassword, newPassword].filter((input) => input !== undefined)));
  return places;
}

function fieldsOf(forms: Form[]): Fields {
  const some = (is: (form: Form) => boolean) => forms.some(is);
  const password = some(({ currentPassword }) => currentPassword !== undefined);
  return { login: password || some(({ purpose }) => purpose === "identify"), fresh: some(({ newPassword }) => newPassword !== undefined), code: some(({ codes }) => codes.length > 0), password };
}

/** What the site wants of a new password, by its own word. */
function rulesOf(forms: Form[]): string | undefined {
  const input = forms.find(({ newPassword }) => newPassword !== undefined)?.newPassword;
  if (input === undefined) return undefined;
  const said = input.getAttribute("passwordrules") ?? "";
  const length = input.maxLength > 0 && !/maxlength/i.test(said) ? `maxlength: ${input.maxLength};` : "";
  const rules = `${said.trim().replace(/;?$/, said.trim() === "" ? "" : ";")} ${length}`.trim();
  return rules === "" || rules.length > MOST_RULES ? undefined : rules;
}

const MOST_RULES = 500;

/** Nothing comes back once the extension was updated or removed under this page. */
async function tell(message: FromForms): Promise<unknown> {
  try {
    return await chrome.runtime.sendMessage<FromForms, unknown>(message);
  } catch {
    return undefined;
  }
}
