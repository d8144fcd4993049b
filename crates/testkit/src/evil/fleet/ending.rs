//! The server turns honest: whoever is a member carries on at one history, and nothing is lost.

use std::collections::BTreeMap;

use pollster::block_on;
use roamkey_client::{Error, Synced};
use roamkey_proto::problem::Problem;
use roamkey_trust::{
    Log,
    evidence::{self, Verdict},
};

use super::{EXCHANGES, Fleet, Tally, Typed, deeds::title_of};

impl Fleet<'_> {
    /// Ends the fleet.
    pub(super) fn end(mut self) -> Tally {
        self.say("the server turns honest");
        self.world.server.turn_honest();
        let endings = self.settle();
        let resumed: Vec<_> = self.present().into_iter().filter(|device| carries_on(&endings[device])).collect();
        self.tally.devices = self.world.len();
        match resumed.first() {
            Some(&witness) => self.judge(witness, &resumed, &endings),
            // Each of them holds another history against the one that is shown now.
            None => assert!(self.has_twisted, "nobody carries on: {endings:?}"),
        }
        self.present().into_iter().for_each(|device| self.assert_nobody_honest_is_blamed(device));
        self.world.assert_canaries_unseen();
        self.tally
    }

    /// Has everyone meet the server until nothing is left to do; what waits for somebody else's word waits days.
    fn settle(&mut self) -> BTreeMap<usize, Result<Synced, Error>> {
        let mut endings = BTreeMap::new();
        for round in 0..ROUNDS {
            self.world.server.allow(EXCHANGES);
            self.keep();
            for device in self.present() {
                endings.insert(device, self.sync(device));
            }
            if round % 3 == 1 {
                self.revoke_the_lost(&endings);
                self.world.pass_millis(DAY_MS);
            }
        }
        endings
    }

    fn revoke_the_lost(&mut self, endings: &BTreeMap<usize, Result<Synced, Error>>) {
        let by = endings.iter().find(|(device, ending)| carries_on(ending) && !self.lost.contains(device));
        let Some(by) = by.map(|(device, _)| *device) else { return };
        let log = self.log(by);
        for victim in self.lost.clone() {
            if log.active_member(self.world.id(victim)).is_some() {
                self.world.server.allow(EXCHANGES);
                self.revoke_this(by, victim);
            }
        }
    }

    fn judge(&mut self, witness: usize, resumed: &[usize], endings: &BTreeMap<usize, Result<Synced, Error>>) {
        let log = self.log(witness);
        let (head, vault) = self.world.pins(witness);
        (self.tally.entries, self.tally.commits) = (head.seq, vault.seq);
        for &device in endings.keys() {
            let is_member = log.active_member(self.world.id(device)).is_some();
            if resumed.contains(&device) {
                assert!(is_member, "device {device} carries on and is no member");
                assert_eq!(self.world.pins(device), (head, vault), "devices {witness} and {device} are apart");
            } else if is_member {
                self.assert_may_stay_apart(device, &endings[&device]);
            }
        }
        resumed.iter().for_each(|device| self.assert_nothing_is_lost(*device));
        self.world.assert_recipients_are_members(witness);
        self.world.assert_nothing_opens(witness);
    }

    /// A member that does not carry on says why, and only two histories are a reason. To a history from before it drew new keys
    /// it cannot even sign in; nobody can give that back who never saw them.
    fn assert_may_stay_apart(&mut self, device: usize, ending: &Result<Synced, Error>) {
        self.tally.apart += 1;
        let has_reason = match ending {
            Err(Error::Distrust(_) | Error::Ended(_)) => true,
            Err(Error::Refused { problem: Problem::Unauthorized, .. }) => self.renewed.contains(&device),
            _ => false,
        };
        assert!(self.has_twisted && has_reason, "device {device} is a member and does not carry on: {ending:?}");
    }

    /// What was typed on a device that carries on is in its item, in the history there, or was replaced by somebody who saw
    /// it; or the person was told that it came to nothing.
    fn assert_nothing_is_lost(&mut self, device: usize) {
        let unapplied = block_on(self.world.session(device).unapplied()).expect("a device reads what is left");
        for Typed { item, title, .. } in self.typed.iter().filter(|typed| typed.device == device) {
            if self.purged.contains(item) || self.replaced.contains(&(*item, title.clone())) {
                continue;
            }
            let is_told = unapplied.iter().flat_map(|change| &change.texts).any(|(_, text)| text.expose() == title);
            let found = block_on(self.world.session(device).item(*item)).ok();
            let is_kept = found.is_some_and(|found| {
                let is_late = found.item.history.iter().any(|replaced| replaced.expose_text() == Some(title));
                self.tally.late += usize::from(is_late);
                is_late || title_of(&found.item) == Some(title)
            });
            assert!(is_told || is_kept, "`{title}`, typed on device {device} into item {item}, is lost");
        }
    }

    /// What a device kept as evidence speaks against the server, where that did show two histories, or against nobody.
    fn assert_nobody_honest_is_blamed(&self, device: usize) {
        let Ok(Some(file)) = block_on(self.world.session(device).export_evidence()) else { return };
        let evidence = evidence::read(&file).expect("evidence of this version");
        match evidence::judge(&evidence) {
            Ok(Verdict::Divergence) => {}
            Ok(Verdict::ServerEquivocated { .. }) if self.has_twisted => {}
            other => panic!("device {device} blames whoever is honest: {other:?}"),
        }
    }

    fn log(&self, device: usize) -> Log {
        block_on(self.world.session(device).log()).expect("a log that verifies")
    }
}

fn carries_on(ending: &Result<Synced, Error>) -> bool {
    matches!(ending, Ok(synced) if synced.waiting.is_none() && synced.pending == 0)
}

/// Meetings of each device in the end: some wait for another device, and that for a third.
const ROUNDS: usize = 9;

/// After this long others do what one had begun.
const DAY_MS: u64 = 25 * 60 * 60 * 1000;
