//! Commits: who may write which state of the vault, and how one commit follows another (protocol section 6).

use roamkey_proto::{Commit, CommitId, DeviceId, Label, MerkleRoot, cbor, limits, mutant};

use crate::{
    CommitError, Log, SignWrite, SignatureError,
    sign1::{self, PublicKey, Sign1},
};

/// A commit whose signature, author's right and form are verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Its identifier.
    pub id: CommitId,
    /// What it says.
    pub commit: Commit,
}

/// Signs a commit with the author's write key.
#[must_use]
pub fn sign(commit: &Commit, key: &impl SignWrite) -> Vec<u8> {
    sign1::sign_by_write(Label::Commit, *commit.author.as_bytes(), cbor::encode(commit), key)
}

/// Verifies a commit by itself: its form, and that its author could write where it stands in the log.
///
/// How it follows the one before is for [`follows`]; whether its root is that of the records, for whoever has them.
///
/// # Errors
/// Every variant of [`CommitError`] but those of [`follows`] and [`Chain::finish`].
pub fn verify(bytes: &[u8], log: &Log) -> Result<Verified, CommitError> {
    let signed = Sign1::parse(bytes, limits::COMMIT_BYTES)?;
    let commit: Commit = cbor::decode_versioned(signed.unverified_payload(), limits::COMMIT_BYTES)
        .map_err(|error| newer(&signed, log, error.into()))?;
    if !mutant!("commit.of-this-account", commit.account == log.account()) {
        return Err(CommitError::ForeignAccount);
    }
    let key = log.may_write(commit.author, &commit.log)?;
    let id = Commit::id_of(signed.unverified_payload());
    let verified = signed.verify(Label::Commit, commit.author.as_bytes(), PublicKey::Write(key));
    if !mutant!("commit.signed-by-its-author", verified.is_ok()) {
        return Err(SignatureError.into());
    }
    let entry = log.entry(commit.log.seq).ok_or(CommitError::ForeignLog)?;
    if !mutant!("commit.none-while-an-epoch-is-owed", !entry.leaves_epoch_owed()) {
        return Err(CommitError::EpochOwed);
    }
    if !mutant!("commit.of-the-newest-epoch", commit.epoch == entry.epoch) {
        return Err(CommitError::WrongEpoch);
    }
    form(&commit)?;
    Ok(Verified { id, commit })
}

/// What is of a newer version is that only where a device of the account signed it. It may have gone since: where in the log
/// the commit stands, this version cannot read.
fn newer(signed: &Sign1, log: &Log, why: CommitError) -> CommitError {
    let CommitError::UpdateNeeded { .. } = why else { return why };
    let author = DeviceId::new(*signed.kid());
    let Some(member) = log.member(author) else { return CommitError::NotAMember };
    let by = |key| signed.clone().verify(Label::Commit, author.as_bytes(), PublicKey::Write(key)).is_ok();
    if mutant!("commit.newer-is-signed-by-a-member", member.write_keys().any(by)) { why } else { SignatureError.into() }
}

/// Checks that a verified commit follows the one before it, or is a vault's first.
///
/// # Errors
/// [`CommitError::DoesNotFollow`], [`CommitError::LogRegressed`], [`CommitError::NotByRemover`].
pub fn follows(next: &Commit, before: Option<&Verified>, log: &Log) -> Result<(), CommitError> {
    let (seq, id, stood) = before.map_or((0, CommitId::NONE, 0), |b| (b.commit.seq, b.id, b.commit.log.seq));
    link(next, (seq, id, stood), log)
}

/// Follows the commits of one answer, from the state that a device holds to a head.
#[derive(Clone, Debug)]
pub struct Chain<'a> {
    log: &'a Log,
    tip: Tip,
    /// Where in the log the devices went that made commits here which no later commit has sealed yet.
    unsealed: Option<u64>,
}

