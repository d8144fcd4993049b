/** Hands a file to the core, piece by piece: it is read here and kept nowhere. */

import { core } from "./ask.ts";

/** A multiple of three, so that pieces of base64 fit together; small enough for the browser's messages. */
const PIECE = 3 * 1024 * 1024;

export async function handOver(file: File, progress: (part: number) => void): Promise<void> {
  let offset = 0;
  do {
    const bytes = await base64(file.slice(offset, offset + PIECE));
    await core({ type: "filePiece", offset, size: file.size, bytes });
    offset += PIECE;
    progress(Math.min(1, offset / Math.max(file.size, 1)));
  } while (offset < file.size);
}

function base64(piece: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const url = typeof reader.result === "string" ? reader.result : "";
      // An empty piece has no comma in some browsers.
      resolve(url.slice(url.indexOf(",") + 1 || url.length));
    };
    reader.onerror = () => reject(reader.error ?? new Error("the file cannot be read"));
    reader.readAsDataURL(piece);
  });
}
