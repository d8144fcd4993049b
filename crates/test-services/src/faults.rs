//! A way to a database on which answers get lost.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread,
};

use anyhow::Result;

/// A port that leads to a database. Of the answers that end a transaction it swallows some, and the
/// connection with them: the database has done what it was asked, and nobody is told.
#[derive(Debug)]
pub struct Faults {
    port: u16,
    lost: Arc<AtomicU32>,
    silent: Arc<AtomicBool>,
}

impl Faults {
    /// Leads to a socket, and loses one answer in `every`, without a pattern that a retry could fall into.
    ///
    /// # Errors
    /// When no port is free.
    pub fn before(socket: &Path, every: u32) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let port = listener.local_addr()?.port();
        let lost = Arc::new(AtomicU32::new(0));
        let silent = Arc::<AtomicBool>::default();
        let (socket, answers) = (socket.to_owned(), Arc::default());
        let way = Way { socket, every, answers, lost: Arc::clone(&lost), silent: Arc::clone(&silent) };
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let way = way.clone();
                // Either end may break off at any time.
                thread::spawn(move || way.carry(client).ok());
            }
        });
        Ok(Self { port, lost, silent })
    }

    /// The address of a database behind it.
    #[must_use]
    pub fn address(&self, database: &str) -> String {
        format!("host=127.0.0.1 port={} user=postgres dbname={database}", self.port)
    }

    /// Passes no more answers on, and leaves every connection as it is: a host whose cable was pulled.
    pub fn fall_silent(&self) {
        self.silent.store(true, Ordering::Relaxed);
    }

    /// How many answers were lost so far.
    #[must_use]
    pub fn lost(&self) -> u32 {
        self.lost.load(Ordering::Relaxed)
    }
}

#[derive(Clone)]
struct Way {
    socket: PathBuf,
    every: u32,
    answers: Arc<AtomicU32>,
    lost: Arc<AtomicU32>,
    silent: Arc<AtomicBool>,
}

impl Way {
    fn carry(&self, client: TcpStream) -> Result<()> {
        client.set_nodelay(true)?;
        let database = UnixStream::connect(&self.socket)?;
        let (mut requests, mut to_database) = (client.try_clone()?, database.try_clone()?);
        thread::spawn(move || {
            let _ = std::io::copy(&mut requests, &mut to_database);
            let _ = to_database.shutdown(Shutdown::Both);
        });
        let carried = self.carry_answers(database, &client);
        let _ = client.shutdown(Shutdown::Both);
        carried
    }

    /// Passes messages on (a type, a length, a body) until one is to be lost.
    fn carry_answers(&self, mut database: UnixStream, mut client: &TcpStream) -> Result<()> {
        let mut pending = Vec::new();
        loop {
            let mut head = [0; 5];
            database.read_exact(&mut head)?;
            let [kind, length @ ..] = head;
            let mut body = vec![0; usize::try_from(u32::from_be_bytes(length))?.saturating_sub(4)];
            database.read_exact(&mut body)?;
            pending.extend_from_slice(&head);
            pending.extend_from_slice(&body);
            // What an answer consists of goes out with its end, "ready for query", and not before.
            if kind != READY && kind != AUTHENTICATION {
                continue;
            }
            if kind == READY && body == IDLE && self.is_to_be_lost() {
                return Ok(());
            }
            if !self.silent.load(Ordering::Relaxed) {
                client.write_all(&pending)?;
            }
            pending.clear();
        }
    }

    fn is_to_be_lost(&self) -> bool {
        let number = self.answers.fetch_add(1, Ordering::Relaxed) + 1;
        // A multiplicative hash: the same sequence each time, and no rhythm in it.
        let lost = (number.wrapping_mul(0x9e37_79b1) >> 16).is_multiple_of(self.every);
        self.lost.fetch_add(u32::from(lost), Ordering::Relaxed);
        lost
    }
}

const READY: u8 = b'Z';

const AUTHENTICATION: u8 = b'R';

/// No transaction is open: whatever was asked is done.
const IDLE: &[u8] = b"I";
