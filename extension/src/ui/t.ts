/** Words from the message files, by keys that the compiler knows. */

import type english from "../../public/_locales/en/messages.json";

export type MessageKey = keyof typeof english;

export function t(key: MessageKey, ...values: (string | number)[]): string {
  return chrome.i18n.getMessage(key, values.map(String)) || key;
}

/** The message for a number of things: `key_one` or `key_other`. */
export function tn(key: PluralKey, count: number): string {
  const form = new Intl.PluralRules(locale()).select(count) === "one" ? "one" : "other";
  return t(`${key}_${form}` as MessageKey, new Intl.NumberFormat(locale()).format(count));
}

type PluralKey = MessageKey extends infer Key ? (Key extends `${infer Name}_one` ? Name : never) : never;

export function locale(): string {
  return chrome.i18n.getUILanguage();
}

const TIMES: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 86_400_000],
  ["month", 30 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** "3 days ago"; "just now" within a minute. */
export function ago(time: number, now = Date.now()): string {
  const passed = now - time;
  const found = TIMES.find(([, length]) => passed >= length);
  if (found === undefined) return t("justNow");
  const [unit, length] = found;
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(-Math.floor(passed / length), unit);
}

/** A number as it is written here. */
export function count(number: number): string {
  return new Intl.NumberFormat(locale()).format(number);
}

export function date(time: number): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium" }).format(time);
}
