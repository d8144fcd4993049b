//! The whole life of an account, with a server that dies between any two steps and in the middle of them.

use std::{collections::BTreeSet, thread, time::Duration};

use pollster::block_on;
use roamkey_cli::machine::Machine;
use roamkey_client::{
    DeviceStatus, Error, ItemDraft, Revocation, Session,
    pairing::{JoinStage, PairStage},
};
use roamkey_proto::{DeviceId, ItemId, RevokeReason};
use roamkey_vault::{Change, SecretText, item::Note};

use super::{
    process::ServerProcess,
    stage::{Device, passphrase},
};

type Phone = Session<Machine>;

#[test]
fn no_acknowledged_write_is_lost_whenever_the_server_dies() {
    for round in 0..ROUNDS {
        let mut journey = Journey { server: ServerProcess::start(), round, acknowledged: BTreeSet::new() };
        journey.play();
    }
}

/// Accounts whose life is played; each is disturbed at other moments.
const ROUNDS: u64 = 4;

/// Edits on each device while the server keeps dying.
const EDITS: u64 = 5;

struct Journey {
    server: ServerProcess,
    round: u64,
    /// Titles of notes whose adding returned.
    acknowledged: BTreeSet<String>,
}

impl Journey {
    fn play(&mut self) {
        let (on_laptop, on_phone, on_tablet) = (Device::new(), Device::new(), Device::new());
        let url = self.server.url().parse().unwrap();
        let laptop = block_on(on_laptop.vacant().create(&url, &passphrase(), "laptop")).unwrap();
        self.server.crash();
        let shared = self.add(&laptop, "shared");
        self.server.crash();
        settle(&laptop);
        self.server.crash();
        let phone = self.pair(&laptop, &on_phone);
        self.server.crash();
        settle(&phone);

        for number in 0..EDITS {
            self.add(&laptop, &format!("laptop {number}"));
            self.add(&phone, &format!("phone {number}"));
            for (index, session) in [&laptop, &phone].into_iter().enumerate() {
                // From before the first byte to after the answer.
                let delay = Duration::from_millis((self.round * 3 + number * 5 + index as u64 * 2) % 23);
                let _ = self.server.crash_during(delay, || block_on(session.sync()));
            }
        }
        self.converge(&[&laptop, &phone]);

        rename(&laptop, shared, "shared, said the laptop");
        rename(&phone, shared, "shared, said the phone");
        settle(&laptop);
        self.server.crash();
        self.acknowledged.remove("shared");
        self.acknowledged.insert("shared, said the laptop".to_owned());
        self.converge(&[&phone, &laptop]);
        let found = block_on(laptop.item(shared)).unwrap();
        let late = found.item.history.iter().find(|past| past.late).unwrap();
        assert_eq!(late.expose_text(), Some("shared, said the phone"));

        self.revoke(&laptop, phone.home().device);
        self.server.crash();
        let told = block_on(phone.sync());
        assert!(matches!(told, Err(Error::Ended(_) | Error::Refused { .. })), "{told:?}");
        self.add(&laptop, "after the phone");
        self.server.crash();
        settle(&laptop);
        self.server.crash();
        let tablet = self.pair(&laptop, &on_tablet);
        self.converge(&[&laptop, &tablet]);
        drop(tablet);
        assert_eq!(titles(&on_tablet.session()), self.acknowledged, "it is all on the disk");
    }

    fn add(&mut self, session: &Phone, title: &str) -> ItemId {
        let note = Note { title: title.to_owned(), text: SecretText::new("text".to_owned()), ..Note::default() };
        let id = block_on(session.add(ItemDraft::Note(note))).unwrap();
        self.acknowledged.insert(title.to_owned());
        id
    }

    /// Pairs while the server dies after every other message; a try that this ended is done again.
    fn pair(&mut self, member: &Phone, device: &Device) -> Phone {
        let url = self.server.url().parse().unwrap();
        for _ in 0..TRIES {
            let mut pairing = block_on(member.pair()).unwrap();
            self.server.crash();
            let code = pairing.code().parse().unwrap();
            let mut joining = block_on(device.vacant().join(&code, &url, passphrase(), "another")).unwrap();
            for poll in 0..TRIES as u64 {
                match block_on(pairing.poll(member)) {
                    Ok(PairStage::Confirm { .. }) => pairing.dangerous_confirm_unasked().unwrap(),
                    Err(Error::Pairing(_)) => break,
                    _ => {}
                }
                if (poll + self.round).is_multiple_of(2) {
                    self.server.crash();
                }
                match block_on(joining.poll()) {
                    Ok(JoinStage::Done(session)) => return *session,
                    Err(Error::Pairing(_)) => break,
                    _ => {}
                }
            }
        }
        panic!("the pairing does not end");
    }

    /// Revokes while the server dies in the middle of it, until it is done.
    fn revoke(&mut self, session: &Phone, device: DeviceId) {
        for attempt in 0..TRIES as u64 {
            let revocation = Revocation {
                devices: vec![device],
                keep: Vec::new(),
                reason: RevokeReason::Lost,
                keep_slots: Vec::new(),
            };
            let delay = Duration::from_millis(self.round * 4 + attempt * 7);
            let _ = self.server.crash_during(delay, || block_on(session.revoke(revocation)));
            settle(session);
            let devices = block_on(session.devices()).unwrap();
            let revoked = devices.iter().find(|each| each.id == device).unwrap();
            if matches!(revoked.status, DeviceStatus::Revoked { .. }) && !session.is_resealing().unwrap() {
                return;
            }
        }
        panic!("the revocation does not end");
    }

    /// Syncs until everyone has seen everyone, and compares.
    fn converge(&self, sessions: &[&Phone]) {
        for _ in 0..2 {
            sessions.iter().for_each(|session| settle(session));
        }
        for session in sessions {
            assert_eq!(titles(session), self.acknowledged);
            assert_eq!(session.pending().unwrap(), 0);
        }
    }
}

const TRIES: usize = 30;

/// Syncs until the server has everything; what dies in between is asked again.
fn settle(session: &Phone) {
    for _ in 0..TRIES {
        match block_on(session.sync()) {
            Ok(synced) if synced.pending == 0 => return,
            Ok(_) | Err(Error::Unreachable(_) | Error::NotAServer | Error::Refused { .. }) => {
                thread::sleep(Duration::from_millis(20));
            }
            Err(error) => panic!("{error:?}"),
        }
    }
    panic!("the sync does not end");
}

fn rename(session: &Phone, item: ItemId, title: &str) {
    block_on(session.change(item, &[Change::Title(title.to_owned())])).unwrap();
}

fn titles(session: &Phone) -> BTreeSet<String> {
    let items = block_on(session.list()).unwrap();
    let titles: BTreeSet<_> = items.iter().map(|item| item.title.clone()).collect();
    assert_eq!(titles.len(), items.len(), "nothing is there twice");
    titles
}
