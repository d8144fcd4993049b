/** Everything is lost: the kit, a look at the account, and this browser is back. */

import { useState } from "preact/hooks";
import type { RecoverySurvey } from "../../core/messages.ts";
import { Button, Notice } from "../components/basic.tsx";
import { NewPassphrase, TextField } from "../components/fields.tsx";
import { KitInput } from "../components/KitInput.tsx";
import { suggestedName } from "../platform.ts";
import { strength } from "../strength.ts";
import { ago, date, t, tn } from "../t.ts";

interface Task {
  busy: boolean;
  wrong: string | undefined;
}

export function RecoverKitForm({ busy, wrong, onBack, onStart }: Task & { onBack: () => unknown; onStart: (kit: string) => unknown }) {
  const [kit, setKit] = useState("");
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void onStart(kit);
      }}
    >
      <div class="stack-s">
        <h1>{t("recover")}</h1>
        <p class="soft">{t("recoverLead")}</p>
      </div>
      <KitInput label={t("kitText")} value={kit} wrong={wrong} onInput={setKit} />
      <div class="dialog-actions">
        <Button kind="quiet" onClick={onBack}>
          {t("back")}
        </Button>
        <Button kind="primary" type="submit" busy={busy} disabled={kit === ""} testId="recover-start">
          {t("recoverLook")}
        </Button>
      </div>
    </form>
  );
}

interface SurveyProps extends Task {
  survey: RecoverySurvey;
  onBack: () => unknown;
  onFinish: (passphrase: string, deviceName: string) => unknown;
}

/** Nothing is signed before the person has seen this. */
export function RecoverSurvey({ survey, busy, wrong, onBack, onFinish }: SurveyProps) {
  const [deviceName, setDeviceName] = useState(suggestedName());
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const ready = deviceName !== "" && strength(passphrase) >= 2 && passphrase === again;
  return (
    <form
      class="stack"
      data-testid="recover-survey"
      onSubmit={(event) => {
        event.preventDefault();
        void onFinish(passphrase, deviceName);
      }}
    >
      <div class="stack-s">
        <h1>{t("recoverIsIt")}</h1>
        <p class="soft">{t("recoverIsItText")}</p>
      </div>
      <section class="card pad stack-s">
        <p>{survey.lastChange === undefined ? t("recoverNoChange") : t("recoverLastChange", ago(survey.lastChange), date(survey.lastChange))}</p>
        <p>{tn("recoverDevices", survey.devices.length)}</p>
        <ul class="stack-s">
          {survey.devices.map((device) => (
            <li key={device.id} data-testid="recover-device">
              <span class="mono">{device.id.slice(0, 8)}</span>{" "}
              <span class="soft small">
                {t("recoverJoined", date(device.added))} · {device.lastContact === undefined ? t("recoverNeverSeen") : t("recoverSeen", ago(device.lastContact))}
              </span>
            </li>
          ))}
        </ul>
      </section>
      {survey.unfinished && <Notice kind="warn">{t("recoverUnfinished")}</Notice>}
      <TextField label={t("deviceName")} hint={t("deviceNameHint")} value={deviceName} onInput={setDeviceName} testId="device-name" />
      <NewPassphrase passphrase={passphrase} again={again} onPassphrase={setPassphrase} onAgain={setAgain} />
      {wrong !== undefined && <Notice kind="bad">{wrong}</Notice>}
      <div class="dialog-actions">
        <Button kind="quiet" onClick={onBack}>
          {t("back")}
        </Button>
        <Button kind="primary" type="submit" busy={busy} disabled={!ready} testId="recover-finish">
          {t("recoverFinish")}
        </Button>
      </div>
    </form>
  );
}

interface DoneProps extends Task {
  /** How many other devices there were when this one came back. */
  others: number;
  revoked: boolean;
  onRevoke: () => unknown;
  onSettings: () => unknown;
}

export function RecoverDone({ others, revoked, busy, wrong, onRevoke, onSettings }: DoneProps) {
  return (
    <div class="stack" data-testid="recovered">
      <h1>{t("recovered")}</h1>
      <p class="lead">{t("recoveredText")}</p>
      {others > 0 && !revoked && (
        <Notice kind="warn">
          <div class="stack-s">
            <p>{tn("recoverOthers", others)}</p>
            <div>
              <Button kind="danger" busy={busy} onClick={onRevoke} testId="revoke-others">
                {t("recoverRevoke")}
              </Button>
            </div>
          </div>
        </Notice>
      )}
      {revoked && (
        <Notice kind="good" testId="others-revoked">
          {t("recoverRevoked")}
        </Notice>
      )}
      {wrong !== undefined && <Notice kind="bad">{wrong}</Notice>}
      <div>
        <Button kind="primary" onClick={onSettings}>
          {t("openSettings")}
        </Button>
      </div>
    </div>
  );
}
