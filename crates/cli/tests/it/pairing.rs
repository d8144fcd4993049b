//! Pairings that meet a log that goes on, or a newcomer that vanishes.

use pollster::block_on;
use roamkey_cli::machine::Machine;
use roamkey_client::{
    Error, Revocation, Session,
    pairing::{JoinStage, Joining, PairStage, Pairing},
};
use roamkey_proto::RevokeReason;

use super::stage::{Device, Server, passphrase};

/// A pairing and both of its sides.
struct Both<'m> {
    member: &'m Session<Machine>,
    pairing: Pairing,
    joining: Joining<Machine>,
}

impl<'m> Both<'m> {
    fn begin(member: &'m Session<Machine>, newcomer: &Device, server: &Server) -> Self {
        let pairing = block_on(member.pair()).unwrap();
        let (code, url) = (pairing.code().parse().unwrap(), server.url().parse().unwrap());
        let joining = block_on(newcomer.vacant().join(&code, &url, passphrase(), "newcomer")).unwrap();
        Self { member, pairing, joining }
    }

    /// Goes on until the member is to be asked.
    fn ask(&mut self) {
        for _ in 0..POLLS {
            if matches!(block_on(self.pairing.poll(self.member)).unwrap(), PairStage::Confirm { .. }) {
                return;
            }
            assert!(!matches!(block_on(self.joining.poll()).unwrap(), JoinStage::Done(_)));
        }
        panic!("nobody is asked");
    }

    fn confirm(&mut self) {
        self.pairing.dangerous_confirm_unasked().unwrap();
    }

    /// Goes on until the newcomer is in; tells how often it showed its emoji.
    fn end(mut self) -> Session<Machine> {
        for _ in 0..POLLS {
            block_on(self.pairing.poll(self.member)).unwrap();
            if let JoinStage::Done(session) = block_on(self.joining.poll()).unwrap() {
                return *session;
            }
        }
        panic!("the pairing does not end");
    }
}

const POLLS: usize = 50;

#[test]
fn a_log_that_goes_on_during_a_pairing_makes_the_newcomer_give_its_word_again() {
    let server = Server::start();
    let laptop = Device::founder(&server);
    let phone = Device::joined(&laptop, &server, "phone");
    let old = Device::joined(&laptop, &server, "old");
    laptop.ok(&["add", "note", "--title", "plan", "--text", "x"]);
    let (tablet, member) = (Device::new(), laptop.session());
    block_on(member.sync()).unwrap();

    let mut both = Both::begin(&member, &tablet, &server);
    both.ask();
    phone.ok(&["revoke", "old"]);
    both.confirm();
    let stage = block_on(both.pairing.poll(&member)).unwrap();
    assert!(matches!(stage, PairStage::Admitting), "not in: its word was for an older log");
    assert_eq!(block_on(member.log()).unwrap().head().seq, 4, "the revocation came first");
    let newcomer = both.end();

    block_on(newcomer.sync()).unwrap();
    assert_eq!(block_on(newcomer.list()).unwrap()[0].title, "plan");
    let log = block_on(newcomer.log()).unwrap();
    assert_eq!(log.head().seq, 5);
    assert!(log.active_member(newcomer.home().device).is_some());
    drop(old);
}

#[test]
fn a_newcomer_that_vanishes_before_it_hears_of_it_keeps_nothing_and_joins_anew() {
    let server = Server::start();
    let laptop = Device::founder(&server);
    let (phone, member) = (Device::new(), laptop.session());
    let mut both = Both::begin(&member, &phone, &server);
    both.ask();
    both.confirm();
    assert!(matches!(block_on(both.pairing.poll(&member)).unwrap(), PairStage::Done { .. }));
    drop(both);

    let newcomer = join(&member, &phone, &server);
    assert_eq!(block_on(member.log()).unwrap().active().count(), 3, "the one that vanished is one as well");
    let ghost = block_on(member.devices())
        .unwrap()
        .into_iter()
        .find(|device| !device.is_current && device.id != newcomer.home().device);
    let devices = vec![ghost.unwrap().id];
    block_on(member.revoke(Revocation {
        devices,
        keep: Vec::new(),
        reason: RevokeReason::Retired,
        keep_slots: Vec::new(),
    }))
    .unwrap();
    block_on(newcomer.sync()).unwrap();
    assert_eq!(block_on(newcomer.log()).unwrap().active().count(), 2);
}

#[test]
fn a_device_that_was_reset_joins_anew() {
    let server = Server::start();
    let laptop = Device::founder(&server);
    laptop.ok(&["add", "note", "--title", "plan", "--text", "x"]);
    let (phone, member) = (Device::new(), laptop.session());
    let first = join(&member, &phone, &server);
    let lost = first.home().device;
    block_on(first.reset()).unwrap();
    assert!(matches!(block_on(first.sync()), Err(Error::Locked)));
    drop(first);

    let again = join(&member, &phone, &server);
    assert_ne!(again.home().device, lost, "its keys are new");
    block_on(again.sync()).unwrap();
    assert_eq!(block_on(again.list()).unwrap()[0].title, "plan");
}

fn join(member: &Session<Machine>, newcomer: &Device, server: &Server) -> Session<Machine> {
    let mut both = Both::begin(member, newcomer, server);
    both.ask();
    both.confirm();
    both.end()
}
