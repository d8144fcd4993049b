//! A device that only writes: it founds an account and pushes sealed records, as fast as it is let.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use getrandom::{SysRng, rand_core::UnwrapErr};
use roamkey_proto::{
    AccountId, Change, Commit, CommitId, DeviceId, Genesis, ItemId, Pin, Record, RecordHash, SessionProof, Time,
    VERSION,
    api::{
        Challenge, ChallengeRequest, MailboxClaimed, MailboxMessage, MailboxOpened, PullPage, PullRequest, Push,
        SealedRecord, Session, SignIn,
    },
    cbor, limits,
    merkle::{Subtree, Summary, page_of},
};
use roamkey_sealing::{DeviceSecrets, EpochKey, epoch, record};
use roamkey_trust::{Draft, Log, commit, session};

/// Bytes of a record's body: a passkey with its names.
const BODY: [u8; 400] = [0x61; 400];

/// One account with one device, and a connection of its own.
pub(crate) struct Device {
    http: ureq::Agent,
    server: String,
    token: String,
    account: AccountId,
    me: DeviceId,
    secrets: DeviceSecrets,
    epoch: EpochKey,
    log: Pin,
    head: (u64, CommitId),
    records: BTreeMap<u8, BTreeMap<ItemId, RecordHash>>,
    summary: Summary,
    revision: u64,
}

impl Device {
    /// Founds an account and signs in.
    pub(crate) fn found(server: &str) -> Result<Self> {
        let rng = &mut UnwrapErr(SysRng);
        let secrets = DeviceSecrets::make(rng);
        let device = secrets.public();
        let me = device.device_id();
        let mut salt = [0; 32];
        rand_core::Rng::fill_bytes(rng, &mut salt);
        let draft = Draft::genesis(Genesis { device, salt }, Time(0))?;
        let next = draft.next_epoch().context("a genesis opens an epoch")?;
        let place = epoch::EpochPlace::of(draft.entry(), next.epoch);
        let recipients: Vec<_> = next.recipients.iter().map(|(device, kem)| (*device, kem)).collect();
        let made = epoch::make(rng, &place, &recipients, None)?;
        let account = draft.entry().account;
        let bundle = draft.finish(Some((made.header, made.wraps)), &secrets.identity);
        let mut founded = Self {
            http: ureq::Agent::new_with_config(ureq::Agent::config_builder().http_status_as_error(false).build()),
            server: server.to_owned(),
            token: String::new(),
            account,
            me,
            epoch: made.key,
            log: Log::open_genesis(&bundle)?.head(),
            secrets,
            head: (0, CommitId::NONE),
            records: BTreeMap::new(),
            summary: Summary::empty(),
            revision: 0,
        };
        founded.post("/v1/accounts", cbor::encode(&bundle))?;
        founded.sign_in()?;
        Ok(founded)
    }

    /// Pushes one record, the next revision of the device's one item. Returns its bytes on the wire.
    pub(crate) fn push_one(&mut self) -> Result<usize> {
        self.revision += 1;
        let item = ItemId::new([0x11; 16]);
        self.push([(item, self.revision)])
    }

    /// Pushes `count` new items in one commit.
    pub(crate) fn push_new(&mut self, count: usize) -> Result<usize> {
        let rng = &mut UnwrapErr(SysRng);
        let mut items: Vec<_> = (0..count)
            .map(|_| {
                ItemId::new(
                    rand_core::Rng::next_u64(rng).to_be_bytes().repeat(2).try_into().expect("twice eight is sixteen"),
                )
            })
            .collect();
        items.sort_unstable();
        self.push(items.into_iter().map(|item| (item, 1)))
    }

    fn push(&mut self, items: impl IntoIterator<Item = (ItemId, u64)>) -> Result<usize> {
        let rng = &mut UnwrapErr(SysRng);
        let mut changed = Vec::new();
        let mut records = Vec::new();
        for (item, revision) in items {
            let sealed = record::seal(&self.epoch, &self.secrets.hedge, item, revision, &BODY, rng)?.to_bytes();
            changed.push(Change { item, record: Record::hash_of(&sealed) });
            records.push(SealedRecord(sealed));
        }
        self.place(&changed)?;
        let (seq, prev) = self.head;
        let commit = Commit {
            version: VERSION,
            account: self.account,
            seq: seq + 1,
            prev,
            author: self.me,
            time: Time(0),
            log: self.log,
            epoch: 1,
            root: self.summary.root(),
            count: self.summary.count(),
            changed,
        };
        let signed = commit::sign(&commit, &self.secrets.write);
        let body = cbor::encode(&Push { commit: signed, records });
        let bytes = body.len();
        self.post(&format!("/v1/accounts/{}/push", self.account), body)?;
        self.head = (seq + 1, Commit::id_of(&cbor::encode(&commit)));
        Ok(bytes)
    }

    /// Brings the tree to what a push will leave behind.
    fn place(&mut self, changed: &[Change]) -> Result<()> {
        for change in changed {
            self.records.entry(page_of(change.item)).or_default().insert(change.item, change.record);
        }
        let touched: BTreeSet<u8> = changed.iter().map(|change| page_of(change.item)).collect();
        for page in touched {
            let records = self.records.get(&page).into_iter().flatten();
            self.summary.set(page, Subtree::of_page(page, records.map(|(item, record)| (*item, *record)))?);
        }
        Ok(())
    }

