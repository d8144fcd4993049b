//! The model says of an entry what the real log says, for honest ones and for those that break a rule.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use chacha20::{ChaCha20Rng, rand_core::SeedableRng};
use rand_core::Rng;
use roamkey_models::{Chain, Device, Devices, Entry, Opened, Operation};
use roamkey_proto::{
    AddDevice, Bundle, DeviceId, DeviceKeys, EntryId, EntryWrap, EpochHeader, Genesis, KemPublicKey, Label, Op,
    Recipient, RevokeDevices, RevokeReason, Time, VERSION, Via, cbor,
};
use roamkey_trust::{IdentityKey, Log, SignIdentity, SignWrite, WriteKey, possession, possession::Place, sign1};

const DEVICES: u8 = 5;
const NOW: Time = Time(1_800_000_000_000);

#[test]
fn the_model_and_the_log_take_the_same_entries() {
    let mut rng = ChaCha20Rng::seed_from_u64(31);
    let people: Vec<Person> = (0..DEVICES).map(|_| Person::make(&mut rng)).collect();
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..60 {
        let founder = Devices::of([0]);
        let found = Entry { author: 0, operation: Operation::Found, epoch: Some(Opened { base: 0, fits: founder }) };
        let mut log = Log::open_whole_genesis(&bundle(None, &Chain::default(), &found, &people)).unwrap();
        let mut chain = Chain::default();
        assert!(chain.append(found));
        for _ in 0..40 {
            let entry = some_entry(&chain, &mut rng);
            let real = log.append_whole(&bundle(Some(&log), &chain, &entry, &people)).map(|_| ());
            assert_eq!(chain.append(entry.clone()), real.is_ok(), "{entry:?} after {chain:?}: {real:?}");
            if real.is_ok() {
                taken += 1
            } else {
                refused += 1
            }
            let active = chain.active();
            let members = log.active().map(|(id, _)| id).collect::<std::collections::BTreeSet<_>>();
            assert_eq!(
                active.iter().map(|device| id(&people, device)).collect::<std::collections::BTreeSet<_>>(),
                members
            );
            assert_eq!(u64::from(chain.epochs()), log.epoch());
        }
    }
    assert!(taken > 200 && refused > 200, "{taken} taken and {refused} refused say too little");
}

/// The keys of a device.
struct Person {
    identity: IdentityKey,
    write: WriteKey,
    keys: DeviceKeys,
}

impl Person {
    fn make(rng: &mut ChaCha20Rng) -> Self {
        let (identity, write) = (IdentityKey::make(rng), WriteKey::make(rng));
        let mut kem = [0; KemPublicKey::LEN];
        rng.fill_bytes(&mut kem);
        let keys = DeviceKeys { identity: identity.public(), write: write.public(), kem: KemPublicKey::new(kem) };
        Self { identity, write, keys }
    }
}

fn id(people: &[Person], device: Device) -> DeviceId {
    people.get(usize::from(device)).unwrap().keys.device_id()
}

/// An entry that may break any rule, and often none.
fn some_entry(chain: &Chain, rng: &mut ChaCha20Rng) -> Entry {
    let active: Vec<Device> = chain.active().iter().collect();
    let author = if below(rng, 8) == 0 { device(rng) } else { *pick(&active, rng) };
    let operation = match below(rng, 10) {
        0..4 => Operation::Add(device(rng)),
        4..7 => {
            let devices = match below(rng, 3) {
                0 => Devices::of([device(rng), device(rng)]),
                _ => Devices::of([*pick(&active, rng)]),
            };
            let added = chain.added_through(devices);
            let named = Devices::of(devices.iter().chain(added.iter()));
            match below(rng, 4) {
                0 => Operation::Revoke { devices, keep: Devices::of([device(rng)]) },
                1 => Operation::Revoke { devices, keep: Devices::default() },
                2 => Operation::Revoke { devices, keep: added },
                _ => Operation::Revoke { devices: named, keep: Devices::default() },
            }
        }
        7 => Operation::Leave,
        _ => Operation::Rotate,
    };
    let newest = chain.epochs();
    let base = if below(rng, 3) == 0 { u8::try_from(below(rng, usize::from(newest) + 1)).unwrap() } else { newest };
    let opens = (operation != Operation::Leave) != (below(rng, 20) == 0);
    Entry { author, operation, epoch: opens.then_some(Opened { base, fits: Devices::default() }) }
}

