/** Words for what became of a field, and for places in files, by the names that the core gives them. */

import type { FilePlace } from "../../core/messages.ts";
import { count, t, type MessageKey } from "../t.ts";

const REASONS: Record<string, MessageKey> = {
  "as-custom-field": "reasonCustomField",
  "as-tag": "reasonTag",
  "not-understood": "reasonNotUnderstood",
  "not-one-time-codes": "reasonNotCodes",
  counter: "reasonCounter",
  "no-prf-secrets": "reasonNoPrf",
  attachment: "reasonAttachment",
  "too-long": "reasonTooLong",
  "unknown-key": "reasonUnknownKey",
  unreadable: "reasonUnreadable",
  columns: "reasonColumns",
  "old-passwords": "reasonOldPasswords",
};

export function reasonOf(name: string): string {
  const key = REASONS[name];
  return key === undefined ? name : t(key);
}

export function placeOf(place: FilePlace): string {
  switch (place.place) {
    case "line":
      return t("placeLine", count(place.number));
    case "item":
      return t("placeItem", count(place.number));
    case "lineOf":
      return t("placeLineOf", place.file, count(place.number));
  }
}
