use std::collections::{BTreeMap, BTreeSet};

use roamkey_proto::{
    AccountId, Bundle, Chain, Commit, DeviceId, ItemId, Pin, Receipt, ReceiptKey, Record, Time, VERSION,
    api::{
        Accepted, Heads, Heartbeats, LogPage, PullCursor, PullPage, PullRequest, Push, Restore, SealedRecord,
        SignedCommit, SignedHeartbeat,
    },
    cbor, limits,
    problem::Problem,
};
use roamkey_sync::{Call, Request};
use roamkey_trust::{
    Authority, Log, SignWrite, TrustError, WriteKey,
    commit::{self, Verified},
    heartbeat, receipt,
};

use self::tree::Tree;
use crate::seeded;

mod tree;

/// A server in memory that keeps every rule of the protocol: what an honest one answers.
pub struct ModelServer {
    key: WriteKey,
    accounts: BTreeMap<AccountId, Account>,
    closed: BTreeSet<AccountId>,
    page_commits: usize,
    page_records: usize,
}

#[derive(Clone)]
struct Account {
    log: Log,
    bundles: Vec<Bundle>,
    commits: Vec<(Verified, Vec<u8>)>,
    /// The latest record of each item, and the commit that brought it.
    records: BTreeMap<ItemId, (u64, Vec<u8>)>,
    tree: Tree,
    heartbeats: BTreeMap<DeviceId, Vec<u8>>,
}

