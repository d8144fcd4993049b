#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
use roamkey_proto::decode;

use super::*;
use crate::primitives::testing::{CountingRng, rng};

const ACCOUNT: AccountId = AccountId::new([1; 32]);
const AUTHOR: DeviceId = DeviceId::new([2; 32]);
const ME: DeviceId = DeviceId::new([3; 32]);
const OTHER: DeviceId = DeviceId::new([4; 32]);

/// Two epochs of one account, both for `ME` and `OTHER`.
struct Account {
    rng: CountingRng,
    me: KemKey,
    other: KemKey,
    first: NewEpoch,
    second: NewEpoch,
}

fn place(epoch: u64) -> EpochPlace {
    let prev = EntryId::new([u8::try_from(epoch).unwrap() - 1; 32]);
    EpochPlace { account: ACCOUNT, epoch, seq: epoch, prev, author: AUTHOR }
}

impl Account {
    fn new() -> Self {
        let mut rng = rng();
        let (me, other) = (KemKey::make(&mut rng), KemKey::make(&mut rng));
        let recipients = [(OTHER, &other.public()), (ME, &me.public())];
        let first = make(&mut rng, &place(1), &recipients, None).unwrap();
        let second = make(&mut rng, &place(2), &recipients, Some(&first.key)).unwrap();
        Self { rng, me, other, first, second }
    }

    /// Opens an epoch as `ME`, after something was done to its header.
    fn open(&self, epoch: &NewEpoch, tamper: impl FnOnce(&mut EpochHeader)) -> Result<EpochKey, EpochError> {
        let mut header = header(epoch);
        tamper(&mut header);
        let before = if header.epoch == 1 { Before::Nothing } else { Before::Key(&self.first.key) };
        open(&self.me, ME, &place(epoch.key.number()), &header, wrap_of(epoch, ME), before)
    }
}

fn header(epoch: &NewEpoch) -> EpochHeader {
    decode(&epoch.header, usize::MAX).unwrap()
}

fn wrap_of(epoch: &NewEpoch, device: DeviceId) -> &[u8] {
    &epoch.wraps.iter().find(|wrap| wrap.recipient == device).unwrap().wrap
}

#[test]
fn every_recipient_opens_the_same_key() {
    let account = Account::new();
    for (device, kem) in [(ME, &account.me), (OTHER, &account.other)] {
        let (first, second) = (&account.first, &account.second);
        let opened = open(kem, device, &place(1), &header(first), wrap_of(first, device), Before::Nothing).unwrap();
        assert_eq!(opened, first.key);
        let before = Before::Key(&opened);
        let opened = open(kem, device, &place(2), &header(second), wrap_of(second, device), before).unwrap();
        assert_eq!(opened, second.key);
    }
}

#[test]
fn the_header_names_its_recipients_in_order() {
    let account = Account::new();
    let devices: Vec<_> = header(&account.second).recipients.iter().map(|recipient| recipient.device).collect();
    assert_eq!(devices, [ME, OTHER]);
    assert_eq!(account.second.hash, EpochHeader::hash_of(&account.second.header));
}

#[test]
fn a_newcomer_walks_back_to_the_genesis() {
    let account = Account::new();
    let (first, second) = (header(&account.first), header(&account.second));
    let wrap = wrap_of(&account.second, ME);
    let key = open(&account.me, ME, &place(2), &second, wrap, Before::Header(&first)).unwrap();
    assert_eq!(open_previous(&key, &second, &first).unwrap(), account.first.key);
}

#[test]
fn a_wrap_other_than_the_headers_is_refused() {
    let mut account = Account::new();
    let info = place(1).info(ME);
    // A wrap that opens, made by someone else, for the very same key.
    let again = kem::wrap(&account.me.public(), &info, account.first.key.secret(), &mut account.rng).unwrap();
    let result = open(&account.me, ME, &place(1), &header(&account.first), &again, Before::Nothing);
    assert_eq!(result.unwrap_err(), EpochError::Refused);
}

#[test]
fn a_key_that_the_header_does_not_commit_to_is_refused() {
    let mut account = Account::new();
    // What an author does who gives different keys to different recipients.
    let another = EpochKey::new(ACCOUNT, 1, &[9; 32]);
    let wrap = kem::wrap(&account.me.public(), &place(1).info(ME), another.secret(), &mut account.rng).unwrap();
    let mut header = header(&account.first);
    for recipient in header.recipients.iter_mut().filter(|recipient| recipient.device == ME) {
        recipient.wrap = Recipient::hash_of(&wrap);
    }
    let result = open(&account.me, ME, &place(1), &header, &wrap, Before::Nothing);
    assert_eq!(result.unwrap_err(), EpochError::Refused);
}

