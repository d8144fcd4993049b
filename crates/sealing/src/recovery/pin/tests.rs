#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use pakery_crypto::Ristretto255VoprfServer;
use proptest::prelude::*;
use roamkey_proto::{
    AccountId, Blinded, Evaluation, OprfPublicKey, PreparedRealm, RecoveryPolicy, RecoverySlot, ShareRegistration, cbor,
};

use super::{
    share::{combine, split},
    *,
};
use crate::{primitives::testing::rng, recovery::RecoverySecret};

const ACCOUNT: AccountId = AccountId::new([1; 32]);
const DAY: u64 = 86_400_000;

/// A realm's key, without the counting.
struct Realm(Ristretto255VoprfServer);

impl Realm {
    fn new(number: u8) -> Self {
        Self(Ristretto255VoprfServer::derive(&[number; 32], b"a realm").unwrap())
    }

    fn evaluate(&self, blinded: &Blinded) -> Evaluation {
        let (element, proof) = self.0.blind_evaluate(&blinded.0, &mut rng()).unwrap();
        Evaluation { element, proof }
    }

    fn prepare(&self, blinded: &Blinded) -> PreparedRealm {
        PreparedRealm { public_key: OprfPublicKey(self.0.public_key()), evaluation: self.evaluate(blinded) }
    }
}

/// What Argon2 makes of a PIN, without its work: that is tested where it is done.
fn pin(number: u8) -> HardenedPin {
    HardenedPin::from_bytes([number; 32])
}

fn choice(count: usize, threshold: u8) -> Choice {
    let realms = (0..count).map(|at| format!("https://realm-{at}.example")).collect();
    Choice { realms, threshold, by_server_operator: 0 }
}

/// Sets a PIN at realms, and returns what is kept where.
fn set_up(count: u8, threshold: u8, hardened: &HardenedPin) -> (Vec<Realm>, Lock, Vec<Vec<u8>>) {
    let mut rng = rng();
    let words = crate::recovery::words::make(&mut rng);
    let setup = PinSetup::make(ACCOUNT, 1, choice(count.into(), threshold), &words, &mut rng).unwrap();
    let realms: Vec<Realm> = (0..count).map(Realm::new).collect();
    let registrations: Vec<ShareRegistration> = setup
        .places()
        .zip(&realms)
        .map(|((place, _), realm)| {
            let question = hardened.ask(&place, &mut rng);
            setup.register(&question, &realm.prepare(&question.blinded())).unwrap()
        })
        .collect();
    let lock = Lock::new(ACCOUNT, setup.keys(), setup.policy(DAY, &registrations));
    (realms, lock, registrations.iter().map(cbor::encode).collect())
}

fn shares(realms: &[Realm], lock: &Lock, kept: &[Vec<u8>], pin: &HardenedPin, which: &[usize]) -> Vec<Share> {
    let share = |at: &usize| {
        let registration = lock.read(&kept[*at]).unwrap();
        let question = pin.ask(&lock.place(&registration), &mut rng());
        lock.share(&registration, &question, &realms[*at].evaluate(&question.blinded())).unwrap()
    };
    which.iter().map(share).collect()
}

#[test]
fn any_two_of_three_realms_give_the_secret_back_for_the_right_pin() {
    let (realms, lock, kept) = set_up(3, 2, &pin(7));
    for which in [[0, 1], [0, 2], [1, 2], [2, 0]] {
        let shares = shares(&realms, &lock, &kept, &pin(7), &which);
        let secret = lock.open(&shares).unwrap();
        assert_eq!(lock.open(&shares).unwrap(), secret);
    }
}

#[test]
fn a_wrong_pin_opens_nothing() {
    let (realms, lock, kept) = set_up(3, 2, &pin(7));
    assert_eq!(lock.open(&shares(&realms, &lock, &kept, &pin(8), &[0, 1])), Err(WrongPin));
    let (realms, lock, kept) = set_up(1, 1, &pin(7));
    assert_eq!(lock.open(&shares(&realms, &lock, &kept, &pin(8), &[0])), Err(WrongPin));
    assert!(lock.open(&shares(&realms, &lock, &kept, &pin(7), &[0])).is_ok());
}

