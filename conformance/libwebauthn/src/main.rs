//! libwebauthn as the platform of our authenticator: what it can ask, over its pipe of HID messages.
//!
//! `libwebauthn-platform PORT` connects to `roamkey authenticator --transport tcp:127.0.0.1:PORT`, where a finger rests on the
//! device, and prints how many of its steps went well.

mod pipe;
mod platform;
mod steps;

use anyhow::{Context, Result};
use libwebauthn::transport::{ChannelSettings, Device as _, hid::virtual_device};
use serde_json::json;

use crate::{pipe::TcpPipe, platform::Platform, steps::STEPS};

#[tokio::main]
async fn main() -> Result<()> {
    let port = std::env::args().nth(1).context("PORT is missing")?.parse()?;
    let mut device = virtual_device(TcpPipe::connect(port)?);
    let channel = device.channel(ChannelSettings::default()).await?;
    let mut platform = Platform::new(channel);
    let (mut passed, mut failed) = (0, 0);
    // In this order: what a step leaves behind, the next ones find.
    for step in STEPS {
        match step.run(&mut platform).await {
            Ok(()) => passed += 1,
            Err(error) => {
                failed += 1;
                eprintln!("FAILED {}: {error:#}", step.name());
            }
        }
    }
    println!("{}", json!({"passed": passed, "failed": failed}));
    Ok(())
}
