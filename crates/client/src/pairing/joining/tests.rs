use roamkey_proto::{AccountId, Genesis, Pin, ReceiptKey, Time};
use roamkey_sealing::epoch::{self, EpochPlace};
use roamkey_testkit::seeded;
use roamkey_trust::Draft;

use super::*;

/// What a member of an account of one device says to a newcomer.
fn welcome() -> Welcome {
    let rng = &mut seeded(1);
    let secrets = DeviceSecrets::make(rng);
    let draft = Draft::genesis(Genesis { device: secrets.public(), salt: [1; 32] }, Time(1)).expect("usable keys");
    let next = draft.next_epoch().expect("a genesis opens an epoch");
    let place =
        EpochPlace { account: next.account, epoch: next.epoch, seq: next.seq, prev: next.prev, author: next.author };
    let recipients: Vec<_> = next.recipients.iter().map(|(device, kem)| (*device, kem)).collect();
    let epoch = epoch::make(rng, &place, &recipients, None).expect("usable keys");
    let account = next.account;
    let bundle = draft.finish(Some((epoch.header, epoch.wraps)), &secrets.identity);
    let log_pin = Log::open_genesis(&bundle).expect("a genesis").head();
    Welcome { account, log: vec![bundle], log_pin, vault_pin: Pin::START, receipt_key: ReceiptKey([0; 32]) }
}

#[test]
fn an_account_certifies_its_own_log() {
    assert!(open(welcome()).is_ok());
    let foreign = Welcome { account: AccountId::new([9; 32]), ..welcome() };
    assert_eq!(open(foreign).err(), Some(PairingError::Refused));
}

#[test]
fn a_log_leads_to_where_the_member_says_that_it_stands() {
    let mut welcome = welcome();
    welcome.log_pin.id = [9; 32];
    assert_eq!(open(welcome).err(), Some(PairingError::Refused));
}
