use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use roamkey_client::{Duplicates, Fate, FileComparison, ImportPlan, Planned, open_file};
use roamkey_interchange::{
    export::Target,
    import::{Effect, Import, ImportError, Notice, Place},
    limits,
};
use roamkey_sealing::unlock::Passphrase;
use roamkey_vault::item::ImportId;
use zeroize::Zeroizing;

use super::{Browser, Core, accounts::passphrase};
use crate::{
    convert::{self, base64url, count},
    messages::{
        ChoosePlannedRequest, Compared, DifferenceView, Done, ErrorCode, ExportRequest, ExportTarget, ExportedVault,
        Failure, FilePieceRequest, FilePlace, ImportDone, ImportPreview, ImportProgress, ImportUndone, ImportView,
        Imports, LeftOutView, NoticeView, OpenFileRequest, PlannedFate, PlannedFilter, PlannedItem, PlannedItems,
        PlannedRequest, UndoImportRequest,
    },
};

/// A move that is under way: what was handed over, what would come of it, how far it is.
#[derive(Default)]
pub(super) struct Moving {
    file: Zeroizing<Vec<u8>>,
    plan: Option<ImportPlan>,
    done: usize,
    all: usize,
}

impl<B: Browser> Core<B> {
    pub(super) async fn file_piece(&self, request: &FilePieceRequest) -> Result<Done, Failure> {
        // Whoever has not unlocked hands nothing over.
        self.session().await?;
        if request.size > u64::try_from(limits::FILE_BYTES).unwrap_or(u64::MAX) {
            return Err(ImportError::TooLarge { limit: limits::FILE_BYTES }.into());
        }
        let bytes = STANDARD.decode(&request.bytes).map(Zeroizing::new);
        let bytes = bytes.map_err(|_| Failure::new(ErrorCode::BadRequest, "not base64"))?;
        let mut moving = self.moving.borrow_mut();
        if request.offset == 0 {
            *moving = Moving::default();
            // At its full size from the beginning: growing would leave copies behind.
            moving.file.reserve_exact(usize::try_from(request.size).unwrap_or_default());
        }
        let is_next = moving.file.len() == request.offset as usize;
        if !is_next || moving.file.len() + bytes.len() > limits::FILE_BYTES {
            return Err(Failure::new(ErrorCode::BadRequest, "not the next piece"));
        }
        moving.file.extend_from_slice(&bytes);
        Ok(Done {})
    }

    pub(super) async fn import_open(&self, request: &OpenFileRequest) -> Result<ImportPreview, Failure> {
        let session = self.session().await?;
        let plan = session.plan_import(self.open_piecewise(request)?).await?;
        let preview = preview(&plan);
        let mut moving = self.moving.borrow_mut();
        // All that is needed of the file is in the plan.
        *moving = Moving { plan: Some(plan), ..Moving::default() };
        Ok(preview)
    }

    pub(super) fn import_planned(&self, request: &PlannedRequest) -> Result<PlannedItems, Failure> {
        let moving = self.moving.borrow();
        let plan = moving.plan.as_ref().ok_or_else(nothing_open)?;
        let filter = request.filter.unwrap_or_default();
        let found: Vec<_> = plan.items.iter().enumerate().filter(|(_, planned)| is_of(planned, filter)).collect();
        let part = found.iter().skip(request.offset as usize).take(request.limit as usize);
        Ok(PlannedItems {
            total: count(found.len()),
            items: part.map(|(at, planned)| planned_item(*at, planned)).collect(),
        })
    }

    pub(super) fn import_choose(&self, request: &ChoosePlannedRequest) -> Result<Done, Failure> {
        let mut moving = self.moving.borrow_mut();
        let plan = moving.plan.as_mut().ok_or_else(nothing_open)?;
        for (at, planned) in plan.items.iter_mut().enumerate() {
            let is_meant = match request.at {
                Some(which) => at == which as usize,
                None => planned.fate == Fate::Differs,
            };
            if is_meant {
                planned.is_left_out = !request.wanted;
            }
        }
        Ok(Done {})
    }

