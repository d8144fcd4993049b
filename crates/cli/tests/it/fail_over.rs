//! A database that dies under load, and a standby that takes its place: real devices, two instances
//! of the server, PostgreSQL with synchronous replication.

use std::{
    collections::BTreeSet,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

use pollster::block_on;
use roamkey_client::{Error, ItemDraft};
use roamkey_test_services::Cluster;
use roamkey_vault::item::Login;

use crate::stage::{Device, Server};

#[test]
fn no_acknowledged_change_is_lost_when_the_primary_dies() {
    play(2, 3);
}

#[test]
#[ignore = "takes minutes: cargo xtask long ha"]
fn ha_again_and_again() {
    for round in 0..10 {
        play(4, 5 + 7 * round);
    }
}

/// Lets devices write, kills the primary once each has had so many changes acknowledged, promotes
/// the standby, and lets them go on for as many.
fn play(devices: usize, changes: usize) {
    let primary = Cluster::start_with(&[]).unwrap();
    let database = primary.database_url().unwrap().rsplit('/').next().unwrap().to_owned();
    let standby = primary.standby("follower", &[]).unwrap();
    primary.wait_for_standby("follower").unwrap();
    let hosts = [&primary, &standby].map(|cluster| cluster.host().display().to_string().replace('/', "%2F")).join(",");
    let server = Server::start_on(format!("postgres://postgres@{hosts}/{database}"));
    let devices: Vec<_> = (0..devices).map(|_| Device::founder(&server)).collect();

    let enough = AtomicBool::new(false);
    let histories: Vec<_> = thread::scope(|scope| {
        let writers: Vec<_> = devices
            .iter()
            .map(|device| {
                let ((tell, heard), enough) = (channel(), &enough);
                (heard, scope.spawn(move || write(device, &tell, enough)))
            })
            .collect();
        wait(writers.iter().map(|(heard, _)| heard), changes);
        primary.kill().unwrap();
        standby.promote().unwrap();
        wait(writers.iter().map(|(heard, _)| heard), changes);
        enough.store(true, Ordering::Relaxed);
        writers.into_iter().map(|(_, writer)| writer.join().unwrap()).collect()
    });

    for (device, history) in devices.iter().zip(histories) {
        device.ok(&["sync"]);
        let newcomer = Device::joined(device, &server, "newcomer");
        newcomer.ok(&["sync"]);
        let there: BTreeSet<_> = newcomer.titles().into_iter().collect();
        let lost: Vec<_> = history.acknowledged.iter().filter(|title| !there.contains(*title)).collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
        assert!(device.titles().iter().all(|title| there.contains(title)), "devices differ");
    }
}

/// What a writer knows.
#[derive(Default)]
struct History {
    /// What the server had taken, by its receipts.
    acknowledged: Vec<String>,
}

/// Writes until it is enough. Any error but that the server is away for a while is an alarm, and a false one.
fn write(device: &Device, tell: &Sender<()>, enough: &AtomicBool) -> History {
    let session = device.session();
    let (mut history, mut unacknowledged) = (History::default(), Vec::new());
    for number in 0.. {
        if enough.load(Ordering::Relaxed) {
            break;
        }
        let title = format!("site {number}");
        block_on(session.add(ItemDraft::Login(Login { title: title.clone(), ..Login::default() }))).unwrap();
        unacknowledged.push(title);
        match block_on(session.sync()) {
            Ok(_) if session.pending().unwrap() == 0 => {
                history.acknowledged.append(&mut unacknowledged);
                // Nobody listens any more at the very end.
                let _ = tell.send(());
            }
            Ok(_) | Err(Error::Unreachable(_) | Error::Refused { .. } | Error::Busy) => {}
            Err(alarm) => panic!("a false alarm: {alarm}"),
        }
    }
    assert!(block_on(session.evidence()).unwrap().is_empty());
    history
}

/// Waits until each writer has had so many changes acknowledged.
fn wait<'a>(writers: impl Iterator<Item = &'a Receiver<()>>, changes: usize) {
    for heard in writers {
        // What happened before we began to count counts as well, but not after a fail-over.
        heard.try_iter().for_each(drop);
        for _ in 0..changes {
            heard.recv().unwrap();
        }
    }
}
