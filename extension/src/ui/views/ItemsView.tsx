import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import type { ItemCounts, ItemSummary, ListOrder } from "../../core/messages.ts";
import { Button, Busy, Empty, Notice, SiteMark, Tag } from "../components/basic.tsx";
import { Segments } from "../components/fields.tsx";
import { Icon } from "../components/Icon.tsx";
import { VirtualList } from "../components/VirtualList.tsx";
import type { About, Question, Shelf } from "../items.ts";
import type { Selection } from "../selection.ts";
import { ago, count, t, tn, type MessageKey } from "../t.ts";

const ROW = 64;

interface Props {
  /** Absent until the first page is here. */
  about: About | undefined;
  at: (index: number) => ItemSummary | undefined;
  need: (first: number, end: number) => void;
  question: Question;
  onQuestion: (question: Question) => void;
  onOpen: (item: ItemSummary) => void;
  /** Absent where nothing can be added. */
  onAdd?: (() => void) | undefined;
  /** Absent while none can be chosen. */
  selection?: Selection | undefined;
  /** Begins or ends choosing; absent where nothing can be changed. */
  onSelecting?: ((on: boolean) => void) | undefined;
  onSelect?: (index: number, on: boolean, range: boolean) => void;
  onSelectAll?: () => unknown;
  /** To the trash, or, there, out of it. */
  onMove?: () => unknown;
  onPurge?: () => unknown;
  /** All that has been in the trash for long. */
  onPurgeOld?: (() => unknown) | undefined;
  /** What the person has to see before the list. */
  children?: ComponentChildren;
}

export function ItemsView(props: Props) {
  const { about, question, selection, onQuestion, onAdd, onSelecting, onPurgeOld, children } = props;
  const old = about?.counts.oldTrash ?? 0;
  return (
    <>
      <header class="head">
        <div>
          <h1>{t("itemsTitle")}</h1>
          <p class="soft">{t("itemsLead")}</p>
        </div>
        <div class="row">
          {onSelecting !== undefined && (about?.total ?? 0) > 0 && (
            <Button onClick={() => onSelecting(selection === undefined)} testId="select">
              {t(selection === undefined ? "select" : "selectEnd")}
            </Button>
          )}
          {onAdd !== undefined && (
            <Button kind="primary" icon="plus" onClick={onAdd} testId="add">
              {t("add")}
            </Button>
          )}
        </div>
      </header>
      {children}
      <div class="stack-s">
        <Search query={question.query} onQuery={(query) => onQuestion({ ...question, query })} />
        <Filters {...props} />
      </div>
      {question.shelf === "trash" && old > 0 && onPurgeOld !== undefined && (
        <Notice>
          <div class="row between">
            <span>{tn("oldTrash", old)}</span>
            <Button kind="quiet" onClick={onPurgeOld} testId="purge-old">
              {t("purgeOld")}
            </Button>
          </div>
        </Notice>
      )}
      <section class="card">{about === undefined ? <Loading /> : about.total === 0 ? <Nothing question={question} /> : <List {...props} total={about.total} />}</section>
      <p class="small soft" role="status" data-testid="total">
        {about !== undefined && about.total > 0 && tn("items", about.total)}
      </p>
      {selection !== undefined && <Chosen {...props} selection={selection} total={about?.total ?? 0} />}
    </>
  );
}

function Search({ query, onQuery }: { query: string; onQuery: (query: string) => void }) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches("input:not([type=radio], [type=checkbox]), textarea, select");
      if (event.key !== "/" || typing || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
  return (
    <div class="with-icon">
      <label class="unseen" for={id}>
        {t("searchItems")}
      </label>
      <Icon name="search" />
      <input id={id} ref={input} class="input" type="search" value={query} placeholder={t("searchItems")} aria-keyshortcuts="/" onInput={(event) => onQuery(event.currentTarget.value)} data-testid="search" />
    </div>
  );
}

const SHELVES = [
  ["all", "itemsKept"],
  ["passkey", "shelfPasskeys"],
  ["login", "shelfLogins"],
  ["note", "shelfNotes"],
  ["trash", "itemsTrashed"],
] as const satisfies readonly (readonly [Shelf, MessageKey])[];

const ORDERS = [
  ["site", "orderSite"],
  ["used", "orderUsed"],
  ["created", "orderCreated"],
] as const satisfies readonly (readonly [ListOrder, MessageKey])[];

function Filters({ about, question, onQuestion }: Props) {
  const tags = about?.tags ?? [];
  return (
    <div class="filters">
      <Segments label={t("itemsFilter")} value={question.shelf} onChange={(shelf) => onQuestion({ ...question, shelf })} options={SHELVES.map(([shelf, label]) => [shelf, t(label), about && numberOf(shelf, about.counts)])} />
      <div class="row">
        {(tags.length > 0 || question.tag !== "") && (
          <Choice label={t("tag")} value={question.tag} onChange={(tag) => onQuestion({ ...question, tag })} options={[["", t("tagAny")], ...tags.map((tag) => [tag, tag] as const)]} testId="tag" />
        )}
        <Choice label={t("order")} value={question.order} onChange={(order) => onQuestion({ ...question, order })} options={ORDERS.map(([order, label]) => [order, t(label)] as const)} testId="order" />
      </div>
    </div>
  );
}

function Choice<T extends string>({ label, value, options, onChange, testId }: { label: string; value: T; options: readonly (readonly [T, string])[]; onChange: (value: T) => void; testId: string }) {
  return (
    <span class="select">
      <select class="input small" aria-label={label} value={value} data-testid={testId} onChange={(event) => onChange(options.find(([each]) => each === event.currentTarget.value)?.[0] ?? value)}>
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </span>
  );
}