#[test]
fn fewer_shares_than_the_threshold_and_a_share_twice_open_nothing() {
    let (realms, lock, kept) = set_up(3, 2, &pin(7));
    assert_eq!(lock.open(&shares(&realms, &lock, &kept, &pin(7), &[1])), Err(WrongPin));
    assert_eq!(lock.open(&shares(&realms, &lock, &kept, &pin(7), &[1, 1])), Err(WrongPin));
    assert_eq!(lock.open(&[]), Err(WrongPin));
}

#[test]
fn a_realm_that_evaluates_by_another_key_is_told_from_a_wrong_pin() {
    let (realms, lock, kept) = set_up(3, 2, &pin(7));
    let registration = lock.read(&kept[0]).unwrap();
    let question = pin(7).ask(&lock.place(&registration), &mut rng());
    let liar = Realm::new(99);
    assert_eq!(lock.share(&registration, &question, &liar.evaluate(&question.blinded())), Err(LyingRealm));
    let mut bent = realms[0].evaluate(&question.blinded());
    bent.proof[40] ^= 1;
    assert_eq!(lock.share(&registration, &question, &bent), Err(LyingRealm));
    let mut later = rng();
    let _ = RecoverySecret::make(&mut later);
    let other = pin(7).ask(&lock.place(&registration), &mut later);
    assert_eq!(lock.share(&registration, &question, &realms[0].evaluate(&other.blinded())), Err(LyingRealm));
}

#[test]
fn a_registration_is_the_one_that_the_log_commits_to() {
    let (_, lock, kept) = set_up(3, 2, &pin(7));
    let honest = lock.read(&kept[0]).unwrap();
    let liar = OprfPublicKey(Realm::new(99).0.public_key());
    let bends: [fn(&mut ShareRegistration, OprfPublicKey); 6] = [
        |kept, liar| kept.public_key = liar,
        |kept, _| kept.masked.0[0] ^= 1,
        |kept, _| kept.number += 1,
        |kept, _| kept.index = 2,
        |kept, _| kept.index = 0,
        |kept, _| kept.realm.push('x'),
    ];
    for bend in bends {
        let mut bent = honest.clone();
        bend(&mut bent, liar);
        assert_eq!(lock.read(&cbor::encode(&bent)), Err(LockError::NotCommitted), "{bent:?}");
    }
    assert!(matches!(lock.read(b"garbage"), Err(LockError::Malformed(_))));
}

#[test]
fn a_registration_of_another_account_or_threshold_is_refused_even_where_it_is_committed_to() {
    let (_, lock, kept) = set_up(3, 2, &pin(7));
    let honest = lock.read(&kept[0]).unwrap();
    for bent in [
        ShareRegistration { account: AccountId::new([2; 32]), ..honest.clone() },
        ShareRegistration { threshold: 1, ..honest.clone() },
    ] {
        let bytes = cbor::encode(&bent);
        let policy =
            RecoveryPolicy { wait_ms: DAY, threshold: 2, shares: vec![ShareRegistration::commitment_of(&bytes)] };
        let keys = RecoverySecret::from_bytes(&[1; 32]).derive_authority(ACCOUNT, RecoverySlot::Pin).public();
        assert_eq!(Lock::new(ACCOUNT, keys, policy).read(&bytes), Err(LockError::NotCommitted));
    }
}

#[test]
fn one_realm_with_all_that_it_holds_cannot_tell_a_right_pin_from_a_wrong_one() {
    let (realms, lock, kept) = set_up(3, 2, &pin(7));
    let registration = lock.read(&kept[0]).unwrap();
    // With its key it can try any PIN; each gives a share, and each share is as good as any other.
    let tried: Vec<Share> = (0..20).map(|guess| shares(&realms, &lock, &kept, &pin(guess), &[0]).remove(0)).collect();
    for share in &tried {
        assert_eq!(lock.open(std::slice::from_ref(share)), Err(WrongPin));
        let committed = ShareRegistration::commitment_of(&cbor::encode(&registration));
        for commitment in [ShareRegistration::commitment_of(share.bytes()), ShareRegistration::commitment_of(&[0; 32])]
        {
            assert_ne!(commitment, committed, "what the log says is no check of a share");
        }
    }
}

#[test]
fn a_question_about_another_place_is_answered_by_nothing() {
    let (realms, lock, kept) = set_up(3, 2, &pin(7));
    let (first, second) = (lock.read(&kept[0]).unwrap(), lock.read(&kept[1]).unwrap());
    let question = pin(7).ask(&lock.place(&second), &mut rng());
    assert_eq!(lock.share(&first, &question, &realms[0].evaluate(&question.blinded())), Err(LyingRealm));
}

