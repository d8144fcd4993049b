/** The core's requests and answers, as Rust defines them: `scripts/types.mjs` generates the types. */

import type { Answers } from "./generated/Answers.ts";
import type { Request } from "./generated/Request.ts";

export type { Account } from "./generated/Account.ts";
export type { Caller } from "./generated/Caller.ts";
export type { DeviceView } from "./generated/DeviceView.ts";
export type { EmojiChoice } from "./generated/EmojiChoice.ts";
export type { ErrorCode } from "./generated/ErrorCode.ts";
export type { ExportedFile } from "./generated/ExportedFile.ts";
export type { ExposedSecret } from "./generated/ExposedSecret.ts";
export type { FetchedDocument } from "./generated/FetchedDocument.ts";
export type { FieldView } from "./generated/FieldView.ts";
export type { Failure } from "./generated/Failure.ts";
export type { GeneratedPassword } from "./generated/GeneratedPassword.ts";
export type { Histories } from "./generated/Histories.ts";
export type { HistoryView } from "./generated/HistoryView.ts";
export type { ExportedVault } from "./generated/ExportedVault.ts";
export type { ExportTarget } from "./generated/ExportTarget.ts";
export type { FilePlace } from "./generated/FilePlace.ts";
export type { ImportDone } from "./generated/ImportDone.ts";
export type { ImportPreview } from "./generated/ImportPreview.ts";
export type { ImportProgress } from "./generated/ImportProgress.ts";
export type { ImportView } from "./generated/ImportView.ts";
export type { Item } from "./generated/Item.ts";
export type { ItemCounts } from "./generated/ItemCounts.ts";
export type { ItemKind } from "./generated/ItemKind.ts";
export type { ItemSummary } from "./generated/ItemSummary.ts";
export type { ListOrder } from "./generated/ListOrder.ts";
export type { JoinPoll } from "./generated/JoinPoll.ts";
export type { KeptHistory } from "./generated/KeptHistory.ts";
export type { KitView } from "./generated/KitView.ts";
export type { LogEntry } from "./generated/LogEntry.ts";
export type { Membership } from "./generated/Membership.ts";
export type { OneTimeCode } from "./generated/OneTimeCode.ts";
export type { PageOrigins } from "./generated/PageOrigins.ts";
export type { PairingEnd } from "./generated/PairingEnd.ts";
export type { PairPoll } from "./generated/PairPoll.ts";
export type { PasskeyDecision } from "./generated/PasskeyDecision.ts";
export type { PasskeyPrompt } from "./generated/PasskeyPrompt.ts";
export type { ReusedPasswords } from "./generated/ReusedPasswords.ts";
export type { Revealed } from "./generated/Revealed.ts";
export type { PlannedFilter } from "./generated/PlannedFilter.ts";
export type { PlannedItem } from "./generated/PlannedItem.ts";
export type { RecoverySurvey } from "./generated/RecoverySurvey.ts";
export type { Sight } from "./generated/Sight.ts";
export type { Standing } from "./generated/Standing.ts";
export type { State } from "./generated/State.ts";
export type { UnappliedChange } from "./generated/UnappliedChange.ts";
export type { WayBack } from "./generated/WayBack.ts";
export type { Request };

export type RequestType = Request["type"];
export type RequestOf<T extends RequestType> = Extract<Request, { type: T }>;
export type AnswerTo<T extends RequestType> = Answers[T];

/** What the extension's own pages may ask; a site's requests come by way of the worker alone. */
export const FROM_UI = [
  "state",
  "create",
  "unlock",
  "lock",
  "changePassphrase",
  "reset",
  "items",
  "itemIds",
  "siteItems",
  "item",
  "reveal",
  "code",
  "generate",
  "keepGenerated",
  "generatedLately",
  "reusedPasswords",
  "addLogin",
  "editLogin",
  "addNote",
  "editNote",
  "renameItem",
  "offerAgain",
  "trash",
  "restore",
  "purge",
  "trashAll",
  "restoreAll",
  "purgeAll",
  "unapplied",
  "dismissUnapplied",
  "filePiece",
  "importOpen",
  "importPlanned",
  "importChoose",
  "importRun",
  "importProgress",
  "importForget",
  "imports",
  "undoImport",
  "export",
  "devices",
  "renameDevice",
  "revoke",
  "leave",
  "logView",
  "exportLog",
  "standing",
  "exportEvidence",
  "histories",
  "repair",
  "exposure",
  "markReplaced",
  "sync",
  "pairStart",
  "pairPoll",
  "pairConfirm",
  "pairCancel",
  "joinStart",
  "joinPoll",
  "joinCancel",
  "waysBack",
  "makeKit",
  "rehearseKit",
  "removeKit",
  "recoverStart",
  "recoverFinish",
  "recoverCancel",
  "revokeOthers",
] as const satisfies readonly RequestType[];
export type UiRequest = RequestOf<(typeof FROM_UI)[number]>;
