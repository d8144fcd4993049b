/** Every view in every state, for eyes and for tests; not part of a release. */

import type { ComponentChild } from "preact";
import type { DeviceView, ExportedVault, ExposedSecret, Histories, ImportPreview, Item, ItemSummary, LogEntry, Membership, PasskeyPrompt, PlannedItem, Sight, UnappliedChange } from "../core/messages.ts";
import type { PromptRecord } from "../messages/ui.ts";
import { Dialog } from "./components/Dialog.tsx";
import { Toast } from "./components/Toast.tsx";
import { EVERYTHING, type About, type Question } from "./items.ts";
import type { Selection } from "./selection.ts";
import { AboutView } from "./views/AboutView.tsx";
import { AddDialog } from "./views/AddDialog.tsx";
import { ConsentView } from "./views/ConsentView.tsx";
import { DevicesView, nameIn } from "./views/DevicesView.tsx";
import { EditItem } from "./views/EditItem.tsx";
import { ExperimentsView } from "./views/ExperimentsView.tsx";
import { ExportView } from "./views/ExportView.tsx";
import { ExposureView } from "./views/ExposureView.tsx";
import { HistoryView } from "./views/HistoryView.tsx";
import { ImportView, type ImportStep } from "./views/ImportView.tsx";
import { ItemDialog } from "./views/ItemDialog.tsx";
import { ItemsView } from "./views/ItemsView.tsx";
import { LeaveDialog } from "./views/LeaveDialog.tsx";
import { LostView } from "./views/LostView.tsx";
import { PairDialog } from "./views/PairDialog.tsx";
import { PopupView } from "./views/PopupView.tsx";
import { SavePrompt } from "./views/SavePrompt.tsx";
import { ProtectionView } from "./views/ProtectionView.tsx";
import { QuarantineView } from "./views/QuarantineView.tsx";
import { RepairDialog } from "./views/RepairDialog.tsx";
import { RenameDialog } from "./views/RenameDialog.tsx";
import { ReusedView } from "./views/ReusedView.tsx";
import { RevokeDialog } from "./views/RevokeDialog.tsx";
import { KitView, type KitStep } from "./views/KitView.tsx";
import { RecoveryCardView, RemoveKitDialog } from "./views/RecoveryCardView.tsx";
import { SecurityView } from "./views/SecurityView.tsx";
import { SettingsShell, type Section } from "./views/SettingsShell.tsx";
import { SiteRulesView } from "./views/SiteRulesView.tsx";
import { SyncView } from "./views/SyncView.tsx";
import { UnlockView } from "./views/UnlockView.tsx";
import { WelcomeView, type Step } from "./views/WelcomeView.tsx";

const nothing = () => undefined;
const NOW = Date.UTC(2026, 4, 17, 9, 30);
const DAY = 86_400_000;
const LONG = "a-rather-long-name-that-nobody-would-type.accounts.international.example.org";

const membership: Membership = {
  server: "https://sync.example.org",
  accountId: "6f1d0a52c84e9b377a20d1f0b96e5c14",
  deviceId: "11",
  pending: 0,
  lastSync: Date.now() - 2 * 60_000,
  online: true,
};

const prompt: PasskeyPrompt = {
  request: "AQID",
  rpId: "shop.example",
  rpName: "Corner Shop",
  user: { name: "ada@example.com", displayName: "Ada Lovelace" },
  accounts: [],
  userVerification: "preferred",
  alreadyHere: false,
};
const accounts = [
  { id: "1", userName: "ada@example.com", displayName: "Ada Lovelace", lastUsed: Date.now() - 2 * DAY },
  { id: "2", userName: "office@example.com", displayName: "The Office" },
  { id: "3", userName: "grace.brewster.murray.hopper@very-long-address.example.com", displayName: "Grace Brewster Murray Hopper" },
];
const caller = { origin: "https://shop.example", crossOrigin: false };