#[test]
fn a_short_pin_needs_realms_that_the_servers_operator_does_not_control() {
    let make = |choice: Choice, typed: &str| PinSetup::make(ACCOUNT, 1, choice, typed, &mut rng()).map(|_| ());
    let words = crate::recovery::words::make(&mut rng());
    assert_eq!(make(choice(1, 1), "1234"), Err(SetupError::TooWeak));
    assert_eq!(make(choice(3, 1), "1234"), Err(SetupError::TooWeak), "any one of them could try");
    assert_eq!(make(Choice { by_server_operator: 2, ..choice(3, 2) }, "1234"), Err(SetupError::TooWeak));
    assert_eq!(make(Choice { by_server_operator: 1, ..choice(3, 2) }, "1234"), Ok(()));
    assert_eq!(make(choice(1, 1), &words), Ok(()));
}

#[test]
fn what_is_no_choice_of_realms_is_refused() {
    let make = |choice: Choice| PinSetup::make(ACCOUNT, 1, choice, "1234", &mut rng()).map(|_| ());
    let mut twice = choice(3, 2);
    twice.realms[2] = twice.realms[0].clone();
    for choice in [choice(0, 1), choice(2, 3), choice(3, 0), choice(17, 2), twice] {
        assert_eq!(make(choice.clone()), Err(SetupError::Realms), "{choice:?}");
    }
}

#[test]
fn a_pin_is_hardened_under_its_account_alone() {
    use crate::unlock::Stretch;
    let derive = |typed, account| {
        *HardenedPin::derive(typed, AccountId::new([account; 32]), Stretch::Argon2id64MiB).unwrap().bytes()
    };
    let ours = derive("1234", 1);
    assert_ne!(ours, derive("1234", 2));
    assert_ne!(ours, derive("1235", 1));
    let words = "zoo zoo zoo zoo zoo zoo abandon";
    assert_eq!(derive(words, 1), derive("Zoo-zoo zoo zoo zoo ZOO aban", 1));
}

#[test]
fn nothing_secret_shows_when_it_is_printed() {
    let question = pin(7).ask(&SharePlace { account: ACCOUNT, number: 1, index: 1 }, &mut rng());
    assert!(format!("{question:?}").ends_with("redacted)"));
    assert_eq!(format!("{:?}", pin(7)), "HardenedPin(redacted)");
    assert_eq!(format!("{:?}", Share::from_bytes(3, [7; 32])), "Share(3, redacted)");
}

/// Multiplies by `x` modulo `x^8 + x^4 + x^3 + x + 1`, written down once more to hold the field against.
fn times_x(byte: u8) -> u8 {
    let doubled = byte << 1;
    if byte & 0x80 == 0 { doubled } else { doubled ^ 0x1b }
}

#[test]
fn two_of_two_lie_on_a_line_over_the_field_of_aes() {
    let secret = RecoverySecret::from_bytes(&std::array::from_fn(|at| u8::try_from(at * 8).unwrap()));
    let cut = split(&secret, 2, 3, &mut rng()).unwrap();
    for (at, secret) in secret.bytes().iter().enumerate() {
        let [one, two, three] = [0, 1, 2].map(|share: usize| cut[share].bytes()[at]);
        let slope = one ^ secret;
        assert_eq!(two, secret ^ times_x(slope));
        assert_eq!(three, secret ^ times_x(slope) ^ slope);
    }
}

proptest! {
    #[test]
    fn any_shares_that_suffice_make_the_secret_and_one_fewer_do_not(
        secret in any::<[u8; 32]>(), threshold in 1u8..6, more in 0u8..4, seed in any::<u64>(),
    ) {
        let secret = RecoverySecret::from_bytes(&secret);
        let count = threshold + more;
        let mut cut = split(&secret, threshold, count, &mut rng()).unwrap();
        let turn = usize::try_from(seed % u64::from(count)).unwrap();
        cut.rotate_left(turn);
        prop_assert_eq!(combine(&cut, threshold).unwrap(), RecoverySecret::from_bytes(secret.bytes()));
        if threshold > 1 {
            prop_assert!(combine(&cut[..usize::from(threshold) - 1], threshold).is_none());
            let fewer = combine(&cut[..usize::from(threshold)], threshold - 1);
            prop_assert!(fewer.is_none_or(|other| other != secret));
        }
    }
}
