//! A store that fails now and then: whatever fails has changed nothing, and says so.

use std::{cell::Cell, collections::BTreeSet};

use pollster::block_on;
use proptest::prelude::*;
use roamkey_authenticator::{
    Algorithm, BackupState, CommandError, Credential, CredentialId, CredentialStore, CredentialSummary,
    Discoverability, Found, LargeBlob, MemoryStore, RpId,
};

use crate::{
    commands::{Create, Get, rp_id},
    sample::account,
};

/// Passes calls on until one of them is to fail.
struct Faulty {
    inner: MemoryStore,
    /// How many calls still go well; then one fails, and from then on all go well.
    good_calls: Cell<Option<usize>>,
}

#[derive(Debug, thiserror::Error)]
#[error("the disk is full")]
struct Full;

impl Faulty {
    fn call(&self) -> Result<(), Full> {
        match self.good_calls.get() {
            Some(0) => {
                self.good_calls.set(None);
                Err(Full)
            }
            left => {
                self.good_calls.set(left.map(|left| left - 1));
                Ok(())
            }
        }
    }

    fn kept(&self) -> BTreeSet<CredentialId> {
        block_on(self.inner.find(&rp_id(), &[])).unwrap().into_iter().map(|found| found.id).collect()
    }
}

impl CredentialStore for Faulty {
    type Error = Full;

    async fn find(&self, rp_id: &RpId, ids: &[CredentialId]) -> Result<Vec<CredentialSummary>, Full> {
        self.call()?;
        Ok(self.inner.find(rp_id, ids).await.unwrap())
    }

    async fn load(&self, rp_id: &RpId, id: &CredentialId) -> Result<Option<(Credential, BackupState)>, Full> {
        self.call()?;
        Ok(self.inner.load(rp_id, id).await.unwrap())
    }

    async fn save(&mut self, credential: &Credential, replaces: &[CredentialId]) -> Result<BackupState, Full> {
        self.call()?;
        Ok(self.inner.save(credential, replaces).await.unwrap())
    }

    async fn write_large_blob(&mut self, _: &RpId, _: &CredentialId, _: Option<&LargeBlob>) -> Result<Found, Full> {
        unreachable!("no command of these writes a large blob")
    }

    async fn remaining(&self) -> Result<Option<usize>, Full> {
        self.call()?;
        Ok(self.inner.remaining().await.unwrap())
    }
}

#[derive(Clone, Debug)]
struct Step {
    user: &'static str,
    algorithm: Algorithm,
    discoverability: Discoverability,
    excludes: bool,
    fails_at: Option<usize>,
}

fn step() -> impl Strategy<Value = Step> {
    let user = prop::sample::select(vec!["ann", "bob"]);
    let algorithm = prop::sample::select(vec![Algorithm::Es256, Algorithm::EdDsa, Algorithm::Ed25519]);
    let discoverability = prop::sample::select(vec![Discoverability::Discoverable, Discoverability::NamedOnly]);
    (user, algorithm, discoverability, prop::bool::weighted(0.2), prop::option::of(0_usize..6)).prop_map(
        |(user, algorithm, discoverability, excludes, fails_at)| Step {
            user,
            algorithm,
            discoverability,
            excludes,
            fails_at,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_is_ever_half_made(steps in prop::collection::vec(step(), 1..12)) {
        let inner = MemoryStore::new(BackupState::NotBackedUp).with_capacity(5);
        let mut store = Faulty { inner, good_calls: Cell::new(None) };
        for step in steps {
            let before = store.kept();
            store.good_calls.set(step.fails_at);
            let exclude = before.iter().take(usize::from(step.excludes)).cloned().collect::<Vec<_>>();
            let is_excluded = !exclude.is_empty();
            let command = Create {
                user: account(step.user),
                algorithm: step.algorithm,
                discoverability: step.discoverability,
                exclude,
                ..Create::default()
            };
            let made = command.run(&mut store);
            let failed = step.fails_at.is_some() && store.good_calls.get().is_none();
            store.good_calls.set(None);
            let after = store.kept();
            match made {
                Ok(made) => {
                    prop_assert!(!failed, "a failure was passed over");
                    prop_assert!(!is_excluded);
                    let new: Vec<_> = after.difference(&before).collect();
                    prop_assert_eq!(new, [&made.id]);
                    prop_assert!(before.difference(&after).count() <= 1, "it makes room for itself alone");
                    prop_assert!(Get {
                        allow: roamkey_authenticator::AllowList::Only(vec![made.id.clone()]),
                        ..Get::default()
                    }.run(&store, &made.id).is_ok(), "what was said to be made signs");
                }
                Err(error) => {
                    prop_assert_eq!(after, before.clone());
                    match error {
                        CommandError::Storage(Full) => prop_assert!(failed),
                        CommandError::Excluded => prop_assert!(is_excluded && !failed),
                        CommandError::StoreFull => prop_assert!(before.len() == 5 && !failed),
                        other => prop_assert!(false, "unexpected: {other:?}"),
                    }
                }
            }
        }
    }
}

#[test]
fn a_sign_in_that_cannot_read_says_so() {
    let mut store = Faulty { inner: MemoryStore::new(BackupState::NotBackedUp), good_calls: Cell::new(None) };
    let made = Create::default().run(&mut store).unwrap();
    store.good_calls.set(Some(0));
    assert!(matches!(Get::default().run(&store, &made.id), Err(CommandError::Storage(Full))));
    assert!(Get::default().run(&store, &made.id).is_ok(), "and goes well the next time");
}