function numberOf(shelf: Shelf, { passkeys, logins, notes, trashed }: ItemCounts): string {
  switch (shelf) {
    case "all":
      return count(passkeys + logins + notes);
    case "passkey":
      return count(passkeys);
    case "login":
      return count(logins);
    case "note":
      return count(notes);
    case "trash":
      return count(trashed);
  }
}

function Loading() {
  return (
    <div class="empty">
      <Busy />
    </div>
  );
}

function Nothing({ question: { query, shelf, tag } }: { question: Question }) {
  if (query !== "") return <Empty icon="search" title={t("nothingFound")}><p>{t("nothingFoundText", query)}</p></Empty>;
  if (shelf === "trash") return <Empty icon="trash" title={t("trashEmpty")}><p>{t("trashEmptyText")}</p></Empty>;
  if (shelf !== "all" || tag !== "") return <Empty icon="search" title={t("nothingFound")}><p>{t("nothingHere")}</p></Empty>;
  return (
    <Empty icon="key" title={t("itemsEmpty")}>
      <p>{t("itemsEmptyText")}</p>
    </Empty>
  );
}

function List({ total, at, need, question, selection, onOpen, onSelect }: Props & { total: number }) {
  const subject = JSON.stringify(question);
  const grouped = question.order === "site";
  return (
    <VirtualList
      total={total}
      rowHeight={ROW}
      label={t("itemsTitle")}
      subject={subject}
      at={at}
      need={need}
      row={(item, index) => {
        if (item === undefined) return <Blank />;
        const continues = grouped && item.group !== undefined && index > 0 && at(index - 1)?.group === item.group;
        return <Row item={item} continues={continues} chosen={selection?.ids.has(item.id)} onOpen={onOpen} onSelect={(on, range) => onSelect?.(index, on, range)} />;
      }}
    />
  );
}

const KINDS = { passkey: "kindPasskey", login: "kindLogin", note: "kindNote" } as const;
const KIND_ICONS = { passkey: "key", login: "lock", note: "note" } as const;

interface RowProps {
  item: ItemSummary;
  /** It is for the same site as the one above. */
  continues: boolean;
  /** Absent where rows are opened, not chosen. */
  chosen: boolean | undefined;
  onOpen: (item: ItemSummary) => void;
  onSelect: (on: boolean, range: boolean) => void;
}

function Row({ item, continues, chosen, onOpen, onSelect }: RowProps) {
  if (chosen === undefined) {
    return (
      <button type="button" class={continues ? "item continues" : "item"} onClick={() => onOpen(item)} data-testid="item">
        <Line item={item} continues={continues} />
        <Icon name="next" />
      </button>
    );
  }
  return (
    <label class={continues ? "item continues" : "item"} data-testid="item">
      <input type="checkbox" class="tick" checked={chosen} onClick={(event) => onSelect(event.currentTarget.checked, event.shiftKey)} />
      <Line item={item} continues={continues} />
    </label>
  );
}

function Line({ item, continues }: { item: ItemSummary; continues: boolean }) {
  const when = item.trashed ?? item.lastUsed;
  const second = [item.account, item.site === item.title ? undefined : item.group].filter((part) => part !== undefined);
  return (
    <>
      {continues ? <span class="mark none" aria-hidden="true" /> : <SiteMark site={item.group ?? item.title} />}
      <span class="grow">
        <strong class="cut block">
          <bdi>{item.title}</bdi>
        </strong>
        <span class="cut block small soft">
          {second.length === 0
            ? t(KINDS[item.kind])
            : second.map((part, at) => (
                <>
                  {at > 0 && " · "}
                  <bdi>{part}</bdi>
                </>
              ))}
        </span>
      </span>
      {item.tags?.slice(0, 2).map((tag) => (
        <Tag key={tag}>
          <bdi>{tag}</bdi>
        </Tag>
      ))}
      {!item.synced && <Tag kind="warn">{t("notSynced")}</Tag>}
      {when !== undefined && <span class="when">{ago(when)}</span>}
      <span class="kind" role="img" aria-label={t(KINDS[item.kind])} title={t(KINDS[item.kind])}>
        <Icon name={KIND_ICONS[item.kind]} />
      </span>
    </>
  );
}

function Blank() {
  return (
    <div class="item blank" aria-hidden="true">
      <i class="mark" />
      <i class="grow" />
    </div>
  );
}

/** What can be done with what is chosen. */
function Chosen({ selection, total, question, onSelectAll, onMove, onPurge }: Props & { selection: Selection; total: number }) {
  const none = selection.ids.size === 0;
  const trash = question.shelf === "trash";
  return (
    <div class="chosen" role="region" aria-label={t("chosenLabel")}>
      <span class="grow" role="status" data-testid="chosen">
        {tn("chosen", selection.ids.size)}
      </span>
      {selection.ids.size < total && (
        <Button kind="quiet" onClick={() => onSelectAll?.()} testId="select-all">
          {t("selectAll", count(total))}
        </Button>
      )}
      {trash && (
        <Button kind="danger" disabled={none} onClick={() => onPurge?.()} testId="purge-chosen">
          {t("purge")}
        </Button>
      )}
      <Button kind={trash ? "" : "danger"} icon={trash ? "restore" : "trash"} disabled={none} onClick={() => onMove?.()} testId="move-chosen">
        {t(trash ? "restore" : "moveToTrash")}
      </Button>
    </div>
  );
}
