#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod listing;
mod moving;

use std::{cell::RefCell, convert::Infallible, future::poll_fn, mem::replace, task::Poll};

use pollster::block_on;
use rand_core::{TryCryptoRng, TryRng};
use roamkey_authenticator::{
    Algorithm, BackupEligibility, CredBlob, Discoverability, LargeBlobKey, PrfSeeds, PrivateKey, Protection,
    ThirdPartyPayment, UserHandle,
};
use roamkey_sealing::unlock::Passphrase;
use roamkey_vault::Body;

use super::*;
use crate::{Client, HttpRequest, HttpResponse, LocalStore, MemoryStore, Row, StoreError, Transport, Unreachable};

/// Bytes that never repeat, for tests alone.
#[derive(Clone, Default)]
struct Counter(Rc<RefCell<u64>>);

impl TryRng for Counter {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|number| number as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut state = self.0.borrow_mut();
        // SplitMix64.
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Ok(mixed ^ (mixed >> 31))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let word = self.try_next_u64()?.to_le_bytes();
            chunk.iter_mut().zip(word).for_each(|(byte, new)| *byte = new);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counter {}

/// A machine without a network, whose disk can be full.
#[derive(Default)]
struct Machine {
    disk: Disk,
    rng: Counter,
}

#[derive(Default)]
struct Disk {
    rows: MemoryStore,
    is_full: RefCell<bool>,
    /// Whether others have their turn at each reading.
    yields: RefCell<bool>,
}

impl LocalStore for Disk {
    async fn load(&self, keys: &[roamkey_sync::StoreKey]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        if *self.yields.borrow() {
            let mut waited = false;
            poll_fn(|_| if replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }).await;
        }
        self.rows.load(keys).await
    }

    async fn scan(
        &self,
        table: roamkey_sync::Table,
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        self.rows.scan(table, after, limit).await
    }

    async fn apply(&self, batch: roamkey_sync::Batch) -> Result<(), StoreError> {
        if *self.is_full.borrow() { Err(StoreError::Full) } else { self.rows.apply(batch).await }
    }

    async fn clear(&self) -> Result<(), StoreError> {
        self.rows.clear().await
    }
}

struct Nowhere;

impl Transport for Nowhere {
    async fn send(&self, _: HttpRequest) -> Result<HttpResponse, Unreachable> {
        Err(Unreachable { reason: "there is no network".to_owned() })
    }
}

impl Host for Machine {
    type Store = Disk;
    type Transport = Nowhere;
    type Rng = Counter;

    fn store(&self) -> &Disk {
        &self.disk
    }

    fn transport(&self) -> &Nowhere {
        &Nowhere
    }

    fn rng(&self) -> Counter {
        self.rng.clone()
    }

    fn now(&self) -> Time {
        Time(1_700_000_000_000)
    }

    fn platform(&self) -> &str {
        "test"
    }
}

async fn session() -> (Rc<Machine>, Session<Machine>) {
    let machine = Rc::new(Machine::default());
    let Client::Vacant(vacant) = Client::open(Rc::clone(&machine)).await.unwrap() else { unreachable!() };
    let passphrase = Passphrase::new("correct horse").unwrap();
    let session = vacant.create_without_server(&passphrase, "desk").await.map_err(|stayed| stayed.error).unwrap();
    (machine, session)
}

/// A credential with everything that one can have.
fn credential(algorithm: Algorithm, name: &str) -> Credential {
    let rng = &mut Counter(Rc::new(RefCell::new(u64::from(algorithm.cose().unsigned_abs() as u32))));
    Credential {
        id: CredentialId::try_from(name.as_bytes()).unwrap(),
        rp_id: RpId::try_from("shop.example").unwrap(),
        user: User {
            handle: Some(UserHandle::try_from(name.as_bytes()).unwrap()),
            name: Some(name.to_owned()),
            display_name: None,
        },
        key: PrivateKey::make(algorithm, rng),
        prf: PrfSeeds::make(rng),
        created_ms: 1_700_000_000_000,
        eligibility: BackupEligibility::Synced,
        discoverability: Discoverability::Discoverable,
        protection: Protection::Required,
        cred_blob: Some(CredBlob::try_from(&b"blob"[..]).unwrap()),
        large_blob_key: Some(LargeBlobKey::make(rng)),
        large_blob: Some(LargeBlob::try_from(&b"large"[..]).unwrap()),
        third_party_payment: ThirdPartyPayment::Enabled,
    }
}

/// One of which nothing is told but what every credential has.
fn bare(name: &str) -> Credential {
    let full = credential(Algorithm::EdDsa, name);
    Credential {
        user: User::default(),
        eligibility: BackupEligibility::ThisDeviceOnly,
        discoverability: Discoverability::NamedOnly,
        protection: Protection::Optional,
        cred_blob: None,
        large_blob_key: None,
        large_blob: None,
        third_party_payment: ThirdPartyPayment::Disabled,
        ..full
    }
}

fn assert_same(back: &Credential, made: &Credential) {
    assert_eq!(back.summary(), made.summary());
    assert_eq!(*back.key.to_cose(), *made.key.to_cose());
    assert_eq!(back.prf.expose(), made.prf.expose());
    assert_eq!(back.cred_blob, made.cred_blob);
    assert_eq!(back.large_blob_key, made.large_blob_key);
    assert_eq!(back.large_blob, made.large_blob);
    assert_eq!(back.third_party_payment, made.third_party_payment);
}

