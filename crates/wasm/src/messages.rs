//! What the background worker asks the core, and what it gets: the one definition.
//!
//! A request is `{"type": "unlock", "passphrase": ".."}`; the reply is `{"ok": {..}}` or
//! `{"error": {"code": "wrongPassphrase", "message": ".."}}`. TypeScript's types are generated
//! from these (feature `ts`); `Answers` says which answer belongs to which request.

mod devices;
mod error;
#[cfg(feature = "test-hooks")]
mod hooks;
mod items;
mod logins;
mod moving;
mod pairing;
mod passkeys;
mod recovery;
mod repair;
mod session;
mod sync;
mod trust;
mod unapplied;

pub use devices::{
    DeviceRequest, DeviceStatus, DeviceView, Devices, LeaveRequest, LogAction, LogEntry, LogView, RevokeRequest,
    RevokeWhy,
};
pub use error::{ErrorCode, Failure};
#[cfg(feature = "test-hooks")]
pub use hooks::{TestCanaries, TestCreateVaultRequest, TestCredential, TestCredentialId, TestCredentials, TestVault};
pub use items::{
    AddLoginRequest, AddNoteRequest, EditLoginRequest, EditNoteRequest, Edited, FieldView, GenerateRequest, Generated,
    ImportedFrom, Item, ItemCounts, ItemDetail, ItemIds, ItemKind, ItemRequest, ItemSummary, Items, ItemsRequest,
    ListFilter, ListOrder, ManyEdited, ManyItemsRequest, OneTimeCode, PastValue, RenameItemRequest, Revealed,
    SiteItems, SiteItemsRequest,
};
pub use logins::{
    FillLoginRequest, GeneratedLately, GeneratedPassword, KeepGeneratedRequest, LoginFilling, LoginPageRequest,
    LoginVerdict, LoginWeighed, PageOrigins, ReusedPassword, ReusedPasswords, WeighLoginRequest,
};
pub use moving::{
    ChoosePlannedRequest, Compared, DifferenceView, ExportRequest, ExportTarget, ExportedVault, FilePieceRequest,
    FilePlace, ImportDone, ImportPreview, ImportProgress, ImportUndone, ImportView, Imports, LeftOutView, NoticeView,
    OpenFileRequest, PlannedFate, PlannedFilter, PlannedItem, PlannedItems, PlannedRequest, UndoImportRequest,
};
pub use pairing::{
    EmojiChoice, JoinPoll, JoinStartRequest, JoinStarted, PairConfirmRequest, PairPoll, PairStarted, PairingEnd,
};
pub use passkeys::{
    Account, Caller, Capabilities, Ceremony, Consent, DomErrorName, FetchedDocument, Mediation, PasskeyCompleteRequest,
    PasskeyCompleted, PasskeyDecision, PasskeyPrompt, PasskeyPromptRequest, PasskeyProxied, PasskeyProxiedRequest,
    PasskeySignalRequest, PasskeySignalled, PromptUser, SignalKind, UserVerification,
};
pub use recovery::{KitRequest, KitView, RecoverFinishRequest, RecoverySurvey, SurveyedDevice, WayBack, WaysBack};
pub use repair::{Histories, HistoryView, KeptHistory, RepairRequest};
use serde::{Deserialize, Serialize};
pub use session::{ChangePassphraseRequest, CreateRequest, Membership, PassphraseRequest, State};
pub use sync::{Synced, VaultHead, WakeInfo};
pub use trust::{
    ExportedFile, ExposedSecret, Exposure, ExposureRequest, MarkReplacedRequest, ReplaceProgress, SecretKind, Sight,
    Standing,
};
pub use unapplied::{DismissUnappliedRequest, LostText, Unapplied, UnappliedChange, UnappliedRequest};

