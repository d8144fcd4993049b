//! What the tests play on: servers, devices, and screens without what changes from run to run.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    rc::Rc,
};

use pollster::block_on;
use roamkey_cli::machine::{Folder, Machine, SqliteStore};
use roamkey_client::{Client, Session, Vacant};
use roamkey_sealing::unlock::Passphrase;
use roamkey_server::{Config, Database, Running};
use roamkey_test_services::{Balancer, Cluster};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A server on a port of this machine. Where the environment names PostgreSQL it is two instances on
/// one database, behind a balancer; otherwise one on a file.
pub(crate) struct Server {
    at_work: Option<(Runtime, Vec<Running>)>,
    place: Place,
}

enum Place {
    File { address: SocketAddr, folder: TempDir },
    Postgres { balancer: Balancer, database: String },
}

impl Server {
    pub(crate) fn start() -> Self {
        let place = match env::var(DATABASE).as_deref() {
            Ok("postgres") => Place::postgres(Cluster::shared().database_url().unwrap()),
            Ok(other) => panic!("{DATABASE} names {other}, not postgres"),
            Err(_) => Place::file(),
        };
        Self::start_at(place)
    }

    /// One instance on a file, whatever the environment names: for who looks into the file.
    pub(crate) fn on_file() -> Self {
        Self::start_at(Place::file())
    }

    /// Two instances on a database of PostgreSQL.
    pub(crate) fn start_on(database: String) -> Self {
        Self::start_at(Place::postgres(database))
    }

    fn start_at(place: Place) -> Self {
        let mut server = Self { at_work: None, place };
        server.restart();
        server
    }

    /// Starts it at the address where it was before.
    pub(crate) fn restart(&mut self) {
        let runtime = Runtime::new().unwrap();
        let start = |config| runtime.block_on(roamkey_server::start(config)).unwrap();
        let running = match &mut self.place {
            Place::File { address, folder } => {
                let running = start(Config::new(*address, Database::Sqlite(folder.path().join(FILE))));
                *address = address_of(&running);
                vec![running]
            }
            Place::Postgres { balancer, database } => {
                let instances = [(); 2].map(|()| {
                    let mut config = Config::new("127.0.0.1:0".parse().unwrap(), Database::Postgres(database.clone()));
                    config.origins = vec![format!("http://{}", balancer.address())];
                    start(config)
                });
                balancer.lead_to(instances.iter().map(address_of).collect());
                instances.into()
            }
        };
        self.at_work = Some((runtime, running));
    }

    pub(crate) fn stop(&mut self) {
        let (runtime, running) = self.at_work.take().unwrap();
        running.into_iter().for_each(|running| runtime.block_on(running.shutdown()));
    }

    pub(crate) fn url(&self) -> String {
        match &self.place {
            Place::File { address, .. } => format!("http://{address}"),
            Place::Postgres { balancer, .. } => format!("http://{}", balancer.address()),
        }
    }

    /// The file of all that it has, if it is one.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        match &self.place {
            Place::File { folder, .. } => Some(folder.path().join(FILE)),
            Place::Postgres { .. } => None,
        }
    }
}

impl Place {
    fn file() -> Self {
        Self::File { address: "127.0.0.1:0".parse().unwrap(), folder: TempDir::new().unwrap() }
    }

    fn postgres(database: String) -> Self {
        Self::Postgres { balancer: Balancer::start().unwrap(), database }
    }
}

fn address_of(running: &Running) -> SocketAddr {
    running.url().strip_prefix("http://").unwrap().parse().unwrap()
}

/// Says which database the journeys are played on.
const DATABASE: &str = "ROAMKEY_TEST_DATABASE";

const FILE: &str = "server.sqlite";

/// A device: a folder and a passphrase.
pub(crate) struct Device {
    folder: TempDir,
}

impl Device {
    pub(crate) fn new() -> Self {
        let device = Self { folder: TempDir::new().unwrap() };
        device.set_passphrase(PASSPHRASE);
        device
    }

    /// A device that has started an account.
    pub(crate) fn founder(server: &Server) -> Self {
        let device = Self::new();
        device.ok(&["create", "--server", &server.url(), "--name", "laptop"]);
        device
    }

    /// A device that another one has let in.
    pub(crate) fn joined(member: &Self, server: &Server, name: &str) -> Self {
        let device = Self::new();
        let mut pairing = Pairing::begin(member);
        device.ok(&["join", &pairing.code, "--server", &server.url(), "--name", name, "--yes"]);
        assert!(pairing.wait().status.success());
        device
    }

