//! A server that is killed at any of its writes has kept what it answered for, and starts again.
//!
//! The program is the one that people run, without a hook: `strace` ends it at the n-th call by which SQLite brings something to
//! the disk, and the sweep goes through all n.

use std::{path::Path, process::Command};

use roamkey_proto::{Bundle, Op, api::Push, cbor};

use crate::{
    account::Account,
    device::Device,
    durability::{check, sign_in},
    http::Client,
    server::{ChildServer, create},
};

/// Of each call one in so many is tried, or the first alone where there are fewer.
#[test]
fn a_server_that_is_killed_at_a_write_has_kept_what_it_answered_for() {
    sweep(29);
}

#[test]
#[ignore = "takes minutes: cargo xtask long write-points"]
fn write_points_all_of_them() {
    sweep(1);
}

/// Whatever changes a file: its bytes, whether they are on the disk, its length, its name.
const CALLS: [&str; 5] = ["pwrite64", "fdatasync", "fsync", "ftruncate", "unlink"];

fn sweep(step: usize) {
    let mut killed = 0;
    for call in CALLS {
        for begin in [Begin::WithNothing, Begin::WithAnAccount] {
            let kills = (1..).step_by(step).take_while(|&nth| play(begin, call, nth) == Ended::Killed).count();
            println!("{call}, {begin:?}: killed {kills} times");
            killed += kills;
        }
    }
    assert!(killed > 8, "killed {killed} times");
}

/// What is there when the server starts: the first makes the database.
#[derive(Clone, Copy, Debug)]
enum Begin {
    WithNothing,
    WithAnAccount,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    Killed,
    /// There are not as many calls.
    Well,
}

/// Starts a server that is killed at the n-th such call of a thread, uses it until then, and looks at what is left.
fn play(begin: Begin, call: &str, nth: usize) -> Ended {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("server.db");
    let mut life = Life { account: Account::new(1), unanswered: None, is_there: false };
    if matches!(begin, Begin::WithAnAccount) {
        let server = ChildServer::start(&database, &[]);
        assert!(life.go_on(&Client::new(&server.url)));
        assert!(server.terminate());
    }
    let ended = match ChildServer::start_by(killed_at(call, nth), &database, &[]) {
        Ok(server) => {
            let survived = life.go_on(&Client::new(&server.url));
            if survived && server.terminate() { Ended::Well } else { Ended::Killed }
        }
        Err(_) => Ended::Killed,
    };
    look(&database, life);
    ended
}

/// Starts the program again and looks for everything that was answered for.
fn look(database: &Path, mut life: Life) {
    let server = ChildServer::start(database, &[]);
    let client = Client::new(&server.url);
    if life.is_there {
        assert!(sign_in(&client, &life.account).is_some(), "an account that was answered for is lost");
    }
    // What got no answer is sent again: it is there, or it is taken.
    create(&client, &life.account);
    let unanswered = match life.unanswered.take() {
        Some(Sent::Entry(bundle)) => {
            let token = sign_in(&client, &life.account).unwrap();
            assert_eq!(client.post(&life.account.path("log"), Some(&token), &bundle).status, 200);
            life.account.log.append_whole(&bundle).unwrap();
            None
        }
        Some(Sent::Push(push)) => Some(push),
        None => None,
    };
    check(&client, &mut life.account, unanswered.as_ref());
    assert!(life.go_on(&client), "it does not go on");
    assert!(server.terminate());
    assert_eq!(roamkey_store_sqlite::check(database).unwrap(), [""; 0]);
}

/// An account, as far as it was answered for.
struct Life {
    account: Account,
    unanswered: Option<Sent>,
    is_there: bool,
}

enum Sent {
    Entry(Bundle),
    Push(Push),
}

impl Life {
    /// Does what changes something, each once or more; false once there is no answer.
    fn go_on(&mut self, client: &Client) -> bool {
        self.try_go_on(client).is_some()
    }

    fn try_go_on(&mut self, client: &Client) -> Option<()> {
        send(client, "/v1/accounts", None, &cbor::encode(&self.account.genesis))?;
        self.is_there = true;
        let token = sign_in(client, &self.account)?;
        for items in [&[1, 2, 3][..], &[2], &[4, 5]] {
            let push = self.account.push(items);
            let sent = send(client, &self.account.path("push"), Some(&token), &cbor::encode(&push));
            if sent.is_none() {
                self.unanswered = Some(Sent::Push(push));
                return None;
            }
            self.account.accepted(&push);
        }
        let bundle = self.account.bundle(Op::Rotate, &Device::new(1));
        if send(client, &self.account.path("log"), Some(&token), &cbor::encode(&bundle)).is_none() {
            self.unanswered = Some(Sent::Entry(bundle));
            return None;
        }
        self.account.log.append_whole(&bundle).unwrap();
        Some(())
    }
}

/// Sends something; none when there is no answer.
fn send(client: &Client, path: &str, token: Option<&str>, body: &[u8]) -> Option<()> {
    let answer = client.try_post(path, token, body).ok()?;
    assert_eq!(answer.status, 200, "{path}");
    Some(())
}

/// The program, killed at the n-th such call of one of its threads.
fn killed_at(call: &str, nth: usize) -> Command {
    let mut command = Command::new("strace");
    // The tracer is the grandchild: the child is the server itself.
    command.args(["-D", "-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e"]);
    command.arg(format!("inject={call}:signal=KILL:when={nth}")).arg(env!("CARGO_BIN_EXE_roamkey-server"));
    command
}