/// Everything that the core can be asked.
#[derive(Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "type", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Request {
    /// Where this browser stands; never waits for the network.
    State,
    /// Starts an account with this browser as its first device.
    Create(CreateRequest),
    /// Opens the vault.
    Unlock(PassphraseRequest),
    /// Forgets the keys; what rests stays sealed.
    Lock,
    /// Checks the passphrase again, for a site that wants the person verified.
    Verify(PassphraseRequest),
    /// Seals the local key under another passphrase.
    ChangePassphrase(ChangePassphraseRequest),
    /// Deletes everything that this browser holds; the account and its other devices stay.
    Reset,

    /// What the browser hands over in strict mode: for whom, and what.
    PasskeyProxied(PasskeyProxiedRequest),
    /// Whether a site's request is ours to answer, and what to ask the person.
    PasskeyPrompt(PasskeyPromptRequest),
    /// Makes or uses a passkey after the person agreed.
    PasskeyComplete(PasskeyCompleteRequest),
    /// A site says which passkeys it no longer takes, or what an account is called now.
    PasskeySignal(PasskeySignalRequest),
    /// What sites may expect of this browser, given what it says of itself.
    Capabilities(Capabilities),

    /// A page of the list of items.
    Items(ItemsRequest),
    /// Which items a query finds.
    ItemIds(ItemsRequest),
    /// What serves at a host.
    SiteItems(SiteItemsRequest),
    /// One item, without what is hidden until asked for.
    Item(ItemRequest),
    /// The hidden part of an item: a login's password.
    Reveal(ItemRequest),
    /// The one-time code of a login, now.
    Code(ItemRequest),
    /// Makes up a password; the vault is not touched.
    Generate(GenerateRequest),
    /// Adds a login.
    AddLogin(AddLoginRequest),
    /// Changes the fields given of a login.
    EditLogin(EditLoginRequest),
    /// Adds a note.
    AddNote(AddNoteRequest),
    /// Changes the fields given of a note.
    EditNote(EditNoteRequest),
    /// Gives an item another name to show.
    RenameItem(RenameItemRequest),
    /// Offers a passkey again that its site had said it does not take.
    OfferAgain(ItemRequest),
    /// Puts an item into the trash.
    Trash(ItemRequest),
    /// Takes an item out of the trash.
    Restore(ItemRequest),
    /// Destroys a trashed item for good.
    Purge(ItemRequest),
    /// Puts many items into the trash.
    TrashAll(ManyItemsRequest),
    /// Takes many items out of the trash.
    RestoreAll(ManyItemsRequest),
    /// Destroys many trashed items for good.
    PurgeAll(ManyItemsRequest),

    /// Whether anything may be typed into a page at all.
    LoginPage(LoginPageRequest),
    /// What is to be typed into a page, of a login of its site.
    FillLogin(FillLoginRequest),
    /// What becomes of what a person typed into a page.
    WeighLogin(WeighLoginRequest),
    /// Keeps a password that was made up and is about to be used, until a login has it.
    KeepGenerated(KeepGeneratedRequest),
    /// The passwords that were made up and are in no login yet.
    GeneratedLately,

    /// Passwords that serve at more than one site.
    ReusedPasswords,

    /// Hands over a piece of a file that is to be imported or compared.
    FilePiece(FilePieceRequest),
    /// Says what importing the file would do.
    ImportOpen(OpenFileRequest),
    /// A part of the items of the file.
    ImportPlanned(PlannedRequest),
    /// Chooses what is added of it.
    ImportChoose(ChoosePlannedRequest),
    /// Adds what is to be added.
    ImportRun,
    /// How far that is.
    ImportProgress,
    /// Forgets the file.
    ImportForget,
    /// What was imported, on any device.
    Imports,
    /// Puts all that an import added into the trash.
    UndoImport(UndoImportRequest),
    /// Writes a file for other programs.
    Export(ExportRequest),
    /// Holds the file that was handed over against the vault.
    CompareFile(OpenFileRequest),

    /// The devices of the account, past ones included.
    Devices,
    /// Gives this device another name.
    RenameDevice(DeviceRequest),
    /// Takes devices out and re-keys the vault.
    Revoke(RevokeRequest),
    /// Signs this browser out of the account, and deletes what it holds.
    Leave(LeaveRequest),
    /// The trust log, as verified here.
    LogView,
    /// The trust log as a file that anyone can verify.
    ExportLog,

    /// How it stands with the server: what was seen, what ends it, and what to compare with another device.
    Standing,
    /// What was seen, as a file that anyone can judge.
    ExportEvidence,
    /// Two histories that a server showed, side by side.
    Histories,
    /// The person goes on with one of them.
    Repair(RepairRequest),
    /// What a lost device could read, and how far the person is with replacing it.
    Exposure(ExposureRequest),
    /// The person has replaced one of them.
    MarkReplaced(MarkReplacedRequest),

    /// What was typed here and came to nothing, as another device had destroyed the item.
    Unapplied(UnappliedRequest),
    /// The person has seen one of them: it is forgotten.
    DismissUnapplied(DismissUnappliedRequest),

    /// Meets the server: pulls, verifies, pushes.
    Sync,
    /// Where and with what to listen for changes.
    WakeInfo,

    /// Shows a code for another device to join.
    PairStart,
    /// How that goes on.
    PairPoll,
    /// The person picked the emoji that the other device shows.
    PairConfirm(PairConfirmRequest),
    /// Gives up pairing.
    PairCancel,
    /// Joins an account with a code that a member shows.
    JoinStart(JoinStartRequest),
    /// How that goes on.
    JoinPoll,
    /// Gives up joining.
    JoinCancel,

    /// The ways back when every device is lost.
    WaysBack,
    /// Makes a recovery kit, in place of any other. It is shown once.
    MakeKit,
    /// Tries a kit up to the last step, which is not taken.
    RehearseKit(KitRequest),
    /// Removes the kit: it serves no more.
    RemoveKit,
    /// Looks at the account of a kit, and checks all that its server shows.
    RecoverStart(KitRequest),
    /// The person has looked: lets this browser in.
    RecoverFinish(RecoverFinishRequest),
    /// Gives up coming back.
    RecoverCancel,
    /// Takes all other devices out: they are lost.
    RevokeOthers,

    /// Tests only: an account without a server.
    #[cfg(feature = "test-hooks")]
    TestCreateVault(TestCreateVaultRequest),
    /// Tests only: puts a passkey with a known key into the vault.
    #[cfg(feature = "test-hooks")]
    TestAddCredential(TestCredential),
    /// Tests only: every passkey, key included.
    #[cfg(feature = "test-hooks")]
    TestCredentials,
    /// Tests only: destroys a passkey.
    #[cfg(feature = "test-hooks")]
    TestRemoveCredential(TestCredentialId),
    /// Tests only: every secret that must never be found in clear outside.
    #[cfg(feature = "test-hooks")]
    TestDumpCanaries,
}

