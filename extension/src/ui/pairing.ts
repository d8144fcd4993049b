import type { PairingEnd } from "../core/messages.ts";
import { t } from "./t.ts";

const ENDS = {
  wrongCode: "pairWrongCode",
  wrongEmoji: "pairWrongEmoji",
  expired: "pairExpired",
  cancelled: "pairCancelled",
  refused: "pairRefused",
} as const satisfies Record<PairingEnd, string>;

/** Why pairing ended, in words. */
export function pairingEnd(reason: PairingEnd): string {
  return t(ENDS[reason]);
}