/** A few accounts a site, as people have them: rows of one site stand together. */
function item(at: number): ItemSummary {
  const group = Math.floor(at / 2);
  const site = SITES[group % SITES.length] ?? "";
  const used = at % 3 === 0 ? { lastUsed: Date.now() - (at % 400) * DAY } : {};
  const kind = at % 7 === 3 ? "login" : at % 11 === 5 ? "note" : "passkey";
  const tags = at % 6 === 4 ? { tags: ["home", "shared with the office"] } : {};
  return { id: String(at), kind, title: kind === "login" ? "Accounts" : at < 100 ? site : `${site} ${at}`, site, group: at < 100 ? site : `${group}.${site}`, account: PEOPLE[at % PEOPLE.length] ?? "", created: NOW, synced: at % 5 !== 1, ...used, ...tags };
}
const PEOPLE = ["ada@example.com", "ada.lovelace", "ada@example.com", "office@example.com", "countess", "ada@example.com"];
const SITES = ["shop.example", "bank.example", "mail.example.org", LONG, "git.example.net", "münchen.example", "例え.example", "travel.example"];

const detail: Item = {
  summary: item(0),
  detail: { kind: "passkey", rpId: "shop.example", credentialId: "kPqT0vJmQ3yU7nW1cXz5rA", userName: "ada@example.com", displayName: "Ada Lovelace", algorithm: "ES256", hidden: false },
  history: [],
  beside: [{ ...item(3), group: "shop.example" }, { ...item(8), account: "office@example.com" }],
};

const login: Item = {
  summary: item(3),
  detail: { kind: "login", sites: [`https://${LONG}/sign-in?from=elsewhere`], userName: "ada@example.com", notes: "The shared account; ask the office before changing it.", hasCodes: true, tags: ["work", "two people"], fields: [{ label: "Customer number", value: "4711" }, { label: "PIN" }] },
  history: [{ field: "title", value: "Accounts", time: NOW }],
  beside: [],
  imported: { format: "bitwarden-json", at: NOW },
};

const lost: UnappliedChange[] = [{ id: "1", item: "2", time: Date.now() - DAY, texts: [{ field: "title", text: "Post office" }, { field: "password" }] }];

const devices: DeviceView[] = [
  { id: "11", name: "Chromium · Linux", platform: "Linux", current: true, addedAt: NOW - 90 * DAY, status: { status: "active" }, recovered: false, recent: false, silent: false },
  { id: "22", name: "Ada’s laptop with a name that goes on and on and on", platform: "Windows", current: false, addedAt: NOW - DAY, addedBy: "11", status: { status: "active" }, recovered: false, recent: true, silent: false },
  { id: "33", name: "Old phone", platform: "Android", current: false, addedAt: NOW - 200 * DAY, addedBy: "11", status: { status: "revoked", at: NOW - 2 * DAY, reason: "lost" }, recovered: false, recent: false, silent: false },
];
const dependents: DeviceView[] = [
  { id: "11", name: "Chromium · Linux", current: true, addedAt: NOW, addedBy: "22", status: { status: "active" }, recovered: false, recent: false, silent: false },
  { id: "44", name: "Tablet in the kitchen", current: false, addedAt: NOW, addedBy: "22", status: { status: "active" }, recovered: false, recent: false, silent: false },
];
const entries: LogEntry[] = [
  { seq: 1, id: "a", time: NOW - 90 * DAY, author: "11", action: { action: "genesis" } },
  { seq: 2, id: "b", time: NOW - 9 * DAY, author: "11", action: { action: "addDevice", device: "22" } },
  { seq: 3, id: "k", time: NOW - 8 * DAY, author: "11", action: { action: "setRecovery", slot: "kit" } },
  { seq: 4, id: "l", time: NOW - 3 * DAY, author: "k1", recovery: "kit", action: { action: "addDevice", device: "44" } },
  { seq: 5, id: "c", time: NOW - 2 * DAY, author: "22", action: { action: "revokeDevices", devices: ["33"], reason: "lost" } },
];

