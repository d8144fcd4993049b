//! TCP and unix sockets.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::Sender,
    },
    thread,
    time::Duration,
};

use roamkey_authenticator::transports::{
    ctaphid::{Frame, Link},
    stream::{PREFIXED_LEN, prefixed, unprefixed},
};

use super::hub::{Event, Wire};

#[cfg(unix)]
mod unix;

#[cfg(unix)]
pub(super) use self::unix::{UnixName, serve_unix};

/// Listens on TCP, and returns where.
pub(super) fn serve_tcp(address: SocketAddr, events: Sender<Event>) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(address)?;
    let address = listener.local_addr()?;
    #[cfg(target_os = "linux")]
    let owner = super::peer::Owner::of_this_process()?;
    thread::spawn(move || {
        let clients = Clients::new(events);
        for stream in listener.incoming().filter_map(Result::ok) {
            #[cfg(target_os = "linux")]
            if !stream.peer_addr().is_ok_and(|client| owner.has_stream(client, address)) {
                stream.end();
                continue;
            }
            clients.add(stream);
        }
    });
    Ok(address)
}

/// A connection of either family.
trait Stream: Read + Write + Send + Sized + 'static {
    /// Another handle to it, whose writes do not wait for ever.
    fn writer(&self) -> io::Result<Self>;
    /// Ends it for every handle.
    fn end(&self);
}

impl Stream for TcpStream {
    fn writer(&self) -> io::Result<Self> {
        // A frame must not wait for the next one.
        self.set_nodelay(true)?;
        self.set_write_timeout(Some(WRITE_WITHIN))?;
        self.try_clone()
    }

    fn end(&self) {
        // It may have ended already.
        let _ = self.shutdown(std::net::Shutdown::Both);
    }
}

/// The clients of a listener.
struct Clients {
    events: Sender<Event>,
    links: AtomicU64,
    /// One count a client that is there.
    here: Arc<()>,
}

impl Clients {
    fn new(events: Sender<Event>) -> Self {
        Self { events, links: AtomicU64::new(0), here: Arc::new(()) }
    }

    /// Reads what a client sends, until it goes or sends something else than frames. One too many is hung up on.
    fn add(&self, mut stream: impl Stream) {
        let Ok(writer) = stream.writer() else { return };
        if Arc::strong_count(&self.here) > CLIENTS {
            return stream.end();
        }
        let (events, here) = (self.events.clone(), Arc::clone(&self.here));
        let link = Link(self.links.fetch_add(1, Ordering::Relaxed));
        thread::spawn(move || {
            let _here = here;
            let _ = events.send(Event::Opened(link, Box::new(Prefixing(writer))));
            while let Ok(frame) = read(&mut stream) {
                let _ = events.send(Event::Frame(link, frame));
            }
            stream.end();
            let _ = events.send(Event::Closed(link));
        });
    }
}

fn read(stream: &mut impl Read) -> io::Result<Frame> {
    let mut bytes = [0; PREFIXED_LEN];
    stream.read_exact(&mut bytes)?;
    unprefixed(&bytes).copied().map_err(io::Error::other)
}

/// The way back to a client.
struct Prefixing<S>(S);

impl<S: Stream> Wire for Prefixing<S> {
    fn send(&mut self, frame: &Frame) -> io::Result<()> {
        self.0.write_all(&prefixed(frame))
    }

    #[cfg(feature = "test-hooks")]
    fn unplug(&mut self) -> super::hub::After {
        self.0.end();
        super::hub::After::Gone
    }

    fn close(&mut self) {
        self.0.end();
    }
}

/// How long a client may leave its frames unread before it is cut off: others wait meanwhile.
const WRITE_WITHIN: Duration = Duration::from_secs(1);

/// Most clients at once: more than a person has programs, few enough that none can take all threads.
const CLIENTS: usize = 64;