/// A chain between two pages of one answer: what was verified stays so, under the same log.
#[derive(Clone, Copy, Debug)]
pub struct Paused {
    tip: Tip,
    unsealed: Option<u64>,
}

/// The commit that a chain goes on from: what a device pins of its vault's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// Its place.
    pub seq: u64,
    /// Its identifier.
    pub id: CommitId,
    /// Where its author stood in the log.
    pub log_seq: u64,
}

impl Tip {
    /// Before the first commit.
    pub const START: Self = Self { seq: 0, id: CommitId::NONE, log_seq: 0 };
}

impl<'a> Chain<'a> {
    /// Goes on from a commit that was verified before.
    #[must_use]
    pub fn resume(log: &'a Log, tip: Tip) -> Self {
        Self { log, tip, unsealed: None }
    }

    /// Stops between two pages.
    #[must_use]
    pub fn pause(self) -> Paused {
        Paused { tip: self.tip, unsealed: self.unsealed }
    }

    /// Goes on with the next page, under the log that the first one was verified by.
    #[must_use]
    pub fn go_on(log: &'a Log, Paused { tip, unsealed }: Paused) -> Self {
        Self { log, tip, unsealed }
    }

    /// Verifies the next commit, and that it follows.
    ///
    /// # Errors
    /// Those of [`verify`] and [`follows`].
    pub fn follow(&mut self, bytes: &[u8]) -> Result<Verified, CommitError> {
        let next = verify(bytes, self.log)?;
        link(&next.commit, (self.tip.seq, self.tip.id, self.tip.log_seq), self.log)?;
        let stands = next.commit.log.seq;
        let gone = self.log.member(next.commit.author).and_then(|member| member.gone_at());
        let open = self.unsealed.filter(|gone| *gone > stands);
        self.unsealed = open.max(gone);
        self.tip = Tip { seq: next.commit.seq, id: next.id, log_seq: stands };
        Ok(next)
    }

    /// Ends the chain at its head, as the device `me` sees it.
    ///
    /// A device that holds a removal takes new commits of those who went only as ancestors of the first commit by
    /// the one who removed them; that one itself takes them, as its own next commit is the one that seals them.
    ///
    /// # Errors
    /// [`CommitError::Unsealed`].
    pub fn finish(self, me: DeviceId) -> Result<Tip, CommitError> {
        let Some(_) = self.unsealed else { return Ok(self.tip) };
        match self.log.removal_between(self.tip.log_seq, self.log.head().seq) {
            Some(removal) if !mutant!("commit.of-the-gone-awaits-the-remover", removal.by == me) => {
                Err(CommitError::Unsealed { by: removal.by })
            }
            _ => Ok(self.tip),
        }
    }
}

fn link(next: &Commit, (seq, id, stood): (u64, CommitId, u64), log: &Log) -> Result<(), CommitError> {
    if !mutant!("commit.follows-the-one-before", seq.checked_add(1) == Some(next.seq) && next.prev == id) {
        return Err(CommitError::DoesNotFollow);
    }
    if !mutant!("commit.log-never-regresses", next.log.seq >= stood) {
        return Err(CommitError::LogRegressed);
    }
    match log.removal_between(stood, next.log.seq) {
        Some(removal) if !mutant!("commit.first-after-removal-by-the-remover", removal.by == next.author) => {
            Err(CommitError::NotByRemover { by: removal.by })
        }
        _ => Ok(()),
    }
}

fn form(commit: &Commit) -> Result<(), CommitError> {
    let sorted = commit.changed.is_sorted_by(|a, b| a.item < b.item);
    let few = commit.changed.len() <= limits::CHANGES && commit.count <= limits::RECORDS;
    let first = (commit.seq == 1) == (commit.prev == CommitId::NONE);
    let empty = (commit.count == 0) == (commit.root == MerkleRoot::EMPTY);
    if commit.seq > 0 && sorted && few && first && empty { Ok(()) } else { Err(CommitError::Form) }
}

#[cfg(test)]
mod tests;