const consent = (kind: "create" | "get", change: Partial<PasskeyPrompt> = {}, wrong?: string, crossOrigin = false) => (
  <ConsentView
    view={{ kind, verified: false, prompt: { ...prompt, ...change }, caller: crossOrigin ? { origin: "https://pay.example", topOrigin: "https://shop.example", crossOrigin } : caller }}
    busy={false}
    wrong={wrong}
    onAccept={nothing}
    onUnlock={nothing}
    onNative={nothing}
    onNever={nothing}
    onRefuse={nothing}
  />
);
const welcome = (step: Step) => <WelcomeView step={step} busy={false} wrong={undefined} invited={false} emoji={{ emoji: "🦉", name: "owl" }} onStep={nothing} onCreate={nothing} onJoin={nothing} onCancelJoin={nothing} onSettings={nothing} onKit={nothing} survey={survey} othersRevoked={false} onRecoverStart={nothing} onRecoverFinish={nothing} onRecoverCancel={nothing} onRevokeOthers={nothing} />;
const survey = {
  account: "ab".repeat(32),
  set: NOW - 90 * DAY,
  lastChange: NOW - 3 * DAY,
  unfinished: true,
  devices: [
    { id: "1f".repeat(32), added: NOW - 200 * DAY, lastContact: NOW - 3 * DAY },
    { id: "c4".repeat(32), added: NOW - 90 * DAY },
  ],
};
const kit = {
  groups: Array.from({ length: 52 }, (_, number) => `7K3QZ${String(number).padStart(3, "0")}`),
  code: "7K3QZ000".repeat(52),
  begin: "-----BEGIN ROAMKEY RECOVERY KIT-----",
  end: "-----END ROAMKEY RECOVERY KIT-----",
  account: "ab".repeat(32),
  server: "https://sync.example.org",
};
const kitPage = (step: KitStep, wrong?: string) => <KitView step={step} busy={false} wrong={wrong} kit={kit} replaces onStep={nothing} onMake={nothing} onRehearse={nothing} onSettings={nothing} />;
const prompts: PromptRecord[] = [
  { request: "1", kind: "get", origin: "https://shop.example", why: "field", at: Date.now() - 60_000, end: "answered" },
  { request: "2", kind: "create", origin: `https://${LONG}`, topOrigin: "https://mail.example.org", why: "asked", at: Date.now() - 3_600_000, end: "withdrawn" },
  { request: "3", kind: "get", origin: "https://bank.example", why: "button", at: Date.now() - DAY, end: "elsewhere" },
];
const settings = (section: Section, body: ComponentChild) => <SettingsShell section={section}>{body}</SettingsShell>;
const about = (total: number): About => ({ total, counts: { passkeys: Math.ceil(total * 0.8), logins: Math.floor(total * 0.15), notes: Math.floor(total * 0.05), trashed: 12, oldTrash: 3 }, tags: ["home", "work", "a tag with a rather long name that nobody would type"] });
const items = (total: number | undefined, question: Partial<Question> = {}, at = item, selection?: Selection) =>
  settings("items", <ItemsView about={total === undefined ? undefined : about(total)} at={at} need={nothing} question={{ ...EVERYTHING, ...question }} onQuestion={nothing} onOpen={nothing} onAdd={nothing} onSelecting={nothing} selection={selection} onPurgeOld={nothing} />);
const toast = <Toast text="3 items will be deleted for good in a few seconds." onUndo={nothing} onNow={nothing} onClose={nothing} />;
const itemDialog = (shown: Item) => (
  <SettingsShell section="items">
    <ItemDialog item={shown} member busy={false} wrong={undefined} onClose={nothing} onOpen={nothing} onEdit={() => Promise.resolve(true)} onGenerate={() => Promise.resolve("")} onCode={() => Promise.resolve({ code: "492039", seconds: 17 })} onCopy={() => Promise.resolve()} onOfferAgain={nothing} onTrash={nothing} onRestore={nothing} onPurge={nothing} onReveal={() => Promise.resolve({ password: "", past: [], fields: [] })} onEndpoints={() => Promise.resolve({})} />
  </SettingsShell>
);
const withDevices = (dialog?: ComponentChild, list: DeviceView[] = devices) =>
  settings(
    "devices",
    <>
      <DevicesView devices={list} resealing={false} member noWayBack={list.length === 1} onKit={nothing} onPair={nothing} onRename={nothing} onLeave={nothing} onRevoke={nothing} onExposure={nothing} />
      <HistoryView entries={entries} nameOf={nameIn(list)} wrong={undefined} onExport={nothing} />
      {dialog}
    </>,
  );