#[test]
fn a_previous_key_other_than_the_held_one_is_refused() {
    let mut account = Account::new();
    let foreign = EpochKey::new(ACCOUNT, 1, &[9; 32]);
    let recipients = [(ME, &account.me.public())];
    // Consistent in itself, and tied: only the key that the opener holds tells.
    let forged = make(&mut account.rng, &place(2), &recipients, Some(&foreign)).unwrap();
    assert_eq!(account.open(&forged, |_| {}).unwrap_err(), EpochError::Refused);
}

#[test]
fn whoever_does_not_know_the_key_before_starts_no_epoch() {
    let mut account = Account::new();
    let foreign = EpochKey::new(ACCOUNT, 1, &[9; 32]);
    let recipients = [(ME, &account.me.public())];
    let forged = make(&mut account.rng, &place(2), &recipients, Some(&foreign)).unwrap();
    // Even with the right key in `previous`, which a thief could copy as a whole, the tie is missing.
    let sealed = seal_previous(&forged.key, 2, place(2).prev, &account.first.key);
    let opened = account.open(&forged, |header| {
        header.previous = Some(sealed.clone());
        header.tie = Some(tie(&foreign, header).to_vec());
    });
    assert_eq!(opened.unwrap_err(), EpochError::Refused);
    let tied = account.open(&forged, |header| {
        header.previous = Some(sealed.clone());
        header.tie = Some(tie(&account.first.key, header).to_vec());
    });
    assert_eq!(tied.unwrap(), forged.key);
}

#[test]
fn the_tie_covers_the_whole_header() {
    let account = Account::new();
    let tampers: [fn(&mut EpochHeader); 4] = [
        |header| header.recipients.truncate(1),
        |header| header.recipients.push(Recipient { device: AUTHOR, wrap: Recipient::hash_of(b"ghost") }),
        |header| header.tie = None,
        |header| header.tie = header.tie.take().map(|tie| tie.into_iter().take(31).collect()),
    ];
    for tamper in tampers {
        assert_eq!(account.open(&account.second, tamper).unwrap_err(), EpochError::Refused);
    }
}

#[test]
fn a_header_of_another_place_is_refused() {
    let account = Account::new();
    let tampers: [fn(&mut EpochHeader); 4] = [
        |header| header.account = AccountId::new([9; 32]),
        |header| header.epoch = 3,
        |header| header.seq = 3,
        |header| header.prev = EntryId::new([9; 32]),
    ];
    for tamper in tampers {
        assert_eq!(account.open(&account.second, tamper).unwrap_err(), EpochError::Refused);
    }
}

#[test]
fn a_wrap_opens_only_at_its_place_by_its_author_for_its_recipient() {
    let account = Account::new();
    let right = place(1);
    let info = right.info(ME);
    let opens = |info: &[u8]| account.me.unwrap(info, wrap_of(&account.first, ME)).is_some();
    assert!(opens(&info));
    for wrong in [
        EpochPlace { account: AccountId::new([9; 32]), ..right }.info(ME),
        EpochPlace { epoch: 2, ..right }.info(ME),
        EpochPlace { seq: 2, ..right }.info(ME),
        EpochPlace { prev: EntryId::new([9; 32]), ..right }.info(ME),
        EpochPlace { author: OTHER, ..right }.info(ME),
        right.info(OTHER),
    ] {
        assert!(!opens(&wrong));
    }
}

#[test]
fn who_is_no_recipient_is_told_so() {
    let account = Account::new();
    let result =
        open(&account.me, AUTHOR, &place(1), &header(&account.first), wrap_of(&account.first, ME), Before::Nothing);
    assert_eq!(result.unwrap_err(), EpochError::NotARecipient);
}

#[test]
fn a_genesis_has_nothing_before_it_and_only_a_genesis() {
    let account = Account::new();
    let with_previous = account.open(&account.first, |header| header.previous = Some(vec![0; 48]));
    assert_eq!(with_previous.unwrap_err(), EpochError::Refused);
    let (second, wrap) = (header(&account.second), wrap_of(&account.second, ME));
    let as_genesis = open(&account.me, ME, &place(2), &second, wrap, Before::Nothing);
    assert_eq!(as_genesis.unwrap_err(), EpochError::Refused);
}

#[test]
fn walking_back_accepts_only_what_the_header_before_commits_to() {
    let account = Account::new();
    let (mut first, second) = (header(&account.first), header(&account.second));
    first.commitment = [9; 32];
    assert_eq!(open_previous(&account.second.key, &second, &first).unwrap_err(), EpochError::Refused);
}

#[test]
fn walking_back_demands_the_tie() {
    let account = Account::new();
    let (first, mut second) = (header(&account.first), header(&account.second));
    second.tie = Some(vec![0; 32]);
    assert_eq!(open_previous(&account.second.key, &second, &first).unwrap_err(), EpochError::Refused);
}

