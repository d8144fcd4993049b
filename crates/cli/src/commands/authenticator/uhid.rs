//! `/dev/uhid`: the kernel makes a HID device of us, which browsers and ssh then find like any other.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Write as _},
    sync::{Arc, mpsc::Sender},
    thread,
};

use roamkey_authenticator::transports::{
    ctaphid::{Frame, Link},
    uhid::{self, EVENT_LEN},
};

use super::hub::{Event, Wire};

/// Makes the device appear.
pub(super) fn serve(events: Sender<Event>) -> io::Result<()> {
    let kernel = OpenOptions::new().read(true).write(true).open("/dev/uhid")?;
    plug_in(Arc::new(kernel), events)
}

/// The kernel's side: a read gives one event, a write takes one.
trait Kernel: Send + Sync + 'static {
    fn next_event(&self, event: &mut [u8]) -> io::Result<usize>;
    fn tell(&self, event: &[u8]) -> io::Result<usize>;
}

impl Kernel for File {
    fn next_event(&self, event: &mut [u8]) -> io::Result<usize> {
        let mut file = self;
        file.read(event)
    }

    fn tell(&self, event: &[u8]) -> io::Result<usize> {
        let mut file = self;
        file.write(event)
    }
}

fn plug_in(kernel: Arc<impl Kernel>, events: Sender<Event>) -> io::Result<()> {
    kernel.tell(&uhid::create(NAME))?;
    // All clients of the machine share what the kernel hands on, and each takes the frames of its own channel.
    let link = Link(0);
    let _ = events.send(Event::Opened(link, Box::new(Device(Arc::clone(&kernel)))));
    thread::spawn(move || {
        let mut bytes = vec![0; EVENT_LEN];
        while let Ok(length) = kernel.next_event(&mut bytes) {
            match bytes.get(..length).map(uhid::Event::parse) {
                Some(Ok(uhid::Event::Output(frame))) => drop(events.send(Event::Frame(link, frame))),
                // The kernel gives up on requests without a reply after a while, so a lost one does no harm.
                Some(Ok(uhid::Event::GetReport { id })) => drop(kernel.tell(&uhid::refuse_get(id))),
                Some(Ok(uhid::Event::SetReport { id })) => drop(kernel.tell(&uhid::refuse_set(id))),
                _ => {}
            }
        }
        let _ = events.send(Event::Stop);
    });
    Ok(())
}

/// The way back to the clients.
struct Device<K>(Arc<K>);

impl<K: Kernel> Wire for Device<K> {
    fn send(&mut self, frame: &Frame) -> io::Result<()> {
        self.0.tell(&uhid::input(frame)).map(drop)
    }

    #[cfg(feature = "test-hooks")]
    fn unplug(&mut self) -> super::hub::After {
        self.close();
        // Where the device does not come back, the next frame fails.
        let _ = self.0.tell(&uhid::create(NAME));
        super::hub::After::Stays
    }

    fn close(&mut self) {
        // It goes with our handle at the latest.
        let _ = self.0.tell(&uhid::destroy());
    }
}

/// What systems show.
const NAME: &str = "Roamkey";

#[cfg(test)]
mod tests;