const sync = (distrust: boolean) =>
  settings(
    "sync",
    <SyncView
      state={distrust ? { phase: "distrust", membership: { ...membership, online: false, pending: 3 }, locked: false, detail: "The server forgot changes that this device had seen." } : { phase: "unlocked", membership }}
      nameOf={nameIn(devices)}
      busy={false}
      wrong={undefined}
      standing={distrust ? { saw: { saw: "twoHistories", proven: true }, revoke: [], evidence: 1, words: WORDS } : { revoke: [], evidence: 0, words: WORDS }}
      onSync={nothing}
      onExportEvidence={nothing}
      onRepair={nothing}
    />,
  );
const quarantine = (saw: Sight, revoke: string[]) => settings("sync", <><h1>Sync</h1><QuarantineView standing={{ saw, revoke, evidence: 1, words: WORDS }} nameOf={nameIn(devices)} onExport={nothing} onRepair={nothing} /></>);
const repair = (histories: Histories | undefined, wrong?: string) =>
  settings("sync", <><h1>Sync</h1><RepairDialog histories={histories} nameOf={nameIn(devices)} busy={false} wrong={wrong} onKeep={nothing} onClose={nothing} /></>);
const HISTORIES: Histories = { same: false, here: { items: 3, joined: [], went: ["22"], last: NOW }, server: { items: 12, joined: ["33"], went: [], last: NOW }, revoke: ["22"], pairAgain: [], member: true };
const exposed = (at: number): ExposedSecret => ({
  item: String(at),
  secret: at % 5 === 3 ? "password" : at % 7 === 5 ? "note" : "passkey",
  title: SITES[at % SITES.length] ?? "",
  site: SITES[at % SITES.length] ?? "",
  account: PEOPLE[at % PEOPLE.length] ?? "",
  replaceAt: "https://shop.example/.well-known/change-password",
  progress: at < 5 ? "open" : at === 5 ? "replaced" : "marked",
});
const exposure = (list: ExposedSecret[] | undefined) => settings("devices", <ExposureView device="Old phone" exposed={list} wrong={undefined} onBack={nothing} onMark={nothing} />);
const importPreview: ImportPreview = { format: "bitwarden-json", total: 10_000, new: 9_640, known: 311, differing: 42, refused: 7, changed: 120, lost: 3 };
function planned(at: number): PlannedItem {
  const fate = at % 9 === 2 ? "differing" : at % 9 === 4 ? "known" : at % 9 === 7 ? "refused" : "new";
  const notices = at % 4 === 1 ? [{ field: "PIN", reason: "as-custom-field", lost: false }, { field: "invoice.pdf", reason: "attachment", lost: true }] : [];
  return { at, title: fate === "refused" ? "" : (SITES[at % SITES.length] ?? ""), account: PEOPLE[at % PEOPLE.length] ?? "", kind: "login", place: { place: "line", number: at + 2 }, fate, ...(fate === "refused" ? { reason: "columns" } : {}), notices, wanted: fate === "new" };
}
const moving = (state: ImportStep, wrong?: string) =>
  settings(
    "moving",
    <>
      <h1>Import and export</h1>
      <ImportView
        state={state}
        planned={{ total: 10_000, at: planned, need: nothing }}
        filter="all"
        imports={[{ id: "1", at: NOW, format: "chrome-csv", items: 412 }, { id: "2", at: NOW - 90 * DAY, format: "kdbx", items: 0 }]}
        busy={false}
        wrong={wrong}
        onFile={nothing}
        onPassphrase={nothing}
        onFilter={nothing}
        onChoose={nothing}
        onRun={nothing}
        onCancel={nothing}
        onUndo={nothing}
      />
    </>,
  );