/// The entry as its author would sign it, whoever they are and whatever it says.
fn bundle(log: Option<&Log>, chain: &Chain, entry: &Entry, people: &[Person]) -> Bundle {
    let author = people.get(usize::from(entry.author)).unwrap();
    let founds = Genesis { device: author.keys.clone(), salt: [7; 32] };
    let account = log.map_or_else(|| founds.account_id(), Log::account);
    let (seq, prev) = log.map_or((1, EntryId::NONE), |log| (log.head().seq + 1, EntryId::new(log.head().id)));
    let op = match &entry.operation {
        Operation::Found => Op::Genesis(founds),
        Operation::Add(device) => {
            let newcomer = people.get(usize::from(*device)).unwrap();
            let place = Place { account, prev, device: newcomer.keys.device_id() };
            let possession = possession::sign(&place, &newcomer.keys, &newcomer.identity, &newcomer.write);
            Op::AddDevice(AddDevice { device: newcomer.keys.clone(), possession, via: Via::Pairing, request: None })
        }
        Operation::Revoke { devices, keep } => Op::RevokeDevices(RevokeDevices {
            devices: ids(people, *devices),
            keep: ids(people, *keep),
            reason: RevokeReason::Lost,
            slots: Vec::new(),
            keep_slots: Vec::new(),
        }),
        Operation::Leave => Op::Leave,
        Operation::Rotate => Op::Rotate,
    };
    let header = entry.epoch.as_ref().map(|opened| {
        let first = log.is_none();
        let recipients = ids(people, chain.active_after(entry));
        EpochHeader {
            version: VERSION,
            account,
            epoch: u64::from(chain.epochs()) + 1,
            seq,
            prev,
            commitment: [9; 32],
            previous: (!first).then(|| vec![8; 48]),
            tie: (!first).then(|| vec![6; 32]),
            recipients: recipients
                .iter()
                .map(|device| Recipient { device: *device, wrap: wrapped(*device).1 })
                .collect(),
            base: (opened.base != chain.epochs()).then_some(u64::from(opened.base)),
        }
    });
    let wraps = header.iter().flat_map(|header| &header.recipients);
    let wraps = wraps.map(|to| EntryWrap { recipient: to.device, wrap: wrapped(to.device).0 }).collect();
    let bytes = header.as_ref().map(cbor::encode);
    let signed = roamkey_proto::Entry {
        version: VERSION,
        account,
        seq,
        prev,
        author: author.keys.device_id(),
        time: NOW,
        min_suite: log.map_or(1, Log::min_suite),
        op,
        epoch: bytes.as_deref().map(EpochHeader::hash_of),
    };
    let signature = sign1::sign_by_identity(Label::Entry, signed.author, cbor::encode(&signed), &author.identity);
    Bundle { entry: signature, header: bytes, wraps }
}

/// Stands for a wrapped key, which the log does not open, with its hash.
fn wrapped(device: DeviceId) -> (Vec<u8>, roamkey_proto::WrapHash) {
    let wrap = device.as_bytes().to_vec();
    let hash = Recipient::hash_of(&wrap);
    (wrap, hash)
}

fn ids(people: &[Person], devices: Devices) -> Vec<DeviceId> {
    let mut ids: Vec<_> = devices.iter().map(|device| id(people, device)).collect();
    ids.sort_unstable();
    ids
}

fn device(rng: &mut ChaCha20Rng) -> Device {
    u8::try_from(below(rng, usize::from(DEVICES))).unwrap()
}

fn pick<'a, T>(values: &'a [T], rng: &mut ChaCha20Rng) -> &'a T {
    values.get(below(rng, values.len())).unwrap()
}

fn below(rng: &mut ChaCha20Rng, end: usize) -> usize {
    usize::try_from(rng.next_u64() % end as u64).unwrap()
}