#[test]
fn everything_of_a_credential_comes_back_from_a_record() {
    let protections = [Protection::Optional, Protection::OptionalWhereNamed, Protection::Required];
    let mut made: Vec<_> = Algorithm::ALL.map(|algorithm| credential(algorithm, "ann")).into();
    made.extend(protections.map(|protection| Credential { protection, ..bare("bob") }));
    for made in made {
        let item = Item::new(Content::Passkey(convert::passkey(&made)), Time(made.created_ms));
        let record = Body::Item(Box::new(item)).encode();
        let body = Body::decode(&record).unwrap();
        let item = body.item().unwrap();
        let back = convert::credential(kept(item).unwrap(), item.created).unwrap();
        assert_same(&back, &made);
    }
}

#[test]
fn a_passkey_that_cannot_be_read_keeps_no_other_from_serving() {
    let found = |key: &[u8]| {
        let mut passkey = convert::passkey(&bare("ann"));
        passkey.cose_key = SecretBytes::new(key.to_vec());
        let item = Item::new(Content::Passkey(passkey), Time(0));
        Found { id: ItemId::new([1; ItemId::LEN]), item, stored: true, has_record: true }
    };
    let site = [found(b"a key of a newer version"), found(&bare("ann").key.to_cose())];
    assert_eq!(summaries(&site).count(), 1);
}

#[test]
fn a_vault_is_a_store_like_any_other() {
    block_on(async {
        let (_, session) = session().await;
        let mut passkeys = session.passkeys();
        let (ann, bob) = (credential(Algorithm::Es256, "ann"), bare("bob"));
        let rp_id = ann.rp_id.clone();
        passkeys.save(&ann, &[]).await.unwrap();
        passkeys.save(&bob, &[]).await.unwrap();
        assert_eq!(passkeys.find(&rp_id, &[]).await.unwrap().len(), 2, "those that must be named are listed too");
        assert_same(&passkeys.load(&rp_id, &ann.id).await.unwrap().unwrap().0, &ann);
        assert_eq!(passkeys.relying_parties().await.unwrap(), std::slice::from_ref(&rp_id));
        assert_eq!(passkeys.find_by_id(&bob.id).await.unwrap(), Some(bob.summary()));

        let named = User { name: Some("annie".to_owned()), display_name: Some("Annie".to_owned()), ..User::default() };
        assert_eq!(passkeys.update_user(&rp_id, &ann.id, &named).await.unwrap(), Changed::It);
        let user = passkeys.load(&rp_id, &ann.id).await.unwrap().unwrap().0.user;
        assert_eq!(user, User { handle: ann.user.handle.clone(), ..named });

        let blob = LargeBlob::try_from(&b"another"[..]).unwrap();
        assert_eq!(passkeys.write_large_blob(&rp_id, &ann.id, Some(&blob)).await.unwrap(), Changed::It);
        assert_eq!(passkeys.load(&rp_id, &ann.id).await.unwrap().unwrap().0.large_blob, Some(blob));

        assert_eq!(passkeys.delete(&rp_id, &bob.id).await.unwrap(), Changed::It);
        assert_eq!(passkeys.delete(&rp_id, &bob.id).await.unwrap(), Changed::Nothing);
        passkeys.clear().await.unwrap();
        assert!(passkeys.relying_parties().await.unwrap().is_empty());
        assert!(passkeys.load(&rp_id, &ann.id).await.unwrap().is_none());
    });
}

#[test]
fn a_hidden_passkey_is_found_by_nobody_and_comes_back_whole() {
    block_on(async {
        let (_, session) = session().await;
        let mut passkeys = session.passkeys();
        let ann = credential(Algorithm::Es256, "ann");
        passkeys.save(&ann, &[]).await.unwrap();
        passkeys.set_visibility(&ann.rp_id, &ann.id, Visibility::Hidden).await.unwrap();
        assert!(passkeys.find(&ann.rp_id, &[]).await.unwrap().is_empty());
        assert!(passkeys.load(&ann.rp_id, &ann.id).await.unwrap().is_none());
        assert!(passkeys.relying_parties().await.unwrap().is_empty());
        passkeys.set_visibility(&ann.rp_id, &ann.id, Visibility::Offered).await.unwrap();
        assert_same(&passkeys.load(&ann.rp_id, &ann.id).await.unwrap().unwrap().0, &ann);
    });
}

#[test]
fn a_full_disk_leaves_the_vault_as_it_was() {
    block_on(async {
        let (machine, session) = session().await;
        let mut passkeys = session.passkeys();
        let (old, new) = (credential(Algorithm::Es256, "old"), credential(Algorithm::Es256, "new"));
        let rp_id = old.rp_id.clone();
        passkeys.save(&old, &[]).await.unwrap();
        *machine.disk.is_full.borrow_mut() = true;
        passkeys.save(&new, std::slice::from_ref(&old.id)).await.unwrap_err();
        passkeys.delete(&rp_id, &old.id).await.unwrap_err();
        passkeys.update_user(&rp_id, &old.id, &User::default()).await.unwrap_err();
        passkeys.write_large_blob(&rp_id, &old.id, None).await.unwrap_err();
        passkeys.set_visibility(&rp_id, &old.id, Visibility::Hidden).await.unwrap_err();
        passkeys.clear().await.unwrap_err();
        *machine.disk.is_full.borrow_mut() = false;
        let mut passkeys = session.passkeys();
        assert_eq!(passkeys.find(&rp_id, &[]).await.unwrap(), [old.summary()]);
        assert_same(&passkeys.load(&rp_id, &old.id).await.unwrap().unwrap().0, &old);
        passkeys.save(&new, std::slice::from_ref(&old.id)).await.unwrap();
        assert_eq!(passkeys.find(&rp_id, &[]).await.unwrap(), [new.summary()]);
    });
}