    pub(super) async fn import_run(&self) -> Result<ImportDone, Failure> {
        let session = self.session().await?;
        let plan = self.moving.borrow_mut().plan.take().ok_or_else(nothing_open)?;
        let note = |done, all| {
            let mut moving = self.moving.borrow_mut();
            (moving.done, moving.all) = (done, all);
        };
        let imported = session.import(plan, Duplicates::Add, note).await;
        *self.moving.borrow_mut() = Moving::default();
        let imported = imported?;
        Ok(ImportDone { id: imported.id.to_string(), added: count(imported.added), pending: count(session.pending()?) })
    }

    pub(super) fn import_progress(&self) -> ImportProgress {
        let moving = self.moving.borrow();
        ImportProgress { open: moving.plan.is_some(), done: count(moving.done), all: count(moving.all) }
    }

    pub(super) fn import_forget(&self) -> Done {
        *self.moving.borrow_mut() = Moving::default();
        Done {}
    }

    pub(super) async fn imports(&self) -> Result<Imports, Failure> {
        let imports = self.session().await?.imports().await?.into_iter().map(|import| ImportView {
            id: import.id.to_string(),
            at: import.at.0,
            format: import.format,
            items: count(import.items),
        });
        Ok(Imports { imports: imports.collect() })
    }

    pub(super) async fn undo_import(&self, request: &UndoImportRequest) -> Result<ImportUndone, Failure> {
        let id: ImportId =
            request.id.parse().map_err(|_| Failure::new(ErrorCode::NotFound, "there is no such import"))?;
        Ok(ImportUndone { trashed: count(self.session().await?.undo_import(id).await?) })
    }

    pub(super) async fn export(&self, request: &ExportRequest) -> Result<ExportedVault, Failure> {
        let session = self.session().await?;
        session.verify(&passphrase(&request.passphrase)?).await?;
        let file_passphrase = request.file_passphrase.as_deref().map(passphrase).transpose()?;
        let is_sealed = file_passphrase.is_some();
        let (target, ending) = match (request.target, is_sealed) {
            (ExportTarget::Cxf, true) => (Target::Cxf, "roamkey"),
            (ExportTarget::Cxf, false) => (Target::Cxf, "json"),
            (ExportTarget::Bitwarden, false) => (Target::Bitwarden, "json"),
            (ExportTarget::Csv, false) => (Target::Csv, "csv"),
            (_, true) => return Err(Failure::new(ErrorCode::BadRequest, "this format cannot be encrypted")),
        };
        let written = session.export(target).await?;
        let bytes = session.seal_export(&written, file_passphrase.as_ref());
        let compared = match target {
            // What another program will read is read back, and held against the vault.
            Target::Cxf => {
                let import = open_file(&bytes, file_passphrase.as_ref())?;
                Some(compared(&session.compare_file(import).await?))
            }
            _ => None,
        };
        let mut fields: BTreeMap<&str, u32> = BTreeMap::new();
        for left_out in &written.left_out {
            *fields.entry(left_out.field).or_default() += 1;
        }
        let left_out = fields.into_iter().map(|(field, items)| LeftOutView { field: field.to_owned(), items });
        Ok(ExportedVault {
            ending: ending.to_owned(),
            bytes: base64url(&bytes),
            items: count(written.items),
            left_out: left_out.collect(),
            compared,
        })
    }

    /// Compares the file that was handed over with the vault.
    pub(super) async fn compare_file(&self, request: &OpenFileRequest) -> Result<Compared, Failure> {
        let session = self.session().await?;
        let import = self.open_piecewise(request)?;
        *self.moving.borrow_mut() = Moving::default();
        Ok(compared(&session.compare_file(import).await?))
    }

    fn open_piecewise(&self, request: &OpenFileRequest) -> Result<Import, Failure> {
        let passphrase: Option<Passphrase> = request.passphrase.as_deref().map(passphrase).transpose()?;
        let moving = self.moving.borrow();
        Ok(open_file(&moving.file, passphrase.as_ref())?)
    }
}

