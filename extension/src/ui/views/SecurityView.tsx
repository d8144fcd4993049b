import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import type { Settings } from "../../background/settings.ts";
import type { PromptRecord, StrictView } from "../../messages/ui.ts";
import { Button, Notice } from "../components/basic.tsx";
import { NewPassphrase, PassphraseField, Segments } from "../components/fields.tsx";
import { Icon } from "../components/Icon.tsx";
import { strength } from "../strength.ts";
import { t, tn } from "../t.ts";
import { PromptsView } from "./PromptsView.tsx";
import { StrictRow } from "./StrictRow.tsx";
import { ResetDialog } from "./UnlockView.tsx";

const MINUTES = [1, 5, 15, 60, 240];

interface Props {
  settings: Settings;
  prompts: PromptRecord[];
  strict: StrictView | undefined;
  onStrict: (on: boolean) => unknown;
  busy: boolean;
  wrong: string | undefined;
  changed: boolean;
  onSettings: (settings: Settings) => void;
  onChangePassphrase: (old: string, passphrase: string) => Promise<boolean>;
  onLock: () => unknown;
  onReset: () => unknown;
  /** The ways back, which look after themselves. */
  recovery: ComponentChildren;
}

export function SecurityView({ settings, prompts, strict, onStrict, onSettings, onLock, onReset, recovery, ...passphrase }: Props) {
  const [resetting, setResetting] = useState(false);
  const autoLock = useId();
  const enabled = useId();
  return (
    <>
      <header class="head">
        <h1>{t("navSecurity")}</h1>
        <Button icon="lock" onClick={onLock} testId="lock">
          {t("lockNow")}
        </Button>
      </header>
      <section class="card">
        <div class="line">
          <label class="grow" for={enabled}>
            <span class="block">{t("enabled")}</span>
            <span class="small soft">{t("enabledText")}</span>
          </label>
          <input id={enabled} class="switch" type="checkbox" role="switch" checked={settings.enabled} onChange={() => onSettings({ ...settings, enabled: !settings.enabled })} />
        </div>
        <StrictRow strict={strict} onStrict={onStrict} />
        <div class="line">
          <label class="grow" for={autoLock}>
            {t("autoLock")}
          </label>
          <div class="select">
            <select id={autoLock} class="input" value={settings.autoLock} onChange={(event) => onSettings({ ...settings, autoLock: Number(event.currentTarget.value) })}>
              {MINUTES.map((each) => (
                <option key={each} value={each}>
                  {tn("minutes", each)}
                </option>
              ))}
              <option value={0}>{t("autoLockNever")}</option>
            </select>
            <Icon name="down" />
          </div>
        </div>
        <div class="line">
          <span class="grow">{t("theme")}</span>
          <Segments label={t("theme")} value={settings.theme} onChange={(theme) => onSettings({ ...settings, theme })} options={[["auto", t("themeAuto")], ["light", t("themeLight")], ["dark", t("themeDark")]]} />
        </div>
      </section>
      {recovery}
      <PromptsView prompts={prompts} />
      <ChangePassphrase {...passphrase} />
      <section class="card pad stack">
        <div class="stack-s">
          <h2>{t("resetSection")}</h2>
          <p class="soft">{t("resetText")}</p>
        </div>
        <div>
          <Button kind="danger" onClick={() => setResetting(true)}>
            {t("resetButton")}
          </Button>
        </div>
      </section>
      {resetting && <ResetDialog onClose={() => setResetting(false)} onReset={onReset} />}
    </>
  );
}

function ChangePassphrase({ busy, wrong, changed, onChangePassphrase }: Pick<Props, "busy" | "wrong" | "changed" | "onChangePassphrase">) {
  const [old, setOld] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const submit = async () => {
    if (!(await onChangePassphrase(old, passphrase))) return;
    setOld("");
    setPassphrase("");
    setAgain("");
  };
  return (
    <form
      class="card pad stack"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div class="stack-s">
        <h2>{t("changePassphrase")}</h2>
        <p class="soft">{t("changePassphraseText")}</p>
      </div>
      <PassphraseField label={t("passphraseNow")} value={old} onInput={setOld} wrong={wrong} autocomplete="current-password" testId="old-passphrase" />
      <NewPassphrase label={t("passphraseNew")} passphrase={passphrase} again={again} onPassphrase={setPassphrase} onAgain={setAgain} />
      {changed && <Notice kind="good" testId="passphrase-changed">{t("passphraseChanged")}</Notice>}
      <div>
        <Button type="submit" busy={busy} disabled={old === "" || strength(passphrase) < 2 || passphrase !== again} testId="change-passphrase">
          {t("change")}
        </Button>
      </div>
    </form>
  );
}
