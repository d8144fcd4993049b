/** Whether to keep what was typed: the site in large type, one primary button. */

import { useState } from "preact/hooks";
import type { ItemSummary } from "../../core/messages.ts";
import type { SaveView } from "../../messages/ui.ts";
import { Brand, Button, IconButton, Notice } from "../components/basic.tsx";
import { TextField } from "../components/fields.tsx";
import { Icon } from "../components/Icon.tsx";
import { useSeen } from "../hooks.ts";
import { t } from "../t.ts";

interface Props {
  view: SaveView;
  busy: boolean;
  wrong: string | undefined;
  /** Without an id it becomes a login of its own. */
  onSave: (userName: string, id: string | undefined) => unknown;
  onDismiss: () => unknown;
  onNever: () => unknown;
}

export function SavePrompt({ view, busy, wrong, onSave, onDismiss, onNever }: Props) {
  const { site, logins, password } = view;
  const [chosen, setChosen] = useState(logins[0]?.id);
  const [userName, setUserName] = useState(view.userName);
  const seen = useSeen();
  return (
    <form
      class="window"
      onSubmit={(event) => {
        event.preventDefault();
        // A login that is changed keeps its name.
        void onSave(chosen === undefined ? userName : "", chosen);
      }}
    >
      <header>
        <Brand />
      </header>
      <main>
        <div class="question">
          <h1 class="soft small">{t(logins.length === 0 ? "saveNew" : "saveChange")}</h1>
          <bdi class={site.length > 24 ? "site long" : "site"} data-testid="site">
            {site}
          </bdi>
        </div>
        {logins.length > 0 && <Logins logins={logins} chosen={chosen} onChoose={setChosen} />}
        {chosen === undefined && <TextField label={t("userName")} value={userName} onInput={setUserName} autocomplete="off" spellcheck={false} testId="save-user" />}
        <Password password={password} />
        {wrong !== undefined && <Notice kind="bad">{wrong}</Notice>}
      </main>
      <footer>
        <Button kind="primary" type="submit" wide busy={busy} disabled={!seen} testId="save">
          {t(chosen === undefined ? "saveButton" : "saveUpdate")}
        </Button>
        <div class="pair">
          <Button wide onClick={onDismiss} testId="not-now">
            {t("saveNotNow")}
          </Button>
          <Button wide disabled={!seen} onClick={onNever} testId="never">
            {t("saveNever")}
          </Button>
        </div>
      </footer>
    </form>
  );
}

function Logins({ logins, chosen, onChoose }: { logins: ItemSummary[]; chosen: string | undefined; onChoose: (id: string | undefined) => void }) {
  const choice = (id: string | undefined, first: string, second?: string) => (
    <label class="choice" key={id ?? "new"}>
      <input type="radio" name="login" checked={id === chosen} onChange={() => onChoose(id)} data-testid={id === undefined ? "save-new" : "save-login"} />
      <span class="grow">
        <bdi class="cut block">{first}</bdi>
        {second !== undefined && <bdi class="cut block small soft">{second}</bdi>}
      </span>
    </label>
  );
  return (
    <fieldset class="choices" aria-label={t("saveFor")}>
      {logins.map(({ id, title, account }) => choice(id, account ?? title, account === undefined ? undefined : title))}
      {choice(undefined, t("saveAsNew"))}
    </fieldset>
  );
}

function Password({ password }: { password: string }) {
  const [shown, setShown] = useState(false);
  return (
    <div class="card">
      <div class="line">
        <Icon name="lock" />
        <span class={`grow ${shown ? "mono wrap" : ""}`} data-testid="save-password">
          {shown ? password : "••••••••••"}
        </span>
        <IconButton label={t(shown ? "hidePassword" : "showPassword")} icon={shown ? "eyeOff" : "eye"} onClick={() => setShown(!shown)} testId="save-show" />
      </div>
      <div class="line soft small">
        <Icon name="devices" />
        <span>{t("saveKept")}</span>
      </div>
    </div>
  );
}