const exporting = (done?: ExportedVault, wrong?: string) => settings("moving", <><h1>Import and export</h1><ExportView done={done} busy={false} wrong={wrong} onExport={() => Promise.resolve(true)} /></>);
const WORDS = "maple river candle ocean tiger violin lemon harbor window salute pencil orbit";
const popup = (state: Parameters<typeof PopupView>[0]["state"], rows: ItemSummary[], offer?: string, more: Partial<Parameters<typeof PopupView>[0]> = {}) => <PopupView state={state} site="shop.example" items={rows} query="" found={undefined} generator={undefined} copied={undefined} wrong={undefined} onFill={nothing} onPending={nothing} onQuery={nothing} onCopy={nothing} onGenerator={nothing} offer={offer === undefined ? undefined : { request: "1", site: offer }} onOffer={nothing} onUnlock={nothing} onLock={nothing} onSettings={nothing} onWelcome={nothing} {...more} />;
const saving = (logins: ItemSummary[], userName = "ada@example.com", site = "shop.example") => <SavePrompt view={{ site, userName, password: "correct horse", logins }} busy={false} wrong={undefined} onSave={nothing} onDismiss={nothing} onNever={nothing} />;
const EMOJI = [["🦊", "fox"], ["🦉", "owl"], ["🌵", "cactus"], ["🚲", "bicycle"], ["🍋", "lemon"], ["🎈", "balloon"]].map(([emoji = "", name = ""]) => ({ emoji, name }));
const pair = (poll: Parameters<typeof PairDialog>[0]["poll"]) => withDevices(<PairDialog code="7-maple-river" poll={poll} wrong={undefined} onConfirm={nothing} onAgain={nothing} onClose={nothing} />);

