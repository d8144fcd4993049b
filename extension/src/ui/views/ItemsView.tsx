import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { ItemSummary } from "../../core/messages.ts";
import { Button, Busy, Empty, SiteMark, Tag } from "../components/basic.tsx";
import { Segments } from "../components/fields.tsx";
import { Icon } from "../components/Icon.tsx";
import { VirtualList } from "../components/VirtualList.tsx";
import { ago, t, tn } from "../t.ts";

export type Filter = "kept" | "trashed";
const ROW = 64;

interface Props {
  /** Absent until the first page is here. */
  total: number | undefined;
  at: (index: number) => ItemSummary | undefined;
  need: (first: number, end: number) => void;
  query: string;
  filter: Filter;
  onQuery: (query: string) => void;
  onFilter: (filter: Filter) => void;
  onOpen: (item: ItemSummary) => void;
  /** Absent where nothing can be added. */
  onAdd?: (() => void) | undefined;
  /** What the person has to see before the list. */
  children?: ComponentChildren;
}

export function ItemsView(props: Props) {
  const { total, query, filter, onQuery, onFilter, onAdd, children } = props;
  const id = useId();
  return (
    <>
      <header class="head">
        <div>
          <h1>{t("itemsTitle")}</h1>
          <p class="soft">{t("itemsLead")}</p>
        </div>
        {onAdd !== undefined && (
          <Button kind="primary" icon="plus" onClick={onAdd} testId="add">
            {t("add")}
          </Button>
        )}
      </header>
      {children}
      <div class="row">
        <div class="with-icon grow">
          <label class="unseen" for={id}>
            {t("search")}
          </label>
          <Icon name="search" />
          <input id={id} class="input" type="search" value={query} placeholder={t("search")} onInput={(event) => onQuery(event.currentTarget.value)} data-testid="search" />
        </div>
        <Segments label={t("itemsFilter")} value={filter} onChange={onFilter} options={[["kept", t("itemsKept")], ["trashed", t("itemsTrashed")]]} />
      </div>
      <section class="card">{total === undefined ? <Loading /> : total === 0 ? <Nothing query={query} filter={filter} /> : <List {...props} total={total} />}</section>
      <p class="small soft" role="status">
        {total !== undefined && total > 0 && tn("items", total)}
      </p>
    </>
  );
}

function Loading() {
  return (
    <div class="empty">
      <Busy />
    </div>
  );
}

function Nothing({ query, filter }: { query: string; filter: Filter }) {
  if (query !== "") return <Empty icon="search" title={t("nothingFound")}><p>{t("nothingFoundText", query)}</p></Empty>;
  if (filter === "trashed") return <Empty icon="trash" title={t("trashEmpty")}><p>{t("trashEmptyText")}</p></Empty>;
  return <Empty icon="key" title={t("itemsEmpty")}><p>{t("itemsEmptyText")}</p></Empty>;
}

function List({ total, at, need, onOpen }: Props & { total: number }) {
  return <VirtualList total={total} rowHeight={ROW} label={t("itemsTitle")} at={at} need={need} row={(item) => (item === undefined ? <Blank /> : <Row item={item} onOpen={onOpen} />)} />;
}

const KINDS = { passkey: "kindPasskey", login: "kindLogin", note: "kindNote" } as const;

function Row({ item, onOpen }: { item: ItemSummary; onOpen: (item: ItemSummary) => void }) {
  const when = item.trashed ?? item.lastUsed;
  return (
    <button type="button" class="item" onClick={() => onOpen(item)} data-testid="item">
      <SiteMark site={item.site ?? item.title} />
      <span class="grow">
        <strong class="cut block">
          <bdi>{item.title}</bdi>
        </strong>
        <bdi class="cut block small soft">{item.account ?? t(KINDS[item.kind])}</bdi>
      </span>
      {item.kind !== "passkey" && <Tag>{t(KINDS[item.kind])}</Tag>}
      {!item.synced && <Tag kind="warn">{t("notSynced")}</Tag>}
      {when !== undefined && <span class="when">{ago(when)}</span>}
      <Icon name="next" />
    </button>
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