impl ModelServer {
    /// Starts a server without accounts.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let key = WriteKey::make(&mut seeded(seed));
        Self {
            key,
            accounts: BTreeMap::new(),
            closed: BTreeSet::new(),
            page_commits: limits::PULL_PAGE_COMMITS,
            page_records: 1_000,
        }
    }

    /// Returns a server with the same past and the same key, which goes its own way from here: what a
    /// server does that shows two histories.
    #[must_use]
    pub fn fork(&self) -> Self {
        let key = WriteKey::from_bytes(&self.key.expose_bytes());
        Self { key, accounts: self.accounts.clone(), closed: self.closed.clone(), ..*self }
    }

    /// Makes the pages of pulls this small, so that tests see several.
    pub fn page_by(&mut self, commits: usize, records: usize) {
        (self.page_commits, self.page_records) = (commits, records);
    }

    /// Returns the key of its receipts.
    #[must_use]
    pub fn receipt_key(&self) -> ReceiptKey {
        ReceiptKey(*self.key.public().as_bytes())
    }

    /// Answers a request of a device that has signed in.
    ///
    /// # Errors
    /// The problem that it answers.
    pub fn answer(&mut self, member: DeviceId, request: &Request) -> Result<Vec<u8>, Problem> {
        if let Call::CreateAccount(body) = &request.call {
            return self.create(request.account, body);
        }
        if self.closed.contains(&request.account) {
            return Err(Problem::AccountClosed);
        }
        let account = self.accounts.get_mut(&request.account).ok_or(Problem::Unauthorized)?;
        let by_recovery = account.log.authority(member).map(Authority::is_live);
        let may = match &request.call {
            Call::Heads | Call::Log { .. } | Call::Heartbeats | Call::Append(_) => true,
            Call::Pull(pull) => pull.records_after >= pull.target.seq,
            _ => false,
        };
        match account.log.member(member) {
            None if by_recovery == Some(true) && may => {}
            None if by_recovery.is_some() => return Err(Problem::NotAMember),
            None => return Err(Problem::Unauthorized),
            Some(member) if !member.is_active() => return Err(Problem::NotAMember),
            Some(_) => {}
        }
        match &request.call {
            Call::Heads => Ok(self.heads(request.account)),
            Call::Log { since } => Ok(account.log_page(*since, member)),
            Call::Append(body) => {
                let pin = account.append(member, body)?;
                Ok(self.accepted(request.account, Chain::Log, pin))
            }
            Call::Push(body) => {
                let pin = account.push(member, body)?;
                Ok(self.accepted(request.account, Chain::Vault, pin))
            }
            Call::Pull(pull) => account.pull(pull, self.page_commits, self.page_records),
            Call::Beat(body) => account.beat(member, body),
            Call::Heartbeats => Ok(account.heartbeats()),
            Call::Restore(body) => {
                account.restore(body)?;
                Ok(self.heads(request.account))
            }
            _ => Err(Problem::NotFound),
        }
    }

    /// Answers a device that was removed as if it still were a member, as to a session that was open
    /// when the removal came in. Reads only.
    ///
    /// # Errors
    /// The problem that it answers.
    pub fn answer_to_former(&self, member: DeviceId, request: &Request) -> Result<Vec<u8>, Problem> {
        let account = self.accounts.get(&request.account).ok_or(Problem::Unauthorized)?;
        match &request.call {
            Call::Heads => Ok(self.heads(request.account)),
            Call::Log { since } => Ok(account.log_page(*since, member)),
            Call::Pull(pull) => account.pull(pull, self.page_commits, self.page_records),
            Call::Heartbeats => Ok(account.heartbeats()),
            _ => Err(Problem::NotAMember),
        }
    }

    /// Signs a receipt, true or not.
    #[must_use]
    pub fn sign_receipt(&self, account: AccountId, chain: Chain, pin: Pin) -> Vec<u8> {
        receipt::sign(&Receipt { version: VERSION, account, chain, pin }, &self.key)
    }

    /// Deletes the accounts whose log says so, as far as their time has come.
    pub fn sweep(&mut self, now: Time) {
        let is_due = |account: &Account| account.log.closing().is_some_and(|closing| closing.not_before <= now);
        let due: Vec<_> = self.accounts.iter().filter(|(_, account)| is_due(account)).map(|(id, _)| *id).collect();
        for account in due {
            self.accounts.remove(&account);
            self.closed.insert(account);
        }
    }

    /// Returns where an account's vault is.
    #[must_use]
    pub fn vault_head(&self, account: AccountId) -> Pin {
        self.accounts.get(&account).map_or(Pin::START, Account::vault_head)
    }

    /// Returns the commits of an account, in their order.
    #[must_use]
    pub fn commits(&self, account: AccountId) -> Vec<Commit> {
        let account = self.accounts.get(&account);
        account
            .map(|account| account.commits.iter().map(|(verified, _)| verified.commit.clone()).collect())
            .unwrap_or_default()
    }

    fn create(&mut self, id: AccountId, body: &[u8]) -> Result<Vec<u8>, Problem> {
        let bundle: Bundle = cbor::decode(body, limits::BUNDLE_BYTES).map_err(|_| Problem::BadRequest)?;
        let log = Log::open_whole_genesis(&bundle).map_err(|_| Problem::Invalid)?;
        if log.account() != id {
            return Err(Problem::Invalid);
        }
        if self.accounts.contains_key(&id) {
            return Err(Problem::AccountExists);
        }
        let pin = log.head();
        let account = Account {
            log,
            bundles: vec![bundle],
            commits: Vec::new(),
            records: BTreeMap::new(),
            tree: Tree::default(),
            heartbeats: BTreeMap::new(),
        };
        self.accounts.insert(id, account);
        Ok(self.accepted(id, Chain::Log, pin))
    }

    fn accepted(&self, account: AccountId, chain: Chain, pin: Pin) -> Vec<u8> {
        cbor::encode(&Accepted { receipt: self.sign_receipt(account, chain, pin) })
    }

    fn heads(&self, id: AccountId) -> Vec<u8> {
        let log = self.accounts.get(&id).map_or(Pin::START, |account| account.log.head());
        let vault = Some(self.vault_head(id)).filter(|pin| *pin != Pin::START);
        cbor::encode(&Heads {
            log: self.sign_receipt(id, Chain::Log, log),
            vault: vault.map(|pin| self.sign_receipt(id, Chain::Vault, pin)),
        })
    }
}

