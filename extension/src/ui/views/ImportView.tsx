import { useId, useState } from "preact/hooks";
import type { ImportDone, ImportPreview, ImportProgress, ImportView as Import, PlannedFilter, PlannedItem } from "../../core/messages.ts";
import { Button, Busy, Notice, SiteMark } from "../components/basic.tsx";
import { PassphraseField, Segments } from "../components/fields.tsx";
import { Icon } from "../components/Icon.tsx";
import { VirtualList } from "../components/VirtualList.tsx";
import { count, date, t, tn, type MessageKey } from "../t.ts";
import { nameOfFormat } from "./formats.ts";
import { placeOf, reasonOf } from "./reasons.ts";

/** How far the person is with a file. */
export type ImportStep =
  | { step: "choose" }
  | { step: "reading"; part: number }
  | { step: "passphrase" }
  | { step: "preview"; preview: ImportPreview }
  | { step: "running"; progress: ImportProgress }
  | { step: "done"; preview: ImportPreview; done: ImportDone; undone: boolean };

export interface Planned {
  total: number | undefined;
  at: (index: number) => PlannedItem | undefined;
  need: (first: number, end: number) => void;
}

interface Props {
  state: ImportStep;
  planned: Planned;
  filter: PlannedFilter;
  imports: Import[];
  busy: boolean;
  wrong: string | undefined;
  onFile: (file: File) => unknown;
  onPassphrase: (passphrase: string) => unknown;
  onFilter: (filter: PlannedFilter) => void;
  onChoose: (at: number | undefined, wanted: boolean) => unknown;
  onRun: () => unknown;
  onCancel: () => unknown;
  onUndo: (id: string) => unknown;
}

export function ImportView(props: Props) {
  const { state, imports, wrong } = props;
  return (
    <section class="stack" aria-labelledby="import-title">
      <div class="stack-s">
        <h2 id="import-title">{t("importTitle")}</h2>
        <p class="soft">{t("importLead")}</p>
      </div>
      {wrong !== undefined && (
        <Notice kind="bad" testId="import-wrong">
          {wrong}
        </Notice>
      )}
      <Step {...props} />
      {imports.length > 0 && state.step === "choose" && <Earlier {...props} />}
    </section>
  );
}

function Step(props: Props) {
  const { state } = props;
  switch (state.step) {
    case "choose":
      return <Choose {...props} />;
    case "reading":
      return (
        <div class="card pad stack-s" data-testid="import-reading">
          <div class="row">
            <Busy />
            <span>{t("importReading")}</span>
          </div>
          <progress value={state.part} max={1} aria-label={t("importReading")} />
        </div>
      );
    case "passphrase":
      return <FilePassphrase {...props} />;
    case "preview":
      return <Preview {...props} preview={state.preview} />;
    case "running":
      return (
        <div class="card pad stack-s" data-testid="import-running">
          <span role="status">{t("importRunning", count(state.progress.done), count(state.progress.all))}</span>
          <progress value={state.progress.done} max={Math.max(state.progress.all, 1)} aria-label={t("importTitle")} />
          <p class="small soft">{t("importLeave")}</p>
        </div>
      );
    case "done":
      return <Done {...props} state={state} />;
  }
}

/** Where a file is dropped or chosen. What it is shows from what is in it. */
function Choose({ busy, onFile }: Props) {
  const [over, setOver] = useState(false);
  const id = useId();
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) void onFile(file);
  };
  return (
    <div
      class={over ? "card pad stack drop over" : "card pad stack drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Icon name="import" />
      <div>
        <label class="button primary" for={id}>
          {t("importChoose")}
        </label>
        <input id={id} class="unseen" type="file" disabled={busy} data-testid="import-file" onChange={(event) => chosen(event.currentTarget, onFile)} />
      </div>
      <p class="soft">{t("importDrop")}</p>
      <p class="small soft">{t("importFrom")}</p>
    </div>
  );
}

function chosen(input: HTMLInputElement, onFile: Props["onFile"]): void {
  const file = input.files?.[0];
  // The same file can be chosen again.
  input.value = "";
  if (file !== undefined) void onFile(file);
}

function FilePassphrase({ busy, onPassphrase, onCancel }: Props) {
  const [passphrase, setPassphrase] = useState("");
  return (
    <form
      class="card pad stack"
      onSubmit={(event) => {
        event.preventDefault();
        void onPassphrase(passphrase);
      }}
    >
      <PassphraseField label={t("filePassphrase")} hint={t("filePassphraseHint")} value={passphrase} onInput={setPassphrase} autofocus testId="import-passphrase" />
      <div class="row">
        <Button kind="primary" type="submit" busy={busy} disabled={passphrase === ""} testId="import-open">
          {t("importOpen")}
        </Button>
        <Button onClick={onCancel}>{t("cancel")}</Button>
      </div>
    </form>
  );
}

const FILTERS = [
  ["all", "plannedAll"],
  ["new", "plannedNew"],
  ["differing", "plannedDiffering"],
  ["known", "plannedKnown"],
  ["refused", "plannedRefused"],
  ["noted", "plannedNoted"],
] as const satisfies readonly (readonly [PlannedFilter, MessageKey])[];

function numberOf(filter: PlannedFilter, preview: ImportPreview): number {
  switch (filter) {
    case "all":
      return preview.total;
    case "noted":
      return preview.changed + preview.lost;
    default:
      return preview[filter];
  }
}

