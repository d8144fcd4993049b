/** The one question of a request: the site in large type, one primary button. */

import { useState } from "preact/hooks";
import type { Account, PasskeyPrompt } from "../../core/messages.ts";
import type { ConsentView as View } from "../../messages/ui.ts";
import { Brand, Button, Notice, SiteMark } from "../components/basic.tsx";
import { PassphraseField } from "../components/fields.tsx";
import { Icon } from "../components/Icon.tsx";
import { useSeen } from "../hooks.ts";
import { ago, t } from "../t.ts";

export interface ConsentActions {
  onAccept: (credential: string | undefined, passphrase: string | undefined) => unknown;
  onUnlock: (passphrase: string) => unknown;
  onNative: () => unknown;
  /** Not on this site any more. */
  onNever: () => unknown;
  onRefuse: () => unknown;
}

interface Props extends ConsentActions {
  view: View;
  busy: boolean;
  wrong: string | undefined;
}

export function ConsentView(props: Props) {
  const { prompt } = props.view;
  return prompt === undefined ? <Unlock {...props} /> : <Ask {...props} prompt={prompt} />;
}

function Unlock({ view, busy, wrong, onUnlock, onNative, onNever, onRefuse }: Props) {
  const [passphrase, setPassphrase] = useState("");
  return (
    <form class="window" onSubmit={submit(() => onUnlock(passphrase))}>
      <header>
        <Brand />
      </header>
      <main>
        <Question title={t(view.kind === "create" ? "consentUnlockCreate" : "consentUnlockGet")} site={hostOf(view.caller.origin)} />
        <PassphraseField label={t("passphrase")} value={passphrase} onInput={setPassphrase} wrong={wrong} autofocus autocomplete="current-password" testId="passphrase" />
      </main>
      <Footer primary={t("unlock")} busy={busy} disabled={passphrase === ""} testId="unlock" onNative={onNative} onNever={onNever} onRefuse={onRefuse} />
    </form>
  );
}

function Ask({ view, prompt, busy, wrong, onAccept, onNative, onNever, onRefuse }: Props & { prompt: PasskeyPrompt }) {
  const [chosen, setChosen] = useState(prompt.accounts[0]?.id);
  const [passphrase, setPassphrase] = useState("");
  const verify = prompt.userVerification === "required" && !view.verified;
  const create = view.kind === "create";
  const accept = () => onAccept(create ? undefined : chosen, verify ? passphrase : undefined);
  return (
    <form class="window" onSubmit={submit(accept)}>
      <header>
        <Brand />
      </header>
      <main>
        <Question title={t(create ? "consentCreate" : "consentGet")} site={prompt.rpId} name={prompt.rpName} />
        {view.caller.crossOrigin && <Notice kind="warn">{t("consentCrossOrigin", hostOf(view.caller.origin), hostOf(view.caller.topOrigin ?? ""))}</Notice>}
        {create ? <NewAccount prompt={prompt} /> : <Accounts accounts={prompt.accounts} chosen={chosen} onChoose={setChosen} />}
        {create && prompt.alreadyHere && <Notice>{t("consentAlreadyHere")}</Notice>}
        {verify && <PassphraseField label={t("consentVerify")} value={passphrase} onInput={setPassphrase} wrong={wrong} autofocus autocomplete="current-password" testId="passphrase" />}
        {!verify && wrong !== undefined && <Notice kind="bad">{wrong}</Notice>}
      </main>
      <Footer primary={t(create ? "consentCreateButton" : "consentGetButton")} busy={busy} disabled={verify && passphrase === ""} testId="accept" onNative={onNative} onNever={onNever} onRefuse={onRefuse} />
    </form>
  );
}

function Question({ title, site, name }: { title: string; site: string; name?: string | undefined }) {
  return (
    <div class="question">
      <h1 class="soft small">{title}</h1>
      <bdi class={site.length > 24 ? "site long" : "site"} data-testid="site">
        {site}
      </bdi>
      {name !== undefined && name !== "" && name !== site && <bdi class="soft wrap">{t("consentCallsItself", name)}</bdi>}
    </div>
  );
}

function NewAccount({ prompt }: { prompt: PasskeyPrompt }) {
  return (
    <div class="card">
      <div class="line">
        <SiteMark site={prompt.rpId} />
        <AccountNames name={prompt.user?.name ?? ""} displayName={prompt.user?.displayName ?? ""} />
      </div>
      <div class="line soft small">
        <Icon name="devices" />
        <span>{t("consentStored")}</span>
      </div>
    </div>
  );
}

function Accounts({ accounts, chosen, onChoose }: { accounts: Account[]; chosen: string | undefined; onChoose: (id: string) => void }) {
  if (accounts.length === 0) return <Notice>{t("consentNothingHere")}</Notice>;
  return (
    <fieldset class="choices" aria-label={t("consentChoose")}>
      {accounts.map((account) => (
        <label class="choice" key={account.id}>
          {accounts.length > 1 ? <input type="radio" name="account" checked={account.id === chosen} onChange={() => onChoose(account.id)} /> : <Icon name="key" />}
          <AccountNames name={account.userName} displayName={account.displayName} />
          {account.lastUsed !== undefined && <span class="small soft">{ago(account.lastUsed)}</span>}
        </label>
      ))}
    </fieldset>
  );
}

function AccountNames({ name, displayName }: { name: string; displayName: string }) {
  const first = displayName === "" ? name : displayName;
  return (
    <span class="grow">
      <bdi class="cut block" title={first}>
        {first === "" ? t("noName") : first}
      </bdi>
      {name !== "" && name !== first && (
        <bdi class="cut block small soft" title={name}>
          {name}
        </bdi>
      )}
    </span>
  );
}

interface FooterProps {
  primary: string;
  busy: boolean;
  disabled: boolean;
  testId: string;
  onNative: () => unknown;
  onNever: () => unknown;
  onRefuse: () => unknown;
}

function Footer({ primary, busy, disabled, testId, onNative, onNever, onRefuse }: FooterProps) {
  const seen = useSeen();
  return (
    <footer>
      <Button kind="primary" type="submit" wide busy={busy} disabled={disabled || !seen} testId={testId}>
        {primary}
      </Button>
      <div class="pair">
        <Button wide onClick={onRefuse} testId="refuse">
          {t("cancel")}
        </Button>
        <Button wide onClick={onNative} testId="other-device">
          {t("otherDevice")}
        </Button>
      </div>
      <Button kind="quiet" wide disabled={!seen} onClick={onNever} testId="never">
        {t("neverHere")}
      </Button>
    </footer>
  );
}

function submit(action: () => unknown) {
  return (event: Event) => {
    event.preventDefault();
    void action();
  };
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : origin;
}