/// A reply: what was asked for, or why not.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Reply<T> {
    /// It worked.
    Ok(T),
    /// It did not.
    Error(Failure),
}

/// An answer without content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Done {}

/// Which answer belongs to which request: a table for TypeScript, never made.
#[cfg(feature = "ts")]
#[derive(ts_rs::TS)]
#[ts(export, rename_all = "camelCase")]
#[expect(dead_code, reason = "only its generated TypeScript is used")]
pub struct Answers {
    state: State,
    create: State,
    unlock: State,
    lock: State,
    verify: Done,
    change_passphrase: Done,
    reset: State,
    passkey_proxied: PasskeyProxied,
    passkey_prompt: PasskeyDecision,
    passkey_complete: PasskeyCompleted,
    passkey_signal: PasskeySignalled,
    capabilities: Capabilities,
    items: Items,
    item_ids: ItemIds,
    site_items: SiteItems,
    item: Item,
    reveal: Revealed,
    code: OneTimeCode,
    generate: Generated,
    add_login: Edited,
    edit_login: Edited,
    add_note: Edited,
    edit_note: Edited,
    rename_item: Edited,
    offer_again: Edited,
    trash: Edited,
    restore: Edited,
    purge: Edited,
    trash_all: ManyEdited,
    restore_all: ManyEdited,
    purge_all: ManyEdited,
    login_page: Done,
    fill_login: LoginFilling,
    weigh_login: LoginWeighed,
    keep_generated: Done,
    generated_lately: GeneratedLately,
    reused_passwords: ReusedPasswords,
    file_piece: Done,
    import_open: ImportPreview,
    import_planned: PlannedItems,
    import_choose: Done,
    import_run: ImportDone,
    import_progress: ImportProgress,
    import_forget: Done,
    imports: Imports,
    undo_import: ImportUndone,
    export: ExportedVault,
    compare_file: Compared,
    devices: Devices,
    rename_device: Done,
    revoke: Devices,
    leave: State,
    log_view: LogView,
    export_log: ExportedFile,
    standing: Standing,
    export_evidence: ExportedFile,
    histories: Histories,
    repair: Done,
    exposure: Exposure,
    mark_replaced: Exposure,
    unapplied: Unapplied,
    dismiss_unapplied: Done,
    sync: Synced,
    wake_info: WakeInfo,
    pair_start: PairStarted,
    pair_poll: PairPoll,
    pair_confirm: Done,
    pair_cancel: Done,
    join_start: JoinStarted,
    join_poll: JoinPoll,
    join_cancel: Done,
    ways_back: WaysBack,
    make_kit: KitView,
    rehearse_kit: WaysBack,
    remove_kit: WaysBack,
    recover_start: RecoverySurvey,
    recover_finish: State,
    recover_cancel: Done,
    revoke_others: Devices,
    #[cfg(feature = "test-hooks")]
    test_create_vault: TestVault,
    #[cfg(feature = "test-hooks")]
    test_add_credential: Done,
    #[cfg(feature = "test-hooks")]
    test_credentials: TestCredentials,
    #[cfg(feature = "test-hooks")]
    test_remove_credential: Done,
    #[cfg(feature = "test-hooks")]
    test_dump_canaries: TestCanaries,
}