function Preview({ preview, planned, filter, busy, onFilter, onChoose, onRun, onCancel }: Props & { preview: ImportPreview }) {
  const [differing, setDiffering] = useState<"add" | "leave">("add");
  const shown = FILTERS.filter(([each]) => each === "all" || numberOf(each, preview) > 0);
  return (
    <div class="stack" data-testid="import-preview">
      <div class="card pad stack-s">
        <h3>{t("importFound", nameOfFormat(preview.format), tn("items", preview.total))}</h3>
        <ul class="steps">
          <li>{tn("importNew", preview.new)}</li>
          {preview.known > 0 && <li>{tn("importKnown", preview.known)}</li>}
          {preview.refused > 0 && <li>{tn("importRefused", preview.refused)}</li>}
          {preview.changed > 0 && <li>{tn("importChanged", preview.changed)}</li>}
          {preview.lost > 0 && <li>{tn("importLost", preview.lost)}</li>}
        </ul>
      </div>
      {preview.differing > 0 && (
        <div class="card pad stack-s">
          <p>{tn("importDiffering", preview.differing)}</p>
          <div>
            <Segments
              label={t("importDifferingChoice")}
              value={differing}
              options={[["add", t("differingAdd")], ["leave", t("differingLeave")]]}
              onChange={(choice) => {
                setDiffering(choice);
                void onChoose(undefined, choice === "add");
              }}
            />
          </div>
        </div>
      )}
      <Segments label={t("itemsFilter")} value={filter} onChange={onFilter} options={shown.map(([each, label]) => [each, t(label), each === "noted" ? undefined : count(numberOf(each, preview))])} />
      <div class="card">
        {planned.total === undefined ? (
          <div class="empty">
            <Busy />
          </div>
        ) : (
          <VirtualList total={planned.total} rowHeight={64} label={t("importItems")} subject={filter} at={planned.at} need={planned.need} row={(item) => item && <PlannedRow item={item} onChoose={onChoose} />} />
        )}
      </div>
      <div class="chosen">
        <span class="grow small soft">{t("importNothingYet")}</span>
        <Button onClick={onCancel} testId="import-cancel">
          {t("cancel")}
        </Button>
        <Button kind="primary" busy={busy} onClick={onRun} testId="import-run">
          {t("importRun")}
        </Button>
      </div>
    </div>
  );
}

const FATES = { new: undefined, known: "fateKnown", differing: "fateDiffering", refused: "fateRefused" } as const;

function PlannedRow({ item, onChoose }: { item: PlannedItem; onChoose: Props["onChoose"] }) {
  // A choice shows at once; what the core made of it comes with the item's next reading.
  const [chosen, setChosen] = useState<{ of: PlannedItem; wanted: boolean }>();
  const wanted = chosen?.of === item ? chosen.wanted : item.wanted;
  const choose = (next: boolean) => {
    setChosen({ of: item, wanted: next });
    void onChoose(item.at, next);
  };
  const fate = FATES[item.fate];
  const choosable = item.fate === "new" || item.fate === "differing";
  const said = [
    ...(item.reason === undefined ? [] : [reasonOf(item.reason)]),
    ...item.notices.map((notice) => t("noticeOf", notice.field, reasonOf(notice.reason))),
  ];
  const title = item.title === "" ? placeOf(item.place) : item.title;
  return (
    <label class="item planned" data-testid="planned" data-fate={item.fate}>
      <input type="checkbox" class="tick" checked={wanted} disabled={!choosable} onChange={(event) => choose(event.currentTarget.checked)} />
      <SiteMark site={title} />
      <span class="grow">
        <span class="cut block">
          <strong>
            <bdi>{title}</bdi>
          </strong>
          {item.account !== undefined && (
            <span class="soft">
              {" · "}
              <bdi>{item.account}</bdi>
            </span>
          )}
        </span>
        <span class="cut block small soft" title={said.join("\n")}>
          {[...(fate === undefined ? [] : [t(fate)]), ...said].join(" · ") || placeOf(item.place)}
        </span>
      </span>
      {item.notices.some(({ lost }) => lost) || item.fate === "refused" ? (
        <span class="kind" role="img" aria-label={t("plannedLossy")} title={t("plannedLossy")}>
          <Icon name="warning" />
        </span>
      ) : null}
    </label>
  );
}

function Done({ state: { done, preview, undone }, busy, onUndo, onCancel }: Props & { state: Extract<ImportStep, { step: "done" }> }) {
  return (
    <div class="stack" data-testid="import-done">
      <Notice kind="good">
        <p>
          <strong>{undone ? t("importUndone") : tn("importAdded", done.added)}</strong>
        </p>
        {!undone && preview.known > 0 && <p>{tn("importKnown", preview.known)}</p>}
        {!undone && preview.lost > 0 && <p>{tn("importLost", preview.lost)}</p>}
        {!undone && done.added > 0 && <p>{t("importDelete")}</p>}
      </Notice>
      <div class="row fold">
        <a class="button primary" href="#items">
          {t("importShow")}
        </a>
        {!undone && done.added > 0 && (
          <Button icon="restore" busy={busy} onClick={() => onUndo(done.id)} testId="import-undo">
            {t("importUndo")}
          </Button>
        )}
        <Button kind="quiet" onClick={onCancel} testId="import-again">
          {t("importAgain")}
        </Button>
      </div>
    </div>
  );
}

/** What was imported before, on any device; each can be taken back as a whole. */
function Earlier({ imports, busy, onUndo }: Props) {
  return (
    <section class="stack-s">
      <h3>{t("importEarlier")}</h3>
      <ul class="card">
        {imports.map((each) => (
          <li class="line" key={each.id} data-testid="earlier-import">
            <span class="grow">
              <span class="block">{nameOfFormat(each.format)}</span>
              <span class="small soft">
                {date(each.at)} · {tn("items", each.items)}
              </span>
            </span>
            {each.items > 0 && (
              <Button kind="quiet" icon="restore" busy={busy} onClick={() => onUndo(each.id)} testId="earlier-undo">
                {t("importUndo")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