fn preview(plan: &ImportPlan) -> ImportPreview {
    let number = |filter| count(plan.items.iter().filter(|planned| is_of(planned, filter)).count());
    let with = |is_lost: bool| {
        let has = |planned: &&Planned| planned.notices.iter().any(|notice| lost(notice) == is_lost);
        count(plan.items.iter().filter(has).count())
    };
    ImportPreview {
        format: plan.format.to_owned(),
        total: number(PlannedFilter::All),
        new: number(PlannedFilter::New),
        known: number(PlannedFilter::Known),
        differing: number(PlannedFilter::Differing),
        refused: number(PlannedFilter::Refused),
        changed: with(false),
        lost: with(true),
    }
}

fn is_of(planned: &Planned, filter: PlannedFilter) -> bool {
    match filter {
        PlannedFilter::All => true,
        PlannedFilter::New => planned.fate == Fate::Added,
        PlannedFilter::Known => planned.fate == Fate::Known,
        PlannedFilter::Differing => planned.fate == Fate::Differs,
        PlannedFilter::Refused => matches!(planned.fate, Fate::Refused(_)),
        PlannedFilter::Noted => !planned.notices.is_empty(),
    }
}

fn planned_item(at: usize, planned: &Planned) -> PlannedItem {
    let (fate, reason) = match planned.fate {
        Fate::Added => (PlannedFate::New, None),
        Fate::Known => (PlannedFate::Known, None),
        Fate::Differs => (PlannedFate::Differing, None),
        Fate::Refused(reason) => (PlannedFate::Refused, Some(reason.name().to_owned())),
    };
    let notice = |notice: &Notice| NoticeView {
        field: notice.field.clone(),
        reason: notice.reason.name().to_owned(),
        lost: lost(notice),
    };
    PlannedItem {
        at: count(at),
        title: planned.title.clone(),
        account: planned.account.clone(),
        kind: planned.kind.map(convert::kind),
        place: place(&planned.place),
        fate,
        reason,
        notices: planned.notices.iter().map(notice).collect(),
        wanted: matches!(fate, PlannedFate::New | PlannedFate::Differing) && !planned.is_left_out,
    }
}

fn lost(notice: &Notice) -> bool {
    notice.reason.effect() == Effect::Lost
}

fn place(place: &Place) -> FilePlace {
    match place {
        Place::Line(line) => FilePlace::Line { number: count(*line) },
        Place::Item(item) => FilePlace::Item { number: count(*item) },
        Place::LineOf(file, line) => FilePlace::LineOf { file: file.clone(), number: count(*line) },
    }
}

fn compared(comparison: &FileComparison) -> Compared {
    let differences = comparison
        .differences
        .iter()
        .map(|difference| DifferenceView { title: difference.title.clone(), field: difference.field.to_owned() });
    Compared {
        passkeys: count(comparison.passkeys),
        others: count(comparison.others),
        differences: differences.collect(),
    }
}

fn nothing_open() -> Failure {
    Failure::new(ErrorCode::NotFound, "no file is open")
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        let code = match &error {
            ImportError::TooLarge { .. } | ImportError::TooManyItems { .. } => ErrorCode::FileTooLarge,
            ImportError::NeedsSecret => ErrorCode::FileNeedsPassphrase,
            ImportError::WrongSecret => ErrorCode::FileWrongPassphrase,
            ImportError::OnlyForAccount(_) => ErrorCode::FileOnlyForAccount,
            ImportError::TooCostly => ErrorCode::FileTooCostly,
            ImportError::Malformed { .. } => ErrorCode::FileMalformed,
            _ => ErrorCode::FileUnknown,
        };
        let place = match &error {
            ImportError::Malformed { place, .. } => place.as_ref().map(self::place),
            _ => None,
        };
        Self { place, ..Self::new(code, error.to_string()) }
    }
}
