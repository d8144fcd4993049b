import type { ExportedFile } from "../core/messages.ts";
import { decode } from "../relay/base64url.ts";

/** Hands the person a file, where their browser puts downloads. */
export function save({ name, bytes }: ExportedFile): void {
  hand(name, new Blob([decode(bytes)], { type: "application/octet-stream" }));
}

/** As `save`, for a text. */
export function saveText(name: string, text: string): void {
  hand(name, new Blob([text], { type: "text/plain" }));
}

function hand(name: string, file: Blob): void {
  const link = document.createElement("a");
  link.download = name;
  link.href = URL.createObjectURL(file);
  link.click();
  URL.revokeObjectURL(link.href);
}
