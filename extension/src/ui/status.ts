import type { Membership } from "../core/messages.ts";
import { ago, t, tn } from "./t.ts";

/** Where the vault stands with the server, in a line. */
export function syncLine({ pending, lastSync, online }: Membership): string {
  if (pending > 0) return tn("pending", pending);
  if (online === false) return t("offline");
  return lastSync === undefined ? t("neverSynced") : t("syncedAgo", ago(lastSync));
}
