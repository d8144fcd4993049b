use roamkey_proto::{AccountId, ItemId, Record, RecordHash};
use roamkey_server_store::{Grown, NewRecord, PagePath, TreeDamaged, TreeUpdate};
use tokio_postgres::Row;

use crate::{failure::Failure, row::bytes, session::Session, work::Work};

/// The tree over an account's records, on its way to what it becomes.
pub(super) struct Tree {
    update: TreeUpdate,
    wanted: Vec<PagePath>,
}

impl Tree {
    pub(super) fn new<'a>(records: impl IntoIterator<Item = &'a NewRecord>) -> Self {
        let update = TreeUpdate::new(records.into_iter().map(|record| (record.item, record.hash)));
        // Enough for a million records to be found in one round trip.
        let wanted = update.wanted(AHEAD);
        Self { update, wanted }
    }

    /// What [`PAGES`] is to be asked for.
    pub(super) fn wanted(&self) -> Vec<&[u8]> {
        self.wanted.iter().map(PagePath::as_bytes).collect()
    }

    pub(super) fn found(&mut self, rows: &[Row]) -> Result<(), Failure> {
        let pages: Vec<_> = rows.iter().map(page).collect::<Result<_, _>>()?;
        self.update.found(core::mem::take(&mut self.wanted), pages).map_err(damaged)?;
        self.wanted = self.update.wanted(AHEAD);
        Ok(())
    }

    /// Asks for what is still wanted, mostly nothing, and makes the change.
    pub(super) async fn grow(mut self, session: &Session, account: AccountId) -> Result<Grown, Failure> {
        let account = account.as_bytes().as_slice();
        while !self.wanted.is_empty() {
            let rows = session.rows_of(PAGES, &[&account, &self.wanted()]).await?;
            self.found(&rows)?;
        }
        if !self.update.has_tree() {
            // An account from before there was a tree.
            let rows = session.rows_of("SELECT item, record FROM records WHERE account = $1", &[&account]).await?;
            let all: Vec<_> = rows.iter().map(record).collect::<Result<_, Failure>>()?;
            self.update.and_all_of(all);
        }
        self.update.grow().map_err(damaged)
    }
}

/// All pages, unread.
pub(super) struct Resting(pub(super) AccountId);

impl Work for Resting {
    type Outcome = Vec<(Vec<u8>, Vec<u8>)>;

    async fn attempt(&mut self, session: &Session) -> Result<Self::Outcome, Failure> {
        let account = self.0.as_bytes().as_slice();
        let rows = session.rows_of("SELECT path, page FROM tree WHERE account = $1", &[&account]).await?;
        rows.iter().map(page).collect()
    }
}

/// The values of [`PUT_PAGES`] besides the account.
pub(super) fn values(grown: &Grown) -> (Vec<&[u8]>, Vec<&[u8]>) {
    grown.pages.iter().map(|(path, page)| (path.as_bytes(), page.as_slice())).unzip()
}

fn page(row: &Row) -> Result<(Vec<u8>, Vec<u8>), Failure> {
    Ok((row.try_get(0)?, row.try_get(1)?))
}

fn record(row: &Row) -> Result<(ItemId, RecordHash), Failure> {
    let record: &[u8] = row.try_get(1)?;
    Ok((ItemId::new(bytes(row, 0)?), Record::hash_of(record)))
}

fn damaged(_: TreeDamaged) -> Failure {
    Failure::Corrupt("page of the tree")
}

pub(super) const PAGES: &str = "SELECT path, page FROM tree WHERE account = $1 AND path = ANY ($2)";

pub(super) const PUT_PAGES: &str = "INSERT INTO tree (account, path, page)
    SELECT $1, path, page FROM unnest($2::bytea[], $3::bytea[]) AS given (path, page)
    ON CONFLICT (account, path) DO UPDATE SET page = excluded.page";

/// Pages below the first that are asked for with it.
const AHEAD: usize = 4;
