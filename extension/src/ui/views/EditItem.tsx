import { useState } from "preact/hooks";
import type { Item, RequestOf } from "../../core/messages.ts";
import { Button, Notice } from "../components/basic.tsx";
import { NewPassword, TextArea, TextField } from "../components/fields.tsx";
import { t } from "../t.ts";

type Change<T extends "editLogin" | "editNote" | "renameItem"> = Omit<RequestOf<T>, "id">;
/** What a person changed, and nothing else: what others changed meanwhile stays. */
export type ItemChange = Change<"editLogin"> | Change<"editNote"> | Change<"renameItem">;

interface Props {
  item: Item;
  busy: boolean;
  wrong: string | undefined;
  onGenerate: () => Promise<string>;
  onCancel: () => void;
  onSave: (change: ItemChange) => unknown;
}

export function EditItem({ item, busy, wrong, onGenerate, onCancel, onSave }: Props) {
  const { detail, summary } = item;
  const before = valuesOf(item);
  const [values, setValues] = useState(before);
  const set = (key: keyof Values) => (value: string) => setValues({ ...values, [key]: value });
  const change = changeOf(item, before, values);
  const login = detail.kind === "login";
  const note = detail.kind === "note";
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (change === undefined) onCancel();
        else void onSave(change);
      }}
    >
      <TextField label={t(detail.kind === "passkey" ? "passkeyName" : "itemName")} value={values.title} onInput={set("title")} placeholder={summary.title} autofocus testId="item-name" />
      {login && <TextArea label={t("sites")} hint={t("sitesHint")} value={values.sites} onInput={set("sites")} testId="edit-sites" />}
      {login && <TextField label={t("userName")} value={values.userName} onInput={set("userName")} testId="edit-user" />}
      {login && <NewPassword label={t("password")} hint={t("passwordKeep")} value={values.password} onInput={set("password")} onGenerate={onGenerate} testId="edit-password" />}
      {login && <TextField label={t("oneTimeSecret")} hint={t(detail.hasCodes ? "oneTimeKeep" : "oneTimeHint")} value={values.codes} onInput={set("codes")} testId="edit-codes" />}
      {login && <TextArea label={t("remarks")} value={values.notes} onInput={set("notes")} testId="edit-notes" />}
      {note && <TextArea label={t("noteText")} value={values.text} onInput={set("text")} testId="edit-text" />}
      {(login || note) && <TextField label={t("tags")} hint={t("tagsHint")} value={values.tags} onInput={set("tags")} testId="edit-tags" />}
      {wrong !== undefined && <Notice kind="bad">{wrong}</Notice>}
      <div class="dialog-actions">
        <Button onClick={onCancel}>{t("cancel")}</Button>
        <Button kind="primary" type="submit" busy={busy} testId="item-save">
          {t("save")}
        </Button>
      </div>
    </form>
  );
}

interface Values {
  title: string;
  sites: string;
  userName: string;
  password: string;
  codes: string;
  notes: string;
  text: string;
  tags: string;
}

function valuesOf({ detail, summary }: Item): Values {
  const none = { title: summary.title, sites: "", userName: "", password: "", codes: "", notes: "", text: "", tags: "" };
  switch (detail.kind) {
    case "passkey":
      return { ...none, title: detail.displayName };
    case "login":
      return { ...none, sites: detail.sites.join("\n"), userName: detail.userName, notes: detail.notes, tags: detail.tags.join(", ") };
    case "note":
      return { ...none, text: detail.text, tags: detail.tags.join(", ") };
  }
}

/** What differs; nothing if nothing does. */
export function changeOf({ detail }: Item, before: Values, after: Values): ItemChange | undefined {
  const changed = (key: keyof Values) => (after[key] === before[key] ? undefined : after[key]);
  const list = (key: keyof Values, separator: RegExp) => changed(key)?.split(separator).map((each) => each.trim()).filter((each) => each !== "");
  const title = changed("title")?.trim();
  const named = title === undefined || title === "" ? {} : { title };
  switch (detail.kind) {
    case "passkey":
      return "title" in named ? { type: "renameItem", title: named.title } : undefined;
    case "login":
      return orNothing({
        type: "editLogin",
        ...named,
        ...given("sites", list("sites", /[\s,]+/)),
        ...given("userName", changed("userName")),
        ...given("password", changed("password")),
        ...given("codes", changed("codes")),
        ...given("notes", changed("notes")),
        ...given("tags", list("tags", /,/)),
      });
    case "note":
      return orNothing({ type: "editNote", ...named, ...given("text", changed("text")), ...given("tags", list("tags", /,/)) });
  }
}

function given<K extends string, T>(key: K, value: T | undefined): Record<K, T> | object {
  return value === undefined ? {} : { [key]: value };
}

function orNothing(change: ItemChange): ItemChange | undefined {
  return Object.keys(change).length > 1 ? change : undefined;
}
