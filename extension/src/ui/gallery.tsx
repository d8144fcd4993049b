/** Every view in every state, for eyes and for tests; not part of a release. */

import type { ComponentChild } from "preact";
import type { DeviceView, ExposedSecret, Histories, Item, ItemSummary, LogEntry, Membership, PasskeyPrompt, Sight, UnappliedChange } from "../core/messages.ts";
import type { PromptRecord } from "../messages/ui.ts";
import { AboutView } from "./views/AboutView.tsx";
import { AddDialog } from "./views/AddDialog.tsx";
import { ConsentView } from "./views/ConsentView.tsx";
import { DevicesView, nameIn } from "./views/DevicesView.tsx";
import { ExposureView } from "./views/ExposureView.tsx";
import { HistoryView } from "./views/HistoryView.tsx";
import { ItemDialog } from "./views/ItemDialog.tsx";
import { ItemsView } from "./views/ItemsView.tsx";
import { LeaveDialog } from "./views/LeaveDialog.tsx";
import { LostView } from "./views/LostView.tsx";
import { PairDialog } from "./views/PairDialog.tsx";
import { PopupView } from "./views/PopupView.tsx";
import { ProtectionView } from "./views/ProtectionView.tsx";
import { QuarantineView } from "./views/QuarantineView.tsx";
import { RepairDialog } from "./views/RepairDialog.tsx";
import { RenameDialog } from "./views/RenameDialog.tsx";
import { RevokeDialog } from "./views/RevokeDialog.tsx";
import { SecurityView } from "./views/SecurityView.tsx";
import { SettingsShell, type Section } from "./views/SettingsShell.tsx";
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

function item(at: number): ItemSummary {
  const site = SITES[at % SITES.length] ?? "";
  const used = at % 3 === 0 ? { lastUsed: Date.now() - (at % 400) * DAY } : {};
  return { id: String(at), kind: at % 7 === 3 ? "login" : at % 11 === 5 ? "note" : "passkey", title: at < 100 ? site : `${site} ${at}`, site, account: PEOPLE[at % PEOPLE.length] ?? "", created: NOW, synced: at % 5 !== 1, ...used };
}
const PEOPLE = ["ada@example.com", "ada.lovelace", "ada@example.com", "office@example.com", "countess", "ada@example.com"];
const SITES = ["shop.example", "bank.example", "mail.example.org", LONG, "git.example.net", "münchen.example", "例え.example", "travel.example"];

const detail: Item = {
  summary: item(0),
  detail: { kind: "passkey", rpId: "shop.example", credentialId: "kPqT0vJmQ3yU7nW1cXz5rA", userName: "ada@example.com", displayName: "Ada Lovelace", algorithm: "ES256", hidden: false },
  history: [],
};

const login: Item = {
  summary: item(3),
  detail: { kind: "login", sites: [`https://${LONG}/sign-in?from=elsewhere`], userName: "ada@example.com", notes: "The shared account; ask the office before changing it." },
  history: [{ field: "title", value: "Accounts", time: NOW }],
};

const lost: UnappliedChange[] = [{ id: "1", item: "2", time: Date.now() - DAY, texts: [{ field: "title", text: "Post office" }, { field: "password" }] }];

