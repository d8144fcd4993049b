import { useCallback, useEffect, useState } from "preact/hooks";
import type { ExportedVault, ImportView as Import, PlannedFilter } from "../../core/messages.ts";
import { failureOf } from "../../core/error.ts";
import { core } from "../ask.ts";
import { handOver } from "../file.ts";
import { useTask } from "../hooks.ts";
import { usePages } from "../pages.ts";
import { save } from "../save.ts";
import { t } from "../t.ts";
import { ExportView, type Export } from "../views/ExportView.tsx";
import { ImportView, type ImportStep } from "../views/ImportView.tsx";

export function MovingSection({ member }: { member: boolean }) {
  return (
    <>
      <header class="head">
        <h1>{t("movingTitle")}</h1>
      </header>
      {member && <Importing />}
      <Exporting />
    </>
  );
}

/** Shows how far it is, several times a second. */
const PROGRESS_MS = 150;
/** Browsers end a worker that nobody asked anything for half a minute, and what it had opened is gone then. */
const AWAKE_MS = 15_000;

function Importing() {
  const [state, setState] = useState<ImportStep>({ step: "choose" });
  const [file, setFile] = useState<File>();
  const [secret, setSecret] = useState<string>();
  const [filter, setFilter] = useState<PlannedFilter>("all");
  const [imports, setImports] = useState<Import[]>([]);
  const { busy, wrong, run, clear } = useTask();

  const open = useCallback(async (from: File, passphrase: string | undefined) => {
    await handOver(from, (part) => setState({ step: "reading", part }));
    const preview = await core({ type: "importOpen", ...(passphrase === undefined ? {} : { passphrase }) });
    setState({ step: "preview", preview });
  }, []);
  const begin = (from: File, passphrase?: string) =>
    run(async () => {
      setFile(from);
      setSecret(passphrase);
      setFilter("all");
      try {
        await open(from, passphrase);
      } catch (error) {
        const code = failureOf(error).code;
        const asks = code === "fileNeedsPassphrase" || code === "fileWrongPassphrase";
        setState(asks ? { step: "passphrase" } : { step: "choose" });
        if (code !== "fileNeedsPassphrase") throw error;
      }
    });
  const fetch = useCallback((offset: number, limit: number) => core({ type: "importPlanned", filter, offset, limit }), [filter, state.step === "preview" ? state.preview : undefined]);
  const planned = usePages(fetch);
  const list = () => core({ type: "imports" }).then((found) => setImports(found.imports), () => undefined);
  const forget = () => {
    clear();
    setFile(undefined);
    setSecret(undefined);
    setState({ step: "choose" });
    void core({ type: "importForget" }).catch(() => undefined);
    void list();
  };
  useEffect(() => void list(), []);
  useEffect(() => {
    if (state.step !== "preview" || file === undefined) return;
    const timer = setInterval(() => {
      void core({ type: "importProgress" }).then((progress) => (progress.open ? undefined : open(file, secret)), () => undefined);
    }, AWAKE_MS);
    return () => clearInterval(timer);
  }, [state.step, file, secret, open]);

  const import_ = async () => {
    if (state.step !== "preview") return;
    const { preview } = state;
    const follow = () => void core({ type: "importProgress" }).then((progress) => setState((now) => (now.step === "running" ? { step: "running", progress } : now)), () => undefined);
    const timer = setInterval(follow, PROGRESS_MS);
    setState({ step: "running", progress: { open: true, done: 0, all: preview.new + preview.differing } });
    const done = await run(async () => {
      const result = await core({ type: "importRun" });
      setState({ step: "done", preview, done: result, undone: false });
    });
    clearInterval(timer);
    if (!done) setState({ step: "choose" });
    void list();
  };
  const undo = (id: string) =>
    run(async () => {
      await core({ type: "undoImport", id });
      setState((now) => (now.step === "done" ? { ...now, undone: true } : now));
      await list();
    });
  return (
    <ImportView
      state={state}
      planned={planned}
      filter={filter}
      imports={imports}
      busy={busy}
      wrong={wrong}
      onFile={(chosen) => begin(chosen)}
      onPassphrase={(passphrase) => file && begin(file, passphrase)}
      onFilter={setFilter}
      onChoose={(at, wanted) => run(() => core({ type: "importChoose", wanted, ...(at === undefined ? {} : { at }) })).then(planned.refresh)}
      onRun={import_}
      onCancel={forget}
      onUndo={undo}
    />
  );
}

function Exporting() {
  const [done, setDone] = useState<ExportedVault>();
  const { busy, wrong, run } = useTask();
  const write = (wanted: Export) =>
    run(async () => {
      setDone(undefined);
      const written = await core({ type: "export", ...wanted });
      save({ name: `roamkey-${today()}.${written.ending}`, bytes: written.bytes });
      setDone({ ...written, bytes: "" });
    });
  return <ExportView done={done} busy={busy} wrong={wrong} onExport={write} />;
}

function today(): string {
  const now = new Date();
  const two = (number: number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
