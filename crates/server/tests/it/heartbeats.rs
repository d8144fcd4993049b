use roamkey_proto::{
    Heartbeat, Pin, VERSION,
    api::{Accepted, Heartbeats, SignedHeartbeat},
    problem::Problem,
};
use roamkey_trust::heartbeat;

use crate::{
    account::Account,
    device::{Device, NOW},
    server::TestServer,
};

#[test]
fn the_latest_heartbeat_of_each_active_device_is_there() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    let (founder, second) = (Device::new(1), Device::new(2));
    let added = account.extend(second.joins(&account.log), &founder);
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &added).ok();
    let others = server.client.sign_in(account.id(), &second);
    let path = account.path("heartbeats");
    for (device, token, vault) in [(&founder, &token, 1), (&second, &others, 1), (&founder, &token, 2)] {
        assert_eq!(server.client.post(&path, Some(token), &beat(&account, device, vault)).status, 204);
    }
    let mut expected = vec![(founder.id, beat(&account, &founder, 2)), (second.id, beat(&account, &second, 1))];
    expected.sort_by_key(|(device, _)| *device);
    let kept: Heartbeats = server.client.get(&path, Some(&others)).ok();
    assert_eq!(kept.heartbeats, expected.into_iter().map(|(_, beat)| beat).collect::<Vec<_>>());

    let revoked = account.extend(Device::revokes(&[&second]), &founder);
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &revoked).ok();
    let kept: Heartbeats = server.client.get(&path, Some(&token)).ok();
    assert_eq!(kept.heartbeats, [beat_of(&kept)]);
}

#[test]
fn a_heartbeat_is_the_word_of_its_own_device() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    let (founder, second) = (Device::new(1), Device::new(2));
    let added = account.extend(second.joins(&account.log), &founder);
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &added).ok();
    let mut broken = beat(&account, &founder, 1);
    *broken.signed.last_mut().unwrap() ^= 1;
    for wrong in [beat(&account, &second, 1), beat(&Account::new(2), &founder, 1), broken] {
        let answer = server.client.post(&account.path("heartbeats"), Some(&token), &wrong);
        assert_eq!(answer.problem(), Problem::Invalid);
    }
    let kept: Heartbeats = server.client.get(&account.path("heartbeats"), Some(&token)).ok();
    assert!(kept.heartbeats.is_empty());
}

fn beat(account: &Account, device: &Device, vault: u64) -> SignedHeartbeat {
    let heartbeat = Heartbeat {
        version: VERSION,
        account: account.id(),
        device: device.id,
        time: NOW,
        log: account.log.head(),
        vault: Pin { seq: vault, id: [3; 32] },
        epoch: account.log.epoch(),
        log_receipt: None,
        vault_receipt: None,
    };
    SignedHeartbeat { signed: heartbeat::sign(&heartbeat, &device.write) }
}

fn beat_of(kept: &Heartbeats) -> SignedHeartbeat {
    kept.heartbeats[0].clone()
}
