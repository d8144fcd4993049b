import { failureOf } from "../core/error.ts";
import type { ErrorCode } from "../core/messages.ts";
import { t, type MessageKey } from "./t.ts";
import { placeOf } from "./views/reasons.ts";

/** What happened, what is safe, what to do: a message a code. */
const TEXTS: Partial<Record<ErrorCode, MessageKey>> = {
  wrongPassphrase: "errorWrongPassphrase",
  weakPassphrase: "errorWeakPassphrase",
  badServer: "errorBadServer",
  asksForInvitation: "errorAsksForInvitation",
  badInvitation: "errorBadInvitation",
  takesNoAccounts: "errorTakesNoAccounts",
  unreachable: "errorUnreachable",
  unavailable: "errorUnavailable",
  refused: "errorRefused",
  quotaExceeded: "errorQuota",
  revoked: "errorRevoked",
  distrust: "errorDistrust",
  otherHistory: "errorOtherHistory",
  pairAgain: "errorPairAgain",
  updateNeeded: "errorUpdate",
  lastDevice: "errorLastDevice",
  pendingChanges: "errorPending",
  badCode: "errorBadCode",
  codeGone: "errorCodeGone",
  vaultExists: "errorVaultExists",
  badKit: "errorBadKit",
  kitReplaced: "errorKitReplaced",
  otherAccount: "errorOtherAccount",
  notRecovering: "errorNotRecovering",
  locked: "errorLocked",
  damaged: "errorDamaged",
  storage: "errorStorage",
  tooLong: "errorTooLong",
  fileTooLarge: "errorFileTooLarge",
  fileUnknown: "errorFileUnknown",
  fileWrongPassphrase: "errorFilePassphrase",
  fileOnlyForAccount: "errorFileAccount",
  fileTooCostly: "errorFileCostly",
  fileMalformed: "errorFileMalformed",
  notOneTimeCodes: "errorNotOneTimeCodes",
  notEncrypted: "errorNotEncrypted",
  foreignFrame: "errorForeignFrame",
  otherSite: "errorOtherSite",
};

export function explain(error: unknown): string {
  const { code, place, group } = failureOf(error);
  if (place !== undefined) return t("errorFileAt", placeOf(place));
  if (code === "badKit" && group !== undefined) return t("errorKitGroup", group);
  return t(TEXTS[code] ?? "errorInternal");
}
