/** The vault's tables in IndexedDB: an object store each, sealed bytes under binary keys. */

const NAME = "roamkey";
/** Kept apart from the core's tables: holds the worker's own wrapping key. */
export const KEYS = "worker-keys";
/** The tables that each version added. A new one is only ever appended: an older database keeps its rows as they are. */
const VERSIONS: readonly (readonly string[])[] = [
  ["client", "meta", "pins", "log", "commits", "epochs", "pages", "summary", "pending", "outbox", "index"],
  [KEYS],
  ["unapplied"],
  ["evidence"],
];

export interface Change {
  table: string;
  key: Uint8Array;
  value?: Uint8Array | undefined;
}

let opened: Promise<IDBDatabase> | undefined;

export function database(): Promise<IDBDatabase> {
  opened ??= open();
  opened.catch(() => (opened = undefined));
  return opened;
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, VERSIONS.length);
  request.onupgradeneeded = ({ oldVersion }) => {
    for (const table of VERSIONS.slice(oldVersion).flat()) request.result.createObjectStore(table);
  };
  return settled(request).then((db) => {
    db.onclose = () => (opened = undefined);
    db.onversionchange = () => {
      db.close();
      opened = undefined;
    };
    return db;
  });
}

export async function getRows(tables: string[], keys: Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
  if (keys.length === 0) return [];
  const transaction = (await database()).transaction([...new Set(tables)], "readonly");
  const read = (key: Uint8Array, at: number) => settled<unknown>(transaction.objectStore(tables[at] ?? "").get(copy(key)));
  return (await Promise.all(keys.map(read))).map(asBytes);
}

export async function scanRows(table: string, after: Uint8Array | undefined, limit: number): Promise<[Uint8Array, Uint8Array][]> {
  const store = (await database()).transaction(table, "readonly").objectStore(table);
  const range = after === undefined ? null : IDBKeyRange.lowerBound(copy(after), true);
  const [keys, values] = await Promise.all([settled(store.getAllKeys(range, limit)), settled<unknown[]>(store.getAll(range, limit))]);
  return keys.map((key, at) => [new Uint8Array(key as ArrayBuffer), asBytes(values[at]) ?? new Uint8Array()]);
}

/** All of a batch or nothing, on disk before the promise resolves. */
export async function applyBatch(batch: Change[]): Promise<void> {
  if (batch.length === 0) return;
  const tables = [...new Set(batch.map((each) => each.table))];
  const transaction = (await database()).transaction(tables, "readwrite", { durability: "strict" });
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("the transaction was aborted"));
  });
  for (const { table, key, value } of batch) {
    const store = transaction.objectStore(table);
    if (value === undefined) store.delete(copy(key));
    else store.put(copy(value), copy(key));
  }
  await done;
}

/** Rows must not alias the core's memory, which may move while the browser still reads. */
function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

function asBytes(value: unknown): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined;
}

export function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the database refused"));
  });
}