    /// Pulls what is new, which is nothing, as a device does that was woken for nothing.
    pub(crate) fn pull_none(&mut self) -> Result<()> {
        let Pulled { records, .. } = self.pull(self.head.0, self.head.0)?;
        if records > 0 { bail!("{records} records are new to the one who wrote them") } else { Ok(()) }
    }

    /// Pulls what the last push changed.
    pub(crate) fn pull_last(&self) -> Result<Pulled> {
        self.pull(self.head.0 - 1, self.head.0 - 1)
    }

    /// Pulls everything there is, as a new device does.
    pub(crate) fn pull_all(&self) -> Result<Pulled> {
        self.pull(self.head.0, 0)
    }

    fn pull(&self, commits_after: u64, records_after: u64) -> Result<Pulled> {
        let target = Pin::vault(self.head.0, self.head.1);
        let mut request = PullRequest { target, commits_after, records_after, cursor: None };
        let mut pulled = Pulled { records: 0, bytes: 0 };
        loop {
            let asked = cbor::encode(&request);
            pulled.bytes += asked.len();
            let answer = self.post(&format!("/v1/accounts/{}/pull", self.account), asked)?;
            let page: PullPage = cbor::decode(&answer, limits::RESPONSE_BYTES)?;
            pulled.records += page.records.len();
            pulled.bytes += answer.len();
            match page.next {
                Some(next) => request.cursor = Some(next),
                None => return Ok(pulled),
            }
        }
    }

    /// Signs in anew, as a device does once an hour.
    pub(crate) fn sign_in(&mut self) -> Result<()> {
        let request = ChallengeRequest { account: self.account, member: self.me };
        let answer = self.post("/v1/sessions/challenge", cbor::encode(&request))?;
        let Challenge { challenge } = cbor::decode(&answer, limits::SMALL_BODY_BYTES)?;
        let (account, member, origin) = (self.account, self.me, self.server.clone());
        let proof = SessionProof { version: VERSION, origin, account, member, challenge };
        let sign_in = SignIn { proof: session::sign(&proof, &self.secrets.write) };
        let answer = self.post("/v1/sessions", cbor::encode(&sign_in))?;
        self.token = cbor::decode::<Session>(&answer, limits::SMALL_BODY_BYTES)?.token.to_string();
        Ok(())
    }

    /// Goes through what the server sees of a pairing: a mailbox, the other side, a message each way, and the end.
    pub(crate) fn pair(&self) -> Result<()> {
        let opened = self.post(&format!("/v1/accounts/{}/mailboxes", self.account), Vec::new())?;
        let MailboxOpened { number, token: member } = cbor::decode(&opened, limits::SMALL_BODY_BYTES)?;
        let mailbox = format!("/v1/mailboxes/{number}");
        let claimed = self.post_by(&format!("{mailbox}/claim"), "", &[])?;
        let MailboxClaimed { token: newcomer } = cbor::decode(&claimed, limits::SMALL_BODY_BYTES)?;
        let (member, newcomer) = (member.to_string(), newcomer.to_string());
        let messages = format!("{mailbox}/messages");
        for (writer, reader) in [(&newcomer, &member), (&member, &newcomer)] {
            self.post_by(&messages, writer, &cbor::encode(&MailboxMessage { body: BODY.to_vec() }))?;
            self.get(&format!("{messages}?after=0"), reader)?;
        }
        self.delete(&mailbox, &member).map(drop)
    }

    /// Where this device waits for news, and the first thing that it says there.
    pub(crate) fn wake(&self) -> (String, &str) {
        let server = self.server.replacen("http", "ws", 1);
        (format!("{server}/v1/accounts/{}/wake", self.account), &self.token)
    }

    fn post(&self, path: &str, body: Vec<u8>) -> Result<Vec<u8>> {
        self.post_by(path, &self.token, &body)
    }

    fn get(&self, path: &str, token: &str) -> Result<Vec<u8>> {
        answered(path, self.http.get(self.url(path)).header("authorization", format!("Bearer {token}")).call()?)
    }

    fn delete(&self, path: &str, token: &str) -> Result<Vec<u8>> {
        answered(path, self.http.delete(self.url(path)).header("authorization", format!("Bearer {token}")).call()?)
    }

    fn post_by(&self, path: &str, token: &str, body: &[u8]) -> Result<Vec<u8>> {
        let request = self.http.post(self.url(path)).header("content-type", "application/cbor");
        answered(path, request.header("authorization", format!("Bearer {token}")).send(body)?)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server)
    }
}

fn answered(path: &str, mut answer: ureq::http::Response<ureq::Body>) -> Result<Vec<u8>> {
    let status = answer.status();
    let bytes = answer.body_mut().with_config().limit(limits::RESPONSE_BYTES as u64).read_to_vec()?;
    if !status.is_success() {
        bail!("{path} answered {status}: {}", String::from_utf8_lossy(&bytes));
    }
    Ok(bytes)
}

/// What came of a pull.
pub(crate) struct Pulled {
    pub(crate) records: usize,
    /// Bytes of bodies, both ways.
    pub(crate) bytes: usize,
}