impl Account {
    fn vault_head(&self) -> Pin {
        self.commits.last().map_or(Pin::START, |(last, _)| Pin::vault(last.commit.seq, last.id))
    }

    fn log_page(&self, since: u64, member: DeviceId) -> Vec<u8> {
        let since = usize::try_from(since).unwrap_or(usize::MAX);
        let rest = self.bundles.iter().skip(since);
        let bundles: Vec<_> = rest.take(limits::LOG_PAGE_ENTRIES).map(|bundle| for_one(bundle, member)).collect();
        let more = since + bundles.len() < self.bundles.len();
        cbor::encode(&LogPage { bundles, more })
    }

    fn append(&mut self, member: DeviceId, body: &[u8]) -> Result<Pin, Problem> {
        let bundle: Bundle = cbor::decode(body, limits::BUNDLE_BYTES).map_err(|_| Problem::BadRequest)?;
        let mut log = self.log.clone();
        let author = log.append_whole(&bundle).map(|entry| entry.author).map_err(|error| match error {
            TrustError::Known { .. } | TrustError::Conflict { .. } | TrustError::Gap { .. } => Problem::Conflict,
            _ => Problem::Invalid,
        })?;
        if author != member {
            return Err(Problem::Invalid);
        }
        self.log = log;
        self.bundles.push(bundle);
        Ok(self.log.head())
    }

    fn beat(&mut self, member: DeviceId, body: &[u8]) -> Result<Vec<u8>, Problem> {
        let beat: SignedHeartbeat = cbor::decode(body, limits::SMALL_BODY_BYTES).map_err(|_| Problem::BadRequest)?;
        let heartbeat = heartbeat::verify(&beat.signed, &self.log).map_err(|_| Problem::Invalid)?;
        if heartbeat.device != member {
            return Err(Problem::Invalid);
        }
        self.heartbeats.insert(member, beat.signed);
        Ok(Vec::new())
    }

    fn heartbeats(&self) -> Vec<u8> {
        let active = self.heartbeats.iter().filter(|(device, _)| self.log.active_member(**device).is_some());
        let heartbeats = active.map(|(_, signed)| SignedHeartbeat { signed: signed.clone() }).collect();
        cbor::encode(&Heartbeats { heartbeats })
    }

    /// Takes back what a backup lacked, all of it or nothing.
    fn restore(&mut self, body: &[u8]) -> Result<(), Problem> {
        let restore: Restore = cbor::decode(body, limits::RESTORE_BYTES).map_err(|_| Problem::BadRequest)?;
        let mut next = self.clone();
        let newest = restore.bundles.iter().rposition(|bundle| bundle.header.is_some());
        for (at, bundle) in restore.bundles.into_iter().enumerate() {
            // Whoever leaves wraps out must not leave the others without the newest key.
            let taken = match newest == Some(at) {
                true => next.log.append_whole(&bundle),
                false => next.log.append(&bundle),
            };
            taken.map_err(|error| match error {
                TrustError::Known { .. } | TrustError::Conflict { .. } | TrustError::Gap { .. } => Problem::Conflict,
                _ => Problem::Invalid,
            })?;
            next.bundles.push(bundle);
        }
        let mut named = BTreeMap::new();
        for SignedCommit(bytes) in restore.commits {
            let commit = commit::verify(&bytes, &next.log).map_err(|_| Problem::Invalid)?;
            let last = next.commits.last().map(|(last, _)| last);
            commit::follows(&commit.commit, last, &next.log).map_err(|_| Problem::Conflict)?;
            let seq = commit.commit.seq;
            named.extend(commit.commit.changed.iter().map(|change| (change.item, (seq, change.record))));
            next.commits.push((commit, bytes));
        }
        if restore.records.len() != named.len() {
            return Err(Problem::Invalid);
        }
        for ((item, (seq, hash)), SealedRecord(bytes)) in named.into_iter().zip(restore.records) {
            let header = Record::header_of(&bytes).map_err(|_| Problem::Invalid)?;
            if header.item != item || Record::hash_of(&bytes) != hash {
                return Err(Problem::Invalid);
            }
            next.tree.set([(item, hash)]);
            next.records.insert(item, (seq, bytes));
        }
        if next.commits.last().is_some_and(|(last, _)| !next.tree.is_of(&last.commit)) {
            return Err(Problem::Invalid);
        }
        *self = next;
        Ok(())
    }

