//! Devices with keys made from a number. What only a holder of epoch keys could check is made up.

use roamkey_proto::{
    AccountId, AddDevice, DeviceId, DeviceKeys, EntryId, EntryWrap, EpochHeader, KemPublicKey, Nonce, Op, Recipient,
    RenewKeys, RevokeDevices, RevokeReason, SessionProof, Time, VERSION, Via, cbor,
};
use roamkey_trust::{
    Draft, IdentityKey, Log, NextEpoch, SignIdentity, SignWrite, WriteKey,
    possession::{self, Place},
    session,
};

pub(crate) const NOW: Time = Time(1_800_000_000_000);

pub(crate) struct Device {
    pub(crate) identity: IdentityKey,
    pub(crate) write: WriteKey,
    pub(crate) keys: DeviceKeys,
    pub(crate) id: DeviceId,
}

impl Device {
    pub(crate) fn new(number: u8) -> Self {
        let identity = IdentityKey::from_bytes(&[number; 32]).unwrap();
        let write = WriteKey::from_bytes(&[number; 32]);
        let kem = KemPublicKey::new([number; KemPublicKey::LEN]);
        let keys = DeviceKeys { identity: identity.public(), write: write.public(), kem };
        Self { identity, write, id: keys.device_id(), keys }
    }

    /// The same device once it has renewed its keys.
    pub(crate) fn renewed(&self, number: u8) -> Self {
        let Self { write, keys, .. } = Self::new(number);
        let identity = IdentityKey::from_bytes(&self.identity.expose_bytes()).unwrap();
        Self { keys: DeviceKeys { identity: identity.public(), ..keys }, identity, write, id: self.id }
    }

    pub(crate) fn joins(&self, log: &Log) -> Op {
        let possession = possession::sign(&self.place(log), &self.keys, &self.identity, &self.write);
        Op::AddDevice(AddDevice { device: self.keys.clone(), possession, via: Via::Pairing, request: None })
    }

    pub(crate) fn renews(&self, log: &Log) -> Op {
        let possession = possession::sign(&self.place(log), &self.keys, &self.identity, &self.write);
        Op::RenewKeys(RenewKeys { write: self.keys.write.clone(), kem: self.keys.kem.clone(), possession })
    }

    pub(crate) fn revokes(devices: &[&Self]) -> Op {
        Self::revokes_but_keeps(devices, &[])
    }

    pub(crate) fn revokes_but_keeps(devices: &[&Self], keep: &[&Self]) -> Op {
        let sorted = |devices: &[&Self]| {
            let mut devices: Vec<_> = devices.iter().map(|device| device.id).collect();
            devices.sort_unstable();
            devices
        };
        let (devices, keep) = (sorted(devices), sorted(keep));
        Op::RevokeDevices(RevokeDevices {
            devices,
            keep,
            reason: RevokeReason::Lost,
            slots: Vec::new(),
            keep_slots: Vec::new(),
        })
    }

    pub(crate) fn proof(&self, account: AccountId, origin: &str, challenge: Nonce) -> Vec<u8> {
        let proof = SessionProof { version: VERSION, origin: origin.to_owned(), account, member: self.id, challenge };
        session::sign(&proof, &self.write)
    }

    fn place(&self, log: &Log) -> Place {
        Place { account: log.account(), prev: EntryId::new(log.head().id), device: self.id }
    }
}

/// Signs what was drafted, with a header and wraps that only look like it.
pub(crate) fn finish(draft: Draft, author: &Device) -> roamkey_proto::Bundle {
    let epoch = draft.next_epoch().map(header_and_wraps);
    draft.finish(epoch, &author.identity)
}

/// As [`finish`], by a recovery authority.
pub(crate) fn finish_recovery(draft: Draft, author: &WriteKey) -> roamkey_proto::Bundle {
    let epoch = draft.next_epoch().map(header_and_wraps);
    draft.finish_recovery(epoch, author)
}

fn header_and_wraps(next: &NextEpoch) -> (Vec<u8>, Vec<EntryWrap>) {
    let wraps: Vec<_> = next
        .recipients
        .keys()
        .map(|&recipient| EntryWrap { recipient, wrap: [recipient.as_bytes().as_slice(); 35].concat() })
        .collect();
    let later = next.epoch > 1;
    let header = EpochHeader {
        version: VERSION,
        account: next.account,
        epoch: next.epoch,
        seq: next.seq,
        prev: next.prev,
        commitment: [5; 32],
        previous: later.then(|| vec![6; 48]),
        tie: later.then(|| vec![7; 32]),
        recipients: wraps
            .iter()
            .map(|wrap| Recipient { device: wrap.recipient, wrap: Recipient::hash_of(&wrap.wrap) })
            .collect(),
        base: None,
    };
    (cbor::encode(&header), wraps)
}
