import { useState } from "preact/hooks";
import { Button, Notice } from "../components/basic.tsx";
import { Dialog } from "../components/Dialog.tsx";
import { NewPassword, Segments, TextArea, TextField } from "../components/fields.tsx";
import { t } from "../t.ts";

/** What a person can put into the vault by hand; passkeys come from sites. */
export type NewItem =
  | { type: "addLogin"; title: string; site: string; userName: string; password: string; notes: string }
  | { type: "addNote"; title: string; text: string };

interface Props {
  busy: boolean;
  wrong: string | undefined;
  onGenerate: () => Promise<string>;
  onAdd: (item: NewItem) => unknown;
  onClose: () => void;
}

export function AddDialog({ busy, wrong, onGenerate, onAdd, onClose }: Props) {
  const [kind, setKind] = useState<NewItem["type"]>("addLogin");
  const [title, setTitle] = useState("");
  const [site, setSite] = useState("");
  const [userName, setUserName] = useState("");
  const [password, setPassword] = useState("");
  const [text, setText] = useState("");
  const login = kind === "addLogin";
  const ready = login ? site !== "" && password !== "" : title !== "";
  const item = (): NewItem => (login ? { type: kind, title: title === "" ? hostOf(site) : title, site, userName, password, notes: text } : { type: kind, title, text });
  return (
    <Dialog title={t("addTitle")} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void onAdd(item());
        }}
      >
        <div>
          <Segments label={t("addKind")} value={kind} onChange={setKind} options={[["addLogin", t("kindLogin")], ["addNote", t("kindNote")]]} />
        </div>
        {login && <TextField label={t("site")} value={site} onInput={setSite} placeholder="https://" autofocus testId="add-site" />}
        {login && <TextField label={t("userName")} value={userName} onInput={setUserName} testId="add-user" />}
        {login && <NewPassword label={t("password")} value={password} onInput={setPassword} onGenerate={onGenerate} testId="add-password" />}
        <TextField label={t("itemName")} value={title} onInput={setTitle} placeholder={login ? hostOf(site) : ""} testId="add-title" />
        <TextArea label={t(login ? "remarks" : "noteText")} value={text} onInput={setText} testId="add-text" />
        {wrong !== undefined && <Notice kind="bad">{wrong}</Notice>}
        <div class="dialog-actions">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="primary" type="submit" busy={busy} disabled={!ready} testId="add-confirm">
            {t("add")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What a login is called until the person says otherwise. */
function hostOf(site: string): string {
  const address = site.includes("://") ? site : `https://${site}`;
  return URL.canParse(address) ? new URL(address).host : site;
}
