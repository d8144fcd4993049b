import { useState } from "preact/hooks";
import type { Item, ItemSummary } from "../../core/messages.ts";
import { core, endpointsOf } from "../ask.ts";
import { useTask } from "../hooks.ts";
import { useItems } from "../items.ts";
import { AddDialog } from "../views/AddDialog.tsx";
import { ItemDialog } from "../views/ItemDialog.tsx";
import { ItemsView, type Filter } from "../views/ItemsView.tsx";
import { Lost } from "./Lost.tsx";

export function ItemsSection({ member }: { member: boolean }) {
  const [query, setQuery] = useState("");
  const [filter, setFilter] = useState<Filter>("kept");
  const [open, setOpen] = useState<Item>();
  const { total, at, need, refresh } = useItems(query, filter);
  const [adding, setAdding] = useState(false);
  const { busy, wrong, run, clear } = useTask();

  const openItem = (item: ItemSummary) => run(async () => setOpen(await core({ type: "item", id: item.id })));
  const change = async (type: "offerAgain" | "trash" | "restore" | "purge") => {
    if (open === undefined) return;
    if (!(await run(() => core({ type, id: open.summary.id })))) return;
    setOpen(undefined);
    refresh();
  };
  return (
    <>
      <ItemsView total={total} at={at} need={need} query={query} filter={filter} onQuery={setQuery} onFilter={setFilter} onOpen={(item) => void openItem(item)} onAdd={member ? () => setAdding(true) : undefined}>
        <Lost />
      </ItemsView>
      {adding && (
        <AddDialog
          busy={busy}
          wrong={wrong}
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
          item={open}
          member={member}
          wrong={wrong}
          onClose={() => {
            clear();
            setOpen(undefined);
          }}
          onRename={async (title) => {
            if (!(await run(() => core({ type: "renameItem", id: open.summary.id, title })))) return;
            setOpen(undefined);
            refresh();
          }}
          onOfferAgain={() => change("offerAgain")}
          onTrash={() => change("trash")}
          onRestore={() => change("restore")}
          onPurge={() => change("purge")}
          onEndpoints={endpointsOf}
          onReveal={async () => (await core({ type: "reveal", id: open.summary.id })).password}
        />
      )}
    </>
  );
}
