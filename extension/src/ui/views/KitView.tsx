/** The recovery kit: made, kept on paper or in a file, and tried. */

import { useState } from "preact/hooks";
import type { KitView as Kit } from "../../core/messages.ts";
import { Brand, Button, Notice } from "../components/basic.tsx";
import { KitInput } from "../components/KitInput.tsx";
import { QrCode } from "../components/QrCode.tsx";
import { inLines, kitFile } from "../kit.ts";
import { saveText } from "../save.ts";
import { date, t } from "../t.ts";

export type KitStep = "begin" | "sheet" | "rehearse" | "done";

interface Props {
  step: KitStep;
  busy: boolean;
  wrong: string | undefined;
  /** Once it is made. */
  kit: Kit | undefined;
  /** Whether there is one, which would serve no more. */
  replaces: boolean;
  onStep: (step: KitStep) => void;
  onMake: () => unknown;
  onRehearse: (text: string) => unknown;
  onSettings: () => unknown;
}

export function KitView(props: Props) {
  return <main class="welcome kit">{props.step === "sheet" && props.kit !== undefined ? <Sheet {...props} kit={props.kit} /> : <Words {...props} />}</main>;
}

function Words(props: Props) {
  switch (props.step) {
    case "begin":
    case "sheet":
      return <Begin {...props} />;
    case "rehearse":
      return <Rehearse {...props} />;
    case "done":
      return <Done {...props} />;
  }
}

function Begin({ busy, wrong, replaces, onMake, onStep }: Props) {
  return (
    <>
      <Brand />
      <div class="stack">
        <h1>{t("kitTitle")}</h1>
        <p class="lead">{t("kitLead")}</p>
        {replaces && <Notice kind="warn">{t("kitReplaces")}</Notice>}
        {wrong !== undefined && <Notice kind="bad">{wrong}</Notice>}
        <div class="dialog-actions">
          {replaces && (
            <Button kind="quiet" onClick={() => onStep("rehearse")} testId="kit-try">
              {t("kitTry")}
            </Button>
          )}
          <Button kind="primary" busy={busy} onClick={onMake} testId="kit-make">
            {t(replaces ? "kitReplace" : "kitMake")}
          </Button>
        </div>
      </div>
    </>
  );
}

/** What is printed: this alone, light, on A4 or Letter. */
function Sheet({ kit, onStep }: Props & { kit: Kit }) {
  return (
    <>
      <article class="sheet" data-testid="kit-sheet">
        <header class="stack-s">
          <h1>{t("kitTitle")}</h1>
          <p>{t("kitKeep")}</p>
        </header>
        <QrCode text={kit.code} label={t("kitQr")} />
        <ol class="groups">
          {inLines(kit.groups).map((line) => (
            <li key={line.join("")} data-testid="kit-line">
              {line.map((group) => (
                <span key={group}>{group} </span>
              ))}
            </li>
          ))}
        </ol>
        <dl>
          <dt>{t("server")}</dt>
          <dd>{kit.server}</dd>
          <dt>{t("kitAccount")}</dt>
          <dd class="mono">{kit.account}</dd>
          <dt>{t("kitMade")}</dt>
          <dd>{date(Date.now())}</dd>
        </dl>
        <p>{t("kitUse")}</p>
      </article>
      <div class="dialog-actions no-print">
        <Button onClick={() => print()} testId="kit-print">
          {t("kitPrint")}
        </Button>
        <Button onClick={() => saveText("roamkey-recovery-kit.txt", kitFile(kit))} testId="kit-save">
          {t("kitSave")}
        </Button>
        <Button kind="primary" onClick={() => onStep("rehearse")} testId="kit-next">
          {t("kitKept")}
        </Button>
      </div>
    </>
  );
}

function Rehearse({ busy, wrong, kit, onStep, onRehearse }: Props) {
  const [text, setText] = useState("");
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void onRehearse(text);
      }}
    >
      <h1>{t("kitTry")}</h1>
      <p class="lead">{t("kitTryText")}</p>
      <KitInput label={t("kitText")} value={text} wrong={wrong} onInput={setText} />
      <div class="dialog-actions">
        <Button kind="quiet" onClick={() => onStep(kit === undefined ? "begin" : "sheet")}>
          {t("back")}
        </Button>
        <Button kind="primary" type="submit" busy={busy} disabled={text === ""} testId="kit-rehearse">
          {t("kitTryNow")}
        </Button>
      </div>
    </form>
  );
}

function Done({ onSettings }: Props) {
  return (
    <div class="stack" data-testid="kit-done">
      <h1>{t("kitWorks")}</h1>
      <p class="lead">{t("kitWorksText")}</p>
      <div>
        <Button kind="primary" onClick={onSettings}>
          {t("openSettings")}
        </Button>
      </div>
    </div>
  );
}
