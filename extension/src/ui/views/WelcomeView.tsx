/** The first minute: a vault of one's own, or the one that is on another device. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { EmojiChoice, RecoverySurvey } from "../../core/messages.ts";
import { Brand, Button, Busy, Notice } from "../components/basic.tsx";
import { NewPassphrase, TextField } from "../components/fields.tsx";
import { Icon, type IconName } from "../components/Icon.tsx";
import { suggestedName } from "../platform.ts";
import { strength } from "../strength.ts";
import { t } from "../t.ts";
import { RecoverDone, RecoverKitForm, RecoverSurvey } from "./RecoverView.tsx";

export type Step = "choose" | "create" | "join" | "checking" | "emoji" | "done" | "recover" | "survey" | "recovered";

export interface Setup {
  server: string;
  passphrase: string;
  deviceName: string;
  code: string;
  invitation: string;
}

interface Props {
  step: Step;
  busy: boolean;
  wrong: string | undefined;
  /** Whether the server asked for an invitation. */
  invited: boolean;
  emoji: EmojiChoice | undefined;
  onStep: (step: Step) => void;
  onCreate: (setup: Setup) => unknown;
  onJoin: (setup: Setup) => unknown;
  onCancelJoin: () => unknown;
  onSettings: () => unknown;
  onKit: () => unknown;
  /** Once the kit was looked at. */
  survey: RecoverySurvey | undefined;
  othersRevoked: boolean;
  onRecoverStart: (kit: string) => unknown;
  onRecoverFinish: (passphrase: string, deviceName: string) => unknown;
  onRecoverCancel: () => unknown;
  onRevokeOthers: () => unknown;
}

export function WelcomeView(props: Props) {
  return (
    <main class="welcome">
      <Brand />
      {body(props)}
    </main>
  );
}

function body(props: Props): ComponentChildren {
  switch (props.step) {
    case "choose":
      return <Choose onStep={props.onStep} />;
    case "create":
      return <SetupForm {...props} join={false} onSubmit={props.onCreate} />;
    case "join":
      return <SetupForm {...props} join onSubmit={props.onJoin} />;
    case "checking":
      return <Checking onCancel={props.onCancelJoin} />;
    case "emoji":
      return props.emoji === undefined ? <Checking onCancel={props.onCancelJoin} /> : <ShowEmoji emoji={props.emoji} onCancel={props.onCancelJoin} />;
    case "done":
      return <Done onSettings={props.onSettings} onKit={props.onKit} />;
    case "recover":
      return <RecoverKitForm busy={props.busy} wrong={props.wrong} onBack={() => props.onStep("choose")} onStart={props.onRecoverStart} />;
    case "survey":
      return props.survey === undefined ? null : <RecoverSurvey survey={props.survey} busy={props.busy} wrong={props.wrong} onBack={props.onRecoverCancel} onFinish={props.onRecoverFinish} />;
    case "recovered":
      return <RecoverDone others={props.survey?.devices.length ?? 0} revoked={props.othersRevoked} busy={props.busy} wrong={props.wrong} onRevoke={props.onRevokeOthers} onSettings={props.onSettings} />;
  }
}

function Choose({ onStep }: { onStep: (step: Step) => void }) {
  return (
    <>
      <div class="stack">
        <h1>{t("welcomeTitle")}</h1>
        <p class="lead">{t("welcomeLead")}</p>
      </div>
      <div class="doors">
        <Door icon="plus" title={t("createVault")} text={t("createVaultText")} testId="create-vault" onClick={() => onStep("create")} />
        <Door icon="devices" title={t("joinVault")} text={t("joinVaultText")} testId="join-vault" onClick={() => onStep("join")} />
        <Door icon="shield" title={t("recover")} text={t("recoverDoor")} testId="recover-vault" onClick={() => onStep("recover")} />
      </div>
    </>
  );
}

