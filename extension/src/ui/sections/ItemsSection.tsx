import { useState } from "preact/hooks";
import type { Item, ItemSummary } from "../../core/messages.ts";
import { core, endpointsOf } from "../ask.ts";
import { Notice } from "../components/basic.tsx";
import { Toast } from "../components/Toast.tsx";
import { useTask } from "../hooks.ts";
import { asked, EVERYTHING, useItems, type Question } from "../items.ts";
import { choose, NONE, type Selection } from "../selection.ts";
import { t, tn } from "../t.ts";
import { useUndo } from "../undo.ts";
import { AddDialog } from "../views/AddDialog.tsx";
import type { ItemChange } from "../views/EditItem.tsx";
import { ItemDialog } from "../views/ItemDialog.tsx";
import { ItemsView } from "../views/ItemsView.tsx";
import { Lost } from "./Lost.tsx";

export const generate = () => core({ type: "generate" }).then(({ password }) => password);

/** All that a query can find. */
const ALL = { offset: 0, limit: 0 };

export function ItemsSection({ member }: { member: boolean }) {
  const [question, setQuestion] = useState<Question>(EVERYTHING);
  const [open, setOpen] = useState<Item>();
  const [selection, setSelection] = useState<Selection>();
  const [adding, setAdding] = useState(false);
  const { about, at, need, refresh } = useItems(question);
  const { busy, wrong, run, clear } = useTask();
  const { offered, offer, take, end } = useUndo();

  const close = () => {
    clear();
    setOpen(undefined);
  };
  const show = (id: string) => run(async () => setOpen(await core({ type: "item", id })));
  const ask = (next: Question) => {
    setQuestion(next);
    if (selection !== undefined) setSelection(NONE);
  };
  /** Trashes or restores, with the other as the way back. */
  const move = async (to: "trashAll" | "restoreAll", ids: string[]): Promise<void> => {
    await run(async () => {
      const done = await core({ type: to, ids });
      setOpen(undefined);
      setSelection(undefined);
      refresh();
      const back = to === "trashAll" ? "restoreAll" : "trashAll";
      offer({ text: tn(to === "trashAll" ? "movedToTrash" : "restored", done.ids.length), undo: () => run(() => core({ type: back, ids: done.ids })).then(refresh) });
    });
  };
  const purge = (ids: string[]) => {
    setOpen(undefined);
    setSelection(undefined);
    offer({ text: tn("purging", ids.length), undo: () => undefined, commit: () => run(() => core({ type: "purgeAll", ids })).then(refresh) });
  };
  const edit = (item: Item, change: ItemChange) =>
    run(async () => {
      await core({ ...change, id: item.summary.id });
      setOpen(await core({ type: "item", id: item.summary.id }));
      refresh();
    });
  const offerAgain = async (item: Item) => {
    if (!(await run(() => core({ type: "offerAgain", id: item.summary.id })))) return;
    close();
    refresh();
  };
  const idsOf = async (filter: Partial<ReturnType<typeof asked>> = {}) => (await core({ type: "itemIds", ...asked(question), ...filter, ...ALL })).ids;
  const chosen = [...(selection?.ids ?? [])];
  const moveTo = question.shelf === "trash" ? "restoreAll" : "trashAll";

  return (
    <>
      <ItemsView
        about={about}
        at={at}
        need={need}
        question={question}
        onQuestion={ask}
        onOpen={(item: ItemSummary) => void show(item.id)}
        onAdd={member ? () => setAdding(true) : undefined}
        selection={selection}
        onSelecting={member ? (on) => setSelection(on ? NONE : undefined) : undefined}
        onSelect={(index, on, range) => setSelection(choose(selection ?? NONE, index, on, range, at))}
        onSelectAll={() => run(async () => setSelection({ ids: new Set(await idsOf()), last: undefined }))}
        onMove={() => move(moveTo, chosen)}
        onPurge={() => purge(chosen)}
        onPurgeOld={member ? () => run(async () => purge(await idsOf({ filter: "oldTrash" }))) : undefined}
      >
        <Lost />
        {wrong !== undefined && open === undefined && !adding && <Notice kind="bad">{wrong}</Notice>}
      </ItemsView>
      {adding && (
        <AddDialog
          busy={busy}
          wrong={wrong}
          onGenerate={generate}
          onClose={() => {
            clear();
            setAdding(false);
          }}
          onAdd={async (item) => {
            if (!(await run(() => core(item)))) return;
            setAdding(false);
            refresh();
          }}
        />
      )}
      {open !== undefined && (
        <ItemDialog
          key={open.summary.id}
          item={open}
          member={member}
          busy={busy}
          wrong={wrong}
          onClose={close}
          onOpen={({ id }) => show(id)}
          onEdit={(change) => edit(open, change)}
          onGenerate={generate}
          onOfferAgain={() => offerAgain(open)}
          onTrash={() => move("trashAll", [open.summary.id])}
          onRestore={() => move("restoreAll", [open.summary.id])}
          onPurge={() => purge([open.summary.id])}
          onEndpoints={endpointsOf}
          onReveal={() => core({ type: "reveal", id: open.summary.id })}
          onCode={() => core({ type: "code", id: open.summary.id })}
          onCopy={(text) => navigator.clipboard.writeText(text)}
        />
      )}
      {offered !== undefined && <Toast text={offered.text} onUndo={take} onNow={offered.commit && end} onClose={end} />}
      <span class="unseen" role="status">
        {selection !== undefined && t("selectHint")}
      </span>
    </>
  );
}
