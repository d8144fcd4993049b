//! Random histories and hostile bytes.

use std::collections::BTreeMap;

use proptest::prelude::*;
use roamkey_proto::{Bundle, DeviceId, EpochHeader, Op, ReceiptKey};

use crate::{
    Log, commit,
    fixture::{Device, extend, forge, founded, revoke},
    receipt,
    session::UnverifiedProof,
};

/// What someone might do next; numbers choose among the devices there are.
#[derive(Clone, Debug)]
enum Step {
    Add(usize),
    Revoke { author: usize, target: usize, keep: bool },
    Leave(usize),
    Rotate(usize),
    Renew(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let device = || 0..16_usize;
    let revocation = (device(), device(), any::<bool>());
    prop_oneof![
        3 => device().prop_map(Step::Add),
        1 => revocation.prop_map(|(author, target, keep)| Step::Revoke { author, target, keep }),
        1 => device().prop_map(Step::Leave),
        1 => device().prop_map(Step::Rotate),
        1 => device().prop_map(Step::Renew),
    ]
}

/// The plain reference: who is active with which keys, and how many epochs there were.
struct Model {
    active: BTreeMap<DeviceId, Device>,
    added_by: BTreeMap<DeviceId, DeviceId>,
    epochs: u64,
    owed: bool,
    fresh: u8,
}

impl Model {
    fn pick(&self, choice: usize) -> &Device {
        self.active.values().nth(choice % self.active.len()).unwrap()
    }

    fn fresh(&mut self) -> u8 {
        self.fresh += 1;
        self.fresh
    }

    fn planted_by(&self, device: DeviceId) -> Vec<DeviceId> {
        let above = |id: &DeviceId| std::iter::successors(Some(*id), |id| self.added_by.get(id).copied()).skip(1);
        self.active.keys().copied().filter(|id| above(id).any(|by| by == device)).collect()
    }

    /// Does a step, where it can be done, in the log and in the model.
    fn play(&mut self, log: &mut Log, step: &Step) -> Option<Bundle> {
        let bundle = match *step {
            Step::Add(author) => self.add(log, author),
            Step::Revoke { author, target, keep } => self.revoke(log, author, target, keep)?,
            Step::Leave(author) => return self.leave(log, author),
            Step::Rotate(author) => extend(Op::Rotate, log, self.pick(author)),
            Step::Renew(author) => self.renew(log, author),
        };
        self.epochs += 1;
        self.owed = false;
        Some(bundle)
    }

    fn add(&mut self, log: &mut Log, author: usize) -> Bundle {
        let newcomer = Device::new(self.fresh());
        let author = self.pick(author);
        let bundle = extend(newcomer.joins(log), log, author);
        self.added_by.insert(newcomer.id, author.id);
        self.active.insert(newcomer.id, newcomer);
        bundle
    }

    fn revoke(&mut self, log: &mut Log, author: usize, target: usize, keep: bool) -> Option<Bundle> {
        let (author, target) = (self.pick(author), self.pick(target).id);
        let mut planted = self.planted_by(target);
        if author.id == target || (!keep && planted.contains(&author.id)) {
            return None;
        }
        let (devices, keep) = if keep {
            (vec![target], planted)
        } else {
            planted.push(target);
            (planted, vec![])
        };
        let bundle = extend(revoke(&devices, &keep), log, author);
        self.active.retain(|id, _| !devices.contains(id));
        Some(bundle)
    }

    fn leave(&mut self, log: &mut Log, author: usize) -> Option<Bundle> {
        if self.active.len() == 1 || self.owed {
            return None;
        }
        let author = self.pick(author).id;
        let gone = self.active.remove(&author).unwrap();
        self.owed = true;
        Some(extend(Op::Leave, log, &gone))
    }

    fn renew(&mut self, log: &mut Log, author: usize) -> Bundle {
        let number = self.fresh();
        let author = self.pick(author);
        let renewed = author.renewed(number);
        let bundle = extend(renewed.renews(log), log, author);
        self.active.insert(renewed.id, renewed);
        bundle
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn honest_histories_replay_to_the_same_state(steps in prop::collection::vec(step(), 0..20)) {
        let (mut log, genesis, founder) = founded();
        let active = BTreeMap::from([(founder.id, founder)]);
        let mut model = Model { active, added_by: BTreeMap::new(), epochs: 1, owed: false, fresh: 1 };
        let mut bundles = vec![genesis];
        for step in &steps {
            bundles.extend(model.play(&mut log, step));
            prop_assert!(log.active().map(|(id, _)| id).eq(model.active.keys().copied()));
            prop_assert!(log.active().all(|(id, member)| *member.keys() == model.active[&id].keys));
            prop_assert_eq!((log.epoch(), log.owes_epoch()), (model.epochs, model.owed));
        }
        prop_assert_eq!(&Log::replay(&bundles).unwrap(), &log);
        prop_assert_eq!(&Log::resume(&bundles, &log.head()).unwrap(), &log);
    }
}

proptest! {
    #[test]
    fn hostile_bytes_are_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let (log, _, _) = founded();
        prop_assert!(commit::verify(&bytes, &log).is_err());
        prop_assert!(receipt::verify(&bytes, &ReceiptKey([3; 32])).is_err());
        prop_assert!(UnverifiedProof::parse(&bytes).is_err());
        let bundle = Bundle { entry: bytes.clone(), header: Some(bytes), wraps: Vec::new() };
        prop_assert!(Log::open_genesis(&bundle).is_err());
        prop_assert!(log.clone().append(&bundle).is_err());
    }

    #[test]
    fn hostile_headers_are_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let (log, _, founder) = founded();
        let hash = EpochHeader::hash_of(&bytes);
        let mut bundle = forge(&log, Op::Rotate, &founder, |entry| entry.epoch = Some(hash), |_| {});
        bundle.header = Some(bytes);
        prop_assert!(log.clone().append(&bundle).is_err());
    }
}