export const VIEWS: Record<string, () => ComponentChild> = {
  "consent-create": () => consent("create"),
  "consent-create-here": () => consent("create", { alreadyHere: true, userVerification: "required" }),
  "consent-get": () => consent("get", { accounts: accounts.slice(0, 1) }),
  "consent-choose": () => consent("get", { accounts }),
  "consent-long": () => consent("get", { accounts, rpId: LONG }, undefined, true),
  "consent-verify": () => consent("get", { accounts: accounts.slice(0, 1), userVerification: "required" }, "That is not the passphrase."),
  "consent-locked": () => <ConsentView view={{ kind: "get", verified: false, caller }} busy={false} wrong={undefined} onAccept={nothing} onUnlock={nothing} onNative={nothing} onNever={nothing} onRefuse={nothing} />,
  unlock: () => <UnlockView busy={false} wrong={undefined} onUnlock={nothing} onReset={nothing} />,
  "welcome-choose": () => welcome("choose"),
  "welcome-create": () => welcome("create"),
  "welcome-join": () => welcome("join"),
  "welcome-checking": () => welcome("checking"),
  "welcome-emoji": () => welcome("emoji"),
  "welcome-done": () => welcome("done"),
  "welcome-recover": () => welcome("recover"),
  "welcome-survey": () => welcome("survey"),
  "welcome-recovered": () => welcome("recovered"),
  "kit-begin": () => kitPage("begin"),
  "kit-sheet": () => kitPage("sheet"),
  "kit-rehearse": () => kitPage("rehearse", "Group 7 does not look right. Compare it with the page."),
  "kit-done": () => kitPage("done"),
  "popup-empty": () => popup({ phase: "empty" }, []),
  "popup-locked": () => popup({ phase: "locked", membership }, []),
  "popup-items": () => popup({ phase: "unlocked", membership }, [0, 1, 2].map((at) => ({ ...item(at), site: "shop.example" }))),
  "popup-offer": () => popup({ phase: "unlocked", membership }, [{ ...item(0), site: "shop.example" }], LONG),
  "popup-offer-locked": () => popup({ phase: "locked", membership }, [], "shop.example"),
  "popup-nothing": () => popup({ phase: "unlocked", membership: { ...membership, pending: 1 } }, []),
  "popup-search": () => popup({ phase: "unlocked", membership }, [], undefined, { query: "exa", found: { total: 4_711, items: Array.from({ length: 20 }, (_, at) => item(at)) }, copied: "3password" }),
  "popup-nothing-found": () => popup({ phase: "unlocked", membership }, [], undefined, { query: "zebra", found: { total: 0, items: [] } }),
  "popup-generator": () => popup({ phase: "unlocked", membership }, [], undefined, { generator: { recipe: { kind: "words", length: 20, words: 6 }, made: "maple-river-candle-ocean-tiger-violin", copied: false, onRecipe: nothing, onAgain: nothing, onCopy: nothing, lately: [], onCopyAgain: nothing } }),
  "popup-generator-fill": () => popup({ phase: "unlocked", membership }, [], undefined, { generator: { recipe: { kind: "password", length: 20, words: 6 }, made: "fq4Rz-w8Hn2-Lc7vT-m3Kp", copied: false, onRecipe: nothing, onAgain: nothing, onCopy: nothing, lately: [{ password: "nT5xQ-a9Wd3-Rb6yJ-s2Gc", site: LONG, at: NOW }, { password: "maple-river-candle-ocean-tiger-violin-lemon-harbor", site: "", at: NOW - DAY }], onCopyAgain: nothing, onFill: nothing } }),
  "popup-fill": () => popup({ phase: "unlocked", membership }, [1, 2, 7].map((at) => ({ ...item(at), kind: "login", site: "shop.example" })), undefined, { fill: { login: true, fresh: false, code: false }, pending: "shop.example" }),
  "popup-pending-locked": () => popup({ phase: "locked", membership }, [], undefined, { pending: LONG }),
  save: () => saving([]),
  "save-update": () => saving([{ ...item(0), kind: "login", site: "shop.example" }]),
  "save-which": () => saving([0, 1, 2].map((at) => ({ ...item(at), kind: "login" })), "", LONG),
  "popup-revoked": () => popup({ phase: "revoked", membership, locked: false }, []),
  "items-few": () => items(6, {}, (at) => item([0, 1, 2, 10, 20, 7][at] ?? 0)),
  "items-none": () => items(0),
  "items-nothing-found": () => items(0, { query: "zebra" }),
  "items-trash": () => items(12, { shelf: "trash" }, (at) => ({ ...item(at), trashed: Date.now() - at * 4 * DAY })),
  "items-chosen": () => items(10_000, {}, item, { ids: new Set(["1", "2", "4"]), last: 4 }),
  "items-undo": () => <>{items(6, {}, (at) => item([0, 1, 2, 10, 20, 7][at] ?? 0))}{toast}</>,
  "items-loading": () => items(undefined),
  "items-many": () => items(10_000),
  "items-lost": () =>
    settings(
      "items",
      <ItemsView about={about(3)} at={item} need={nothing} question={EVERYTHING} onQuestion={nothing} onOpen={nothing} onAdd={nothing}>
        <LostView changes={lost} onReveal={nothing} onDismiss={nothing} />
      </ItemsView>,
    ),
  "item-detail": () => itemDialog(detail),
  "item-hidden": () => itemDialog({ ...detail, detail: { kind: "passkey", rpId: "shop.example", credentialId: "kPqT0vJmQ3yU7nW1cXz5rA", userName: "ada@example.com", displayName: "Ada Lovelace", algorithm: "ES256", hidden: true } }),
  "item-login": () => itemDialog(login),
  "item-edit": () => settings("items", <Dialog title="Edit “Accounts”" onClose={nothing}><EditItem item={login} busy={false} wrong={undefined} onGenerate={() => Promise.resolve("")} onCancel={nothing} onSave={nothing} /></Dialog>),
  "item-trashed": () => itemDialog({ ...detail, summary: { ...detail.summary, trashed: NOW } }),
  "item-add": () => settings("items", <AddDialog busy={false} wrong={undefined} onGenerate={() => Promise.resolve("")} onAdd={nothing} onClose={nothing} />),
  import: () => moving({ step: "choose" }),
  "import-malformed": () => moving({ step: "choose" }, "Line 4,711: the file breaks off or is damaged there. Export it once more. Nothing was changed."),
  "import-reading": () => moving({ step: "reading", part: 0.4 }),
  "import-passphrase": () => moving({ step: "passphrase" }),
  "import-preview": () => moving({ step: "preview", preview: importPreview }),
  "import-running": () => moving({ step: "running", progress: { open: true, done: 4_500, all: 9_682 } }),
  "import-done": () => moving({ step: "done", preview: importPreview, done: { id: "1", added: 9_682, pending: 9_682 }, undone: false }),
  "import-undone": () => moving({ step: "done", preview: importPreview, done: { id: "1", added: 9_682, pending: 9_682 }, undone: true }),
  export: () => exporting(),
  "export-done": () => exporting({ ending: "json", bytes: "", items: 412, leftOut: [{ field: "prfSeeds", items: 3 }, { field: "largeBlob", items: 1 }], compared: { passkeys: 40, others: 372, differences: [] } }),
  "export-differs": () => exporting({ ending: "json", bytes: "", items: 412, leftOut: [], compared: { passkeys: 40, others: 371, differences: [{ title: LONG, field: "password" }] } }, "That is not the passphrase."),
  devices: () => withDevices(),
  "devices-one": () => withDevices(undefined, devices.slice(0, 1)),
  "devices-pair": () => pair({ stage: "waiting" }),
  "devices-confirm": () => pair({ stage: "confirm", platform: "Windows", name: "Ada’s laptop", choices: EMOJI }),
  "devices-failed": () => pair({ stage: "failed", reason: "wrongEmoji" }),
  "devices-revoke": () => withDevices(<RevokeDialog device={devices[1] ?? { id: "", current: false, addedAt: 0, status: { status: "active" }, recovered: false, recent: false, silent: false }} dependents={dependents} hasKit busy={false} wrong={undefined} onRevoke={nothing} onClose={nothing} />),
  "devices-rename": () => withDevices(<RenameDialog name="Chromium · Linux" busy={false} wrong={undefined} onRename={nothing} onClose={nothing} />),
  "devices-leave": () => withDevices(<LeaveDialog pending busy={false} wrong={undefined} onLeave={nothing} onClose={nothing} />),
  sync: () => sync(false),
  "sync-distrust": () => sync(true),
  "sync-shut-out": () => quarantine({ saw: "shutOut" }, ["22"]),
  "sync-invalid": () => quarantine({ saw: "invalid", detail: "the root of commit 17 is not that of its records" }, []),
  repair: () => repair(HISTORIES),
  "repair-no-member": () => repair({ ...HISTORIES, member: false, server: { items: 0, joined: [], went: ["22", "33"] } }, "That is not the passphrase."),
  "repair-loading": () => repair(undefined),
  exposure: () => exposure(Array.from({ length: 9 }, (_, at) => exposed(at))),
  "exposure-many": () => exposure(Array.from({ length: 10_000 }, (_, at) => ({ ...exposed(at % 5), item: String(at) }))),
  "exposure-none": () => exposure([]),
  protection: () => settings("protection", <ProtectionView />),
  security: () => settings("security", <SecurityView settings={{ enabled: true, autoLock: 15, theme: "auto", strict: true, never: ["bank.example", LONG], unsaved: [] }} prompts={prompts} strict={{ state: "taken" }} onStrict={nothing} busy={false} wrong={undefined} changed={false} onSettings={nothing} onChangePassphrase={() => Promise.resolve(true)} onLock={nothing} onReset={nothing} recovery={<RecoveryCardView ways={[{ slot: "kit", set: NOW - 90 * DAY, by: "11" }]} busy={false} wrong={undefined} onKit={nothing} onRemove={nothing} />} />),
  "reused-none": () => settings("security", <><h1>Security</h1><ReusedView reused={{ total: 0, passwords: [] }} busy={false} wrong={undefined} onLook={nothing} /></>),
  reused: () => settings("security", <><h1>Security</h1><ReusedView reused={{ total: 2, passwords: [[0, 1, 2], [3, 7]].map((group) => ({ logins: group.map((at) => ({ ...item(at), kind: "login" })) })) }} busy={false} wrong={undefined} onLook={nothing} /></>),
  "kit-remove": () => settings("security", <><h1>Security</h1><RemoveKitDialog onClose={nothing} onRemove={nothing} /></>),
  "security-no-kit": () => settings("security", <><h1>Security</h1><RecoveryCardView ways={[]} busy={false} wrong={undefined} onKit={nothing} onRemove={nothing} /></>),
  sites: () => settings("sites", <SiteRulesView never={["bank.example", LONG]} unsaved={["forum.example", LONG]} onNever={nothing} onAllow={nothing} onAskAgain={nothing} />),
  "sites-none": () => settings("sites", <SiteRulesView never={[]} unsaved={[]} onNever={nothing} onAllow={nothing} onAskAgain={nothing} />),
  experiments: () => settings("experiments", <ExperimentsView />),
  about: () => settings("about", <AboutView />),
};