    fn push(&mut self, member: DeviceId, body: &[u8]) -> Result<Pin, Problem> {
        let push: Push = cbor::decode(body, limits::PUSH_BYTES).map_err(|_| Problem::BadRequest)?;
        let next = commit::verify(&push.commit, &self.log).map_err(|_| Problem::Invalid)?;
        let commit = &next.commit;
        if commit.author != member {
            return Err(Problem::Invalid);
        }
        if commit.prev.as_bytes() != &self.vault_head().id || commit.log != self.log.head() {
            return Err(Problem::Conflict);
        }
        commit::follows(commit, self.commits.last().map(|(last, _)| last), &self.log).map_err(|_| Problem::Invalid)?;
        if commit.changed.len() != push.records.len() {
            return Err(Problem::Invalid);
        }
        for (change, record) in commit.changed.iter().zip(&push.records) {
            let header = Record::header_of(&record.0).map_err(|_| Problem::Invalid)?;
            let is_named = header.item == change.item && Record::hash_of(&record.0) == change.record;
            if !is_named || header.account != commit.account || header.epoch != commit.epoch {
                return Err(Problem::Invalid);
            }
        }
        let mut tree = self.tree.clone();
        tree.set(commit.changed.iter().map(|change| (change.item, change.record)));
        if !tree.is_of(commit) {
            return Err(Problem::Invalid);
        }
        self.tree = tree;
        for record in push.records {
            if let Ok(header) = Record::header_of(&record.0) {
                self.records.insert(header.item, (commit.seq, record.0));
            }
        }
        self.commits.push((next, push.commit));
        Ok(self.vault_head())
    }

    fn pull(&self, pull: &PullRequest, commits_a_page: usize, records_a_page: usize) -> Result<Vec<u8>, Problem> {
        if pull.target != self.vault_head() {
            return Err(Problem::HeadMoved);
        }
        let sent = pull.cursor.map_or(pull.commits_after, |cursor| cursor.commit);
        let mut rest = self.commits.iter().filter(|(next, _)| next.commit.seq > sent);
        let commits: Vec<_> = rest.by_ref().take(commits_a_page).collect();
        let last = commits.last().map_or(sent, |(last, _)| last.commit.seq);
        let after = pull.cursor.and_then(|cursor| cursor.item);
        let mut records = Vec::new();
        let mut next = None;
        if rest.next().is_some() {
            next = Some(PullCursor { commit: last, item: None });
        } else {
            let touched = self
                .records
                .iter()
                .filter(|(item, (seq, _))| *seq > pull.records_after && after.is_none_or(|after| **item > after));
            let mut touched = touched.peekable();
            let mut item = after;
            while let Some((at, (_, bytes))) = touched.next_if(|_| records.len() < records_a_page) {
                records.push(SealedRecord(bytes.clone()));
                item = Some(*at);
            }
            if touched.peek().is_some() {
                next = Some(PullCursor { commit: last, item });
            }
        }
        let commits = commits.into_iter().map(|(_, bytes)| SignedCommit(bytes.clone())).collect();
        Ok(cbor::encode(&PullPage { commits, records, next }))
    }
}

fn for_one(bundle: &Bundle, member: DeviceId) -> Bundle {
    let mut bundle = bundle.clone();
    bundle.wraps.retain(|wrap| wrap.recipient == member);
    bundle
}
