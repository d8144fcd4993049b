/** Small parsers for what arrives from outside: each returns the value or throws {@link Malformed}. */

export class Malformed extends Error {
  override name = "Malformed";
}

export type Parser<T> = (value: unknown) => T;

/** Longest text taken from a page, in UTF-16 units: options of a real site stay far below. */
export const MAX_TEXT = 64 * 1024;
/** Deepest nesting and most nodes of a page's options. */
export const MAX_DEPTH = 8;
export const MAX_NODES = 4096;
/** Longest that all texts of a page's options may be together: each request waits in the browser's memory. */
export const MAX_TEXTS = 256 * 1024;

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export function text(value: unknown, limit = MAX_TEXT): string {
  if (typeof value !== "string" || value.length > limit) throw new Malformed("text expected");
  return value;
}

export function flag(value: unknown): boolean {
  if (typeof value !== "boolean") throw new Malformed("flag expected");
  return value;
}

export function count(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw new Malformed("count expected");
  return value;
}

export function optional<T>(value: unknown, parser: Parser<T>): T | undefined {
  return value === undefined || value === null ? undefined : parser(value);
}

export function oneOf<const T extends string>(value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new Malformed("unknown word");
  return found;
}

export function list<T>(value: unknown, parser: Parser<T>, limit = 1000): T[] {
  if (!Array.isArray(value) || value.length > limit) throw new Malformed("list expected");
  return value.map((each) => parser(each));
}

export function object(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Malformed("object expected");
  return value as Record<string, unknown>;
}

/** A copy made of plain data only, bounded in size; refuses anything JSON cannot say. */
export function json(value: unknown): Json {
  let nodes = 0;
  let length = 0;
  const words = (each: unknown): string => {
    const word = text(each);
    length += word.length;
    if (length > MAX_TEXTS) throw new Malformed("too large");
    return word;
  };
  const copy = (each: unknown, depth: number): Json => {
    nodes += 1;
    if (depth > MAX_DEPTH || nodes > MAX_NODES) throw new Malformed("too large");
    if (each === null || typeof each === "boolean") return each;
    if (typeof each === "string") return words(each);
    if (typeof each === "number" && Number.isFinite(each)) return each;
    if (Array.isArray(each)) return each.map((inner) => copy(inner, depth + 1));
    const entries = Object.entries(object(each)).filter(([, inner]) => inner !== undefined);
    return Object.fromEntries(entries.map(([key, inner]) => [words(key), copy(inner, depth + 1)]));
  };
  return copy(value, 0);
}

export function jsonObject(value: unknown): Record<string, Json> {
  const parsed = json(object(value));
  return parsed as Record<string, Json>;
}
