import { useId, useState } from "preact/hooks";
import type { ExportedVault, ExportTarget } from "../../core/messages.ts";
import { Button, Notice } from "../components/basic.tsx";
import { NewPassphrase, PassphraseField, Segments } from "../components/fields.tsx";
import { strength } from "../strength.ts";
import { t, tn, type MessageKey } from "../t.ts";

/** What a person wants written. */
export interface Export {
  target: ExportTarget;
  passphrase: string;
  filePassphrase?: string;
}

interface Props {
  done: ExportedVault | undefined;
  busy: boolean;
  wrong: string | undefined;
  /** Whether it was written. */
  onExport: (wanted: Export) => Promise<boolean>;
}

const TEXTS = { cxf: "exportCxfText", bitwarden: "exportBitwardenText", csv: "exportCsvText" } as const satisfies Record<ExportTarget, MessageKey>;

export function ExportView({ done, busy, wrong, onExport }: Props) {
  const [target, setTarget] = useState<ExportTarget>("cxf");
  const [sealed, setSealed] = useState(true);
  const [file, setFile] = useState("");
  const [again, setAgain] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const protect = useId();
  const isSealed = target === "cxf" && sealed;
  const ready = passphrase !== "" && (!isSealed || (strength(file) >= 2 && file === again));
  const submit = async () => {
    if (!(await onExport({ target, passphrase, ...(isSealed ? { filePassphrase: file } : {}) }))) return;
    for (const clear of [setFile, setAgain, setPassphrase]) clear("");
  };
  return (
    <section class="stack" aria-labelledby="export-title">
      <div class="stack-s">
        <h2 id="export-title">{t("exportTitle")}</h2>
        <p class="soft">{t("exportLead")}</p>
      </div>
      <form
        class="card pad stack"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div>
          <Segments label={t("exportFormat")} value={target} onChange={setTarget} options={[["cxf", t("exportCxf")], ["bitwarden", "Bitwarden"], ["csv", "CSV"]]} />
        </div>
        <p class="soft">{t(TEXTS[target])}</p>
        {target === "cxf" && (
          <label class="check" for={protect}>
            <input id={protect} type="checkbox" checked={sealed} onChange={() => setSealed(!sealed)} data-testid="export-sealed" />
            <span>{t("exportSealed")}</span>
          </label>
        )}
        {isSealed ? <NewPassphrase label={t("exportFilePassphrase")} hint={t("exportFileHint")} passphrase={file} again={again} onPassphrase={setFile} onAgain={setAgain} /> : <Notice kind="warn">{t("exportOpen")}</Notice>}
        <PassphraseField label={t("exportYours")} hint={t("exportYoursHint")} value={passphrase} onInput={setPassphrase} wrong={wrong} autocomplete="current-password" testId="export-passphrase" />
        <div>
          <Button kind="primary" type="submit" busy={busy} disabled={!ready} testId="export">
            {t("exportButton")}
          </Button>
        </div>
        {done !== undefined && <Written done={done} />}
      </form>
    </section>
  );
}

/** What was written, what was left out, and whether reading it back showed the same. */
function Written({ done: { items, leftOut, compared } }: { done: ExportedVault }) {
  const differs = compared !== undefined && compared.differences.length > 0;
  return (
    <Notice kind={differs ? "bad" : "good"} testId="exported">
      <p>
        <strong>{tn("exportWritten", items)}</strong>
      </p>
      {compared !== undefined && !differs && <p data-testid="export-verified">{t("exportVerified")}</p>}
      {differs && (
        <>
          <p>{t("exportDiffers")}</p>
          <ul class="steps">
            {compared.differences.map(({ title, field }, at) => (
              <li key={at}>{t("noticeOf", title, field)}</li>
            ))}
          </ul>
        </>
      )}
      {leftOut.length > 0 && (
        <>
          <p>{t("exportLeftOut")}</p>
          <ul class="steps">
            {leftOut.map(({ field, items: number }) => (
              <li key={field}>{t("noticeOf", field, tn("items", number))}</li>
            ))}
          </ul>
        </>
      )}
      <p>{t("exportKeep")}</p>
    </Notice>
  );
}
