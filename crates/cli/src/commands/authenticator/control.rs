//! A test's hand on the device: a unix socket, one line a command, one line an answer.

use std::{
    fs,
    io::{self, BufRead as _, BufReader, Write as _},
    os::unix::net::{UnixListener, UnixStream},
    path::Path,
    sync::{
        Arc,
        mpsc::{self, Sender},
    },
    thread,
};

use super::{clock::ShellClock, hub::Event, person::Desk};

/// What a test can reach.
#[derive(Clone)]
struct Control {
    desk: Arc<Desk>,
    events: Sender<Event>,
    clock: ShellClock,
}

/// Listens for tests. The finger is on the device until one takes it off.
pub(super) fn serve(path: &Path, desk: Arc<Desk>, events: Sender<Event>, clock: ShellClock) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    desk.set_touched(true);
    let control = Control { desk, events, clock };
    thread::spawn(move || {
        for stream in listener.incoming().filter_map(Result::ok) {
            let control = control.clone();
            thread::spawn(move || control.converse(&stream));
        }
    });
    Ok(())
}

impl Control {
    fn converse(&self, stream: &UnixStream) {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let answer = self.obey(line.trim()).map_or_else(|error| format!("error {error}\n"), |()| "ok\n".to_owned());
            if (&*stream).write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
    }

    fn obey(&self, line: &str) -> Result<(), &'static str> {
        match line.split_once(' ') {
            Some(("touch", "on")) => self.desk.set_touched(true),
            Some(("touch", "off")) => self.desk.set_touched(false),
            Some(("clock", seconds)) => {
                let seconds = seconds.strip_prefix('+').and_then(|seconds| seconds.parse().ok());
                self.clock.advance(seconds.ok_or("it is clock +SECONDS")?);
                self.desk.look_up();
            }
            None if line == "power-cycle" => self.cycle_power()?,
            _ => return Err("it is touch on, touch off, power-cycle or clock +SECONDS"),
        }
        Ok(())
    }

    /// Returns once the device is back.
    fn cycle_power(&self) -> Result<(), &'static str> {
        let (done, is_back) = mpsc::channel();
        self.events.send(Event::CyclePower(done)).map_err(|_| "the device has stopped")?;
        is_back.recv().map_err(|_| "the device has stopped")
    }
}