function Door({ icon, title, text, testId, onClick }: { icon: IconName; title: string; text: string; testId: string; onClick: () => void }) {
  return (
    <button type="button" class="door" onClick={onClick} data-testid={testId}>
      <Icon name={icon} />
      <span class="grow">
        <strong class="block">{title}</strong>
        <span class="soft">{text}</span>
      </span>
      <Icon name="next" />
    </button>
  );
}

function SetupForm({ join, busy, wrong, invited, onStep, onSubmit }: Props & { join: boolean; onSubmit: (setup: Setup) => unknown }) {
  const [code, setCode] = useState("");
  const [server, setServer] = useState("");
  const [invitation, setInvitation] = useState("");
  const [deviceName, setDeviceName] = useState(suggestedName());
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const ready = server !== "" && deviceName !== "" && strength(passphrase) >= 2 && passphrase === again && (!join || code !== "") && (!invited || invitation !== "");
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void onSubmit({ code, server, deviceName, passphrase, invitation });
      }}
    >
      <div class="stack-s">
        <h1>{t(join ? "joinVault" : "createVault")}</h1>
        <p class="soft">{t(join ? "joinLead" : "createLead")}</p>
      </div>
      {join && <TextField label={t("pairingCode")} hint={t("pairingCodeHint")} placeholder="7-…-…" value={code} onInput={setCode} autofocus testId="code" />}
      <TextField label={t("server")} hint={t("serverHint")} type="url" placeholder="https://" value={server} onInput={setServer} autofocus={!join} testId="server" />
      {invited && <TextField label={t("invitation")} hint={t("invitationHint")} value={invitation} onInput={setInvitation} autofocus testId="invitation" />}
      <TextField label={t("deviceName")} hint={t("deviceNameHint")} value={deviceName} onInput={setDeviceName} testId="device-name" />
      <NewPassphrase passphrase={passphrase} again={again} onPassphrase={setPassphrase} onAgain={setAgain} />
      {wrong !== undefined && <Notice kind="bad">{wrong}</Notice>}
      <div class="dialog-actions">
        <Button kind="quiet" onClick={() => onStep("choose")}>
          {t("back")}
        </Button>
        <Button kind="primary" type="submit" busy={busy} disabled={!ready} testId="submit">
          {t(join ? "join" : "createVault")}
        </Button>
      </div>
    </form>
  );
}

function Checking({ onCancel }: { onCancel: () => unknown }) {
  return (
    <div class="empty">
      <Busy />
      <h1>{t("joinChecking")}</h1>
      <p>{t("joinCheckingText")}</p>
      <Button onClick={onCancel}>{t("cancel")}</Button>
    </div>
  );
}

function ShowEmoji({ emoji, onCancel }: { emoji: EmojiChoice; onCancel: () => unknown }) {
  return (
    <div class="stack">
      <h1>{t("joinEmoji")}</h1>
      <p class="lead">{t("joinEmojiText")}</p>
      <figure class="card">
        <div class="emoji" data-testid="emoji">
          {emoji.emoji}
        </div>
        <figcaption class="soft small">{emoji.name}</figcaption>
      </figure>
      <div class="row soft small">
        <Busy />
        <span class="grow">{t("joinWaiting")}</span>
        <Button kind="quiet" onClick={onCancel}>
          {t("cancel")}
        </Button>
      </div>
    </div>
  );
}

function Done({ onSettings, onKit }: { onSettings: () => unknown; onKit: () => unknown }) {
  return (
    <div class="stack" data-testid="done">
      <h1>{t("readyTitle")}</h1>
      <p class="lead">{t("readyText")}</p>
      <Notice>{t("readyAdvice")}</Notice>
      <div class="dialog-actions">
        <Button kind="quiet" onClick={onSettings}>
          {t("openSettings")}
        </Button>
        <Button kind="primary" onClick={onKit} testId="to-kit">
          {t("kitMake")}
        </Button>
      </div>
    </div>
  );
}