    pub(crate) fn set_passphrase(&self, text: &str) {
        fs::write(self.passphrase_file(), text).unwrap();
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// The device before it is of an account, without a process of its own.
    pub(crate) fn vacant(&self) -> Vacant<Machine> {
        match self.client() {
            Client::Vacant(vacant) => vacant,
            Client::Locked(_) => panic!("the device is of an account"),
        }
    }

    /// The device unlocked, without a process of its own.
    pub(crate) fn session(&self) -> Session<Machine> {
        match self.client() {
            Client::Locked(locked) => block_on(locked.unlock(&passphrase())).unwrap(),
            Client::Vacant(_) => panic!("the device is of no account"),
        }
    }

    /// What rests on its disk.
    pub(crate) fn store(&self) -> SqliteStore {
        SqliteStore::open(&Folder::open_at(self.home()).unwrap().store_path()).unwrap()
    }

    fn client(&self) -> Client<Machine> {
        let machine = Machine::open(Folder::open_at(self.home()).unwrap(), None).unwrap();
        block_on(Client::open(Rc::new(machine))).unwrap()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_roamkey"));
        command.args(arguments).arg("--passphrase-file").arg(self.passphrase_file());
        command.env("ROAMKEY_HOME", self.home()).stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that must succeed, and returns what it prints.
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}\n{}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Runs a command that must fail, and returns what it says.
    pub(crate) fn fails(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}\n{}", text(&output.stdout));
        assert_eq!(text(&output.stdout), "", "a failure says nothing on standard output");
        text(&output.stderr)
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat());
        assert!(output.status.success(), "{arguments:?}\n{}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The titles of the items, in order.
    pub(crate) fn titles(&self) -> Vec<String> {
        let list = self.json(&["list"]);
        let items = list["items"].as_array().unwrap();
        items.iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
    }

    /// Plays a line and shows it with its output, without what changes from run to run.
    pub(crate) fn screen(&self, line: &str, server: &Server) -> String {
        let arguments: Vec<_> = line.split_whitespace().map(|word| word.replace("URL", &server.url())).collect();
        let output = self.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        let shown = format!("$ roamkey {line}\n{}{}", text(&output.stdout), text(&output.stderr));
        steady(&shown.replace(&server.url(), "URL"))
    }

    fn passphrase_file(&self) -> PathBuf {
        self.folder.path().join("passphrase")
    }
}

/// What unlocks every device here.
pub(crate) fn passphrase() -> Passphrase {
    Passphrase::new(PASSPHRASE).unwrap()
}

const PASSPHRASE: &str = "correct horse battery staple";

/// A member that shows a code.
pub(crate) struct Pairing {
    pub(crate) code: String,
    child: Option<Child>,
}

impl Pairing {
    pub(crate) fn begin(member: &Device) -> Self {
        let mut command = member.command(&["pair", "--yes"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut errors = BufReader::new(child.stderr.take().unwrap());
        errors.read_line(&mut line).unwrap();
        let code = line.split_whitespace().skip_while(|word| *word != "join").nth(1);
        let code = code.unwrap_or_else(|| panic!("no code in `{line}`")).to_owned();
        child.stderr = Some(errors.into_inner());
        Self { code, child: Some(child) }
    }

    pub(crate) fn wait(&mut self) -> Output {
        self.child.take().unwrap().wait_with_output().unwrap()
    }
}

impl Drop for Pairing {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Puts `ID` and `DATE` where identifiers and dates stand.
fn steady(shown: &str) -> String {
    shown.lines().map(steady_line).collect::<Vec<_>>().join("\n")
}

fn steady_line(line: &str) -> String {
    let is_id = |word: &str| word.len() >= 8 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_date = |word: &str| word.len() == 10 && word.starts_with("20") && word.matches('-').count() == 2;
    let is_hour = |word: &str| word.len() == 5 && word.chars().nth(2) == Some(':');
    let word = |word: &str| {
        let bare = word.trim_end_matches(['.', ',']);
        match bare {
            bare if is_id(bare) => word.replace(bare, "ID"),
            bare if is_date(bare) => "DATE".to_owned(),
            bare if is_hour(bare) => "HOUR".to_owned(),
            _ => word.to_owned(),
        }
    };
    line.split(' ').map(word).collect::<Vec<_>>().join(" ").trim_end().to_owned()
}