#[test]
fn only_the_first_epoch_ties_to_none() {
    let mut account = Account::new();
    let recipients = [(ME, &account.me.public())];
    let without = make(&mut account.rng, &place(2), &recipients, None);
    assert_eq!(without.unwrap_err(), MakeEpochError::OutOfStep);

    // Epoch 3, made properly on epoch 2, does not open for one who still holds epoch 1.
    let third = make(&mut account.rng, &place(3), &recipients, Some(&account.second.key)).unwrap();
    assert_eq!(account.open(&third, |_| {}).unwrap_err(), EpochError::Refused);
}

#[test]
fn no_device_gets_two_wraps() {
    let mut account = Account::new();
    let public = account.me.public();
    let result = make(&mut account.rng, &place(1), &[(ME, &public), (ME, &public)], None);
    assert_eq!(result.unwrap_err(), MakeEpochError::Duplicate);
}

#[test]
fn a_kem_key_that_is_none_gets_no_wrap_and_its_device_is_named() {
    let mut rng = rng();
    let good = KemKey::make(&mut rng).public();
    // Coefficients of ML-KEM are below 3,329; all ones are above.
    let bad = KemPublicKey::new([0xff; KemPublicKey::LEN]);
    let result = make(&mut rng, &place(1), &[(ME, &good), (OTHER, &bad)], None);
    assert_eq!(result.unwrap_err(), MakeEpochError::Kem { device: OTHER, source: KemKeyError });
}

#[test]
fn an_epoch_key_says_its_number_and_no_more() {
    assert_eq!(format!("{:?}", EpochKey::new(ACCOUNT, 7, &[9; 32])), "EpochKey(7, redacted)");
}

/// Four epochs of which the third and the fourth do not open for `ME`, and a fifth that ties to the second.
fn skipping(account: &mut Account) -> (NewEpoch, NewEpoch, NewEpoch) {
    let (me, other) = (account.me.public(), account.other.public());
    let rng = &mut account.rng;
    let third = make(rng, &place(3), &[(OTHER, &other)], Some(&account.second.key)).unwrap();
    let fourth = make(rng, &place(4), &[(OTHER, &other)], Some(&third.key)).unwrap();
    let fifth = make(rng, &place(5), &[(ME, &me), (OTHER, &other)], Some(&account.second.key)).unwrap();
    (third, fourth, fifth)
}

#[test]
fn an_epoch_may_tie_to_an_older_one_and_says_so() {
    let mut account = Account::new();
    let (.., fifth) = skipping(&mut account);
    let named = header(&fifth);
    assert_eq!((named.base, named.base()), (Some(2), 2));
    assert_eq!(named.skipped().collect::<Vec<_>>(), [3, 4]);
    let wrap = wrap_of(&fifth, ME);
    let opened = open(&account.me, ME, &place(5), &named, wrap, Before::Key(&account.second.key)).unwrap();
    assert_eq!(opened, fifth.key);
    let before = header(&account.second);
    assert_eq!(open(&account.me, ME, &place(5), &named, wrap, Before::Header(&before)).unwrap(), fifth.key);
    assert_eq!(open_previous(&opened, &named, &before).unwrap(), account.second.key);
}

#[test]
fn the_base_is_the_one_that_the_header_names() {
    let mut account = Account::new();
    let (third, fourth, fifth) = skipping(&mut account);
    let wrap = wrap_of(&fifth, OTHER);
    let named = header(&fifth);
    for held in [&account.first.key, &third.key, &fourth.key] {
        let result = open(&account.other, OTHER, &place(5), &named, wrap, Before::Key(held));
        assert_eq!(result.unwrap_err(), EpochError::Refused);
    }
    for base in [None, Some(0), Some(1), Some(3), Some(4), Some(5), Some(u64::MAX)] {
        let moved = EpochHeader { base, ..named.clone() };
        let result = open(&account.other, OTHER, &place(5), &moved, wrap, Before::Key(&account.second.key));
        assert_eq!(result.unwrap_err(), EpochError::Refused);
    }
    // Another base that is named cannot be walked back to.
    assert!(open_previous(&fifth.key, &named, &header(&fourth)).is_err());
}

#[test]
fn whoever_knows_no_key_of_the_base_skips_nothing() {
    let mut account = Account::new();
    let foreign = EpochKey::new(ACCOUNT, 2, &[9; 32]);
    let me = account.me.public();
    let forged = make(&mut account.rng, &place(5), &[(ME, &me)], Some(&foreign)).unwrap();
    let wrap = wrap_of(&forged, ME);
    let held = Before::Key(&account.second.key);
    let result = open(&account.me, ME, &place(5), &header(&forged), wrap, held);
    assert_eq!(result.unwrap_err(), EpochError::Refused);
}

#[test]
fn no_epoch_ties_to_itself_or_a_later_one() {
    let mut account = Account::new();
    let me = account.me.public();
    for number in [5, 6, u64::MAX] {
        let key = EpochKey::new(ACCOUNT, number, &[9; 32]);
        let made = make(&mut account.rng, &place(5), &[(ME, &me)], Some(&key));
        assert_eq!(made.unwrap_err(), MakeEpochError::OutOfStep);
    }
}
