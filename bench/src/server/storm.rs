//! What those see who watch a server while many devices come at once.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};

use super::Server;
use crate::{device::Device, samples::Samples};

/// Devices that come at once.
const DEVICES: usize = 64;

/// How long they come.
const STORM: Duration = Duration::from_secs(5);

/// The time of the slowest of a hundred answers to `GET /healthz` while as many devices as can sign in and pair.
pub(super) fn health_ms(server: &Server) -> Result<f64> {
    let mut devices = (0..DEVICES).map(|_| Device::found(server.url())).collect::<Result<Vec<_>>>()?;
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let is_over = &over;
        let storm: Vec<_> = devices.iter_mut().map(|device| scope.spawn(move || come(device, is_over))).collect();
        let watched = watch(server.url());
        over.store(true, Ordering::Relaxed);
        for device in storm {
            ensure!(device.join().expect("a device reports errors")? > 0, "a device never came through");
        }
        watched
    })
}

fn come(device: &mut Device, over: &AtomicBool) -> Result<u32> {
    let mut times = 0;
    while !over.load(Ordering::Relaxed) {
        device.sign_in()?;
        device.pair()?;
        times += 1;
    }
    Ok(times)
}

fn watch(url: &str) -> Result<f64> {
    let (http, end) = (ureq::agent(), Instant::now() + STORM);
    let mut samples = Samples::default();
    while Instant::now() < end {
        samples.time(|| http.get(format!("{url}/healthz")).call())?;
        // An answer that was slow must not hide those that would have been slow after it.
        thread::sleep(Duration::from_millis(2));
    }
    Ok(samples.percentile_us(99) / 1e3)
}