const devices: DeviceView[] = [
  { id: "11", name: "Chromium · Linux", platform: "Linux", current: true, addedAt: NOW - 90 * DAY, status: { status: "active" }, recent: false, silent: false },
  { id: "22", name: "Ada’s laptop with a name that goes on and on and on", platform: "Windows", current: false, addedAt: NOW - DAY, addedBy: "11", status: { status: "active" }, recent: true, silent: false },
  { id: "33", name: "Old phone", platform: "Android", current: false, addedAt: NOW - 200 * DAY, addedBy: "11", status: { status: "revoked", at: NOW - 2 * DAY, reason: "lost" }, recent: false, silent: false },
];
const dependents: DeviceView[] = [
  { id: "11", name: "Chromium · Linux", current: true, addedAt: NOW, addedBy: "22", status: { status: "active" }, recent: false, silent: false },
  { id: "44", name: "Tablet in the kitchen", current: false, addedAt: NOW, addedBy: "22", status: { status: "active" }, recent: false, silent: false },
];
const entries: LogEntry[] = [
  { seq: 1, id: "a", time: NOW - 90 * DAY, author: "11", action: { action: "genesis" } },
  { seq: 2, id: "b", time: NOW - 9 * DAY, author: "11", action: { action: "addDevice", device: "22" } },
  { seq: 3, id: "c", time: NOW - 2 * DAY, author: "22", action: { action: "revokeDevices", devices: ["33"], reason: "lost" } },
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
const welcome = (step: Step) => <WelcomeView step={step} busy={false} wrong={undefined} invited={false} emoji={{ emoji: "🦉", name: "owl" }} onStep={nothing} onCreate={nothing} onJoin={nothing} onCancelJoin={nothing} onSettings={nothing} />;
const prompts: PromptRecord[] = [
  { request: "1", kind: "get", origin: "https://shop.example", why: "field", at: Date.now() - 60_000, end: "answered" },
  { request: "2", kind: "create", origin: `https://${LONG}`, topOrigin: "https://mail.example.org", why: "asked", at: Date.now() - 3_600_000, end: "withdrawn" },
  { request: "3", kind: "get", origin: "https://bank.example", why: "button", at: Date.now() - DAY, end: "elsewhere" },
];
const settings = (section: Section, body: ComponentChild) => <SettingsShell section={section}>{body}</SettingsShell>;
const items = (total: number | undefined, query = "", at = item) => settings("items", <ItemsView total={total} at={at} need={nothing} query={query} filter="kept" onQuery={nothing} onFilter={nothing} onOpen={nothing} onAdd={nothing} />);
const itemDialog = (shown: Item) => (
  <SettingsShell section="items">
    <ItemDialog item={shown} member wrong={undefined} onClose={nothing} onRename={nothing} onOfferAgain={nothing} onTrash={nothing} onRestore={nothing} onPurge={nothing} onReveal={() => Promise.resolve("")} onEndpoints={() => Promise.resolve({})} />
  </SettingsShell>
);
const withDevices = (dialog?: ComponentChild, list: DeviceView[] = devices) =>
  settings(
    "devices",
    <>
      <DevicesView devices={list} resealing={false} member onPair={nothing} onRename={nothing} onLeave={nothing} onRevoke={nothing} onExposure={nothing} />
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
const WORDS = "maple river candle ocean tiger violin lemon harbor window salute pencil orbit";
const popup = (state: Parameters<typeof PopupView>[0]["state"], rows: ItemSummary[], offer?: string) => <PopupView state={state} site="shop.example" items={rows} offer={offer === undefined ? undefined : { request: "1", site: offer }} onOffer={nothing} onUnlock={nothing} onLock={nothing} onSettings={nothing} onWelcome={nothing} />;
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
  "popup-empty": () => popup({ phase: "empty" }, []),
  "popup-locked": () => popup({ phase: "locked", membership }, []),
  "popup-items": () => popup({ phase: "unlocked", membership }, [0, 1, 2].map((at) => ({ ...item(at), site: "shop.example" }))),
  "popup-offer": () => popup({ phase: "unlocked", membership }, [{ ...item(0), site: "shop.example" }], LONG),
  "popup-offer-locked": () => popup({ phase: "locked", membership }, [], "shop.example"),
  "popup-nothing": () => popup({ phase: "unlocked", membership: { ...membership, pending: 1 } }, []),
  "popup-revoked": () => popup({ phase: "revoked", membership, locked: false }, []),
  "items-few": () => items(6, "", (at) => item([0, 1, 2, 10, 20, 7][at] ?? 0)),
  "items-none": () => items(0),
  "items-nothing-found": () => items(0, "zebra"),
  "items-loading": () => items(undefined),
  "items-many": () => items(10_000),
  "items-lost": () =>
    settings(
      "items",
      <ItemsView total={3} at={item} need={nothing} query="" filter="kept" onQuery={nothing} onFilter={nothing} onOpen={nothing} onAdd={nothing}>
        <LostView changes={lost} onReveal={nothing} onDismiss={nothing} />
      </ItemsView>,
    ),
  "item-detail": () => itemDialog(detail),
  "item-hidden": () => itemDialog({ ...detail, detail: { kind: "passkey", rpId: "shop.example", credentialId: "kPqT0vJmQ3yU7nW1cXz5rA", userName: "ada@example.com", displayName: "Ada Lovelace", algorithm: "ES256", hidden: true } }),
  "item-login": () => itemDialog(login),
  "item-trashed": () => itemDialog({ ...detail, summary: { ...detail.summary, trashed: NOW } }),
  "item-add": () => settings("items", <AddDialog busy={false} wrong={undefined} onAdd={nothing} onClose={nothing} />),
  devices: () => withDevices(),
  "devices-one": () => withDevices(undefined, devices.slice(0, 1)),
  "devices-pair": () => pair({ stage: "waiting" }),
  "devices-confirm": () => pair({ stage: "confirm", platform: "Windows", name: "Ada’s laptop", choices: EMOJI }),
  "devices-failed": () => pair({ stage: "failed", reason: "wrongEmoji" }),
  "devices-revoke": () => withDevices(<RevokeDialog device={devices[1] ?? { id: "", current: false, addedAt: 0, status: { status: "active" }, recent: false, silent: false }} dependents={dependents} busy={false} wrong={undefined} onRevoke={nothing} onClose={nothing} />),
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
  security: () => settings("security", <SecurityView settings={{ enabled: true, autoLock: 15, theme: "auto", never: ["bank.example", LONG] }} prompts={prompts} busy={false} wrong={undefined} changed={false} onSettings={nothing} onChangePassphrase={() => Promise.resolve(true)} onLock={nothing} onReset={nothing} />),
  about: () => settings("about", <AboutView />),
};
