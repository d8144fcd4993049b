import type { ExportedFile } from "../core/messages.ts";
import { decode } from "../relay/base64url.ts";

/** Hands the person a file, where their browser puts downloads. */
export function save({ name, bytes }: ExportedFile): void {
  const link = document.createElement("a");
  link.download = name;
  link.href = URL.createObjectURL(new Blob([decode(bytes)], { type: "application/octet-stream" }));
  link.click();
  URL.revokeObjectURL(link.href);
}
