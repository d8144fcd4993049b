//! The server in a process of its own, which can be killed as the kernel kills: at once, with nothing said.

use std::{
    env, fs,
    io::Read as _,
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use roamkey_server::{Config, Database};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A server whose process can be killed.
pub(crate) struct ServerProcess {
    child: Child,
    address: SocketAddr,
    folder: TempDir,
}

impl ServerProcess {
    pub(crate) fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let (child, address) = spawn(folder.path().to_owned(), "127.0.0.1:0".parse().unwrap());
        Self { child, address, folder }
    }

    /// Kills it (SIGKILL) and starts it again at the same address, on the same database.
    pub(crate) fn crash(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        (self.child, self.address) = spawn(self.folder.path().to_owned(), self.address);
    }

    /// Does some work, and crashes so long after its beginning.
    pub(crate) fn crash_during<T>(&mut self, delay: Duration, work: impl FnOnce() -> T) -> T {
        thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(delay);
                self.crash();
            });
            work()
        })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs this very program as the server, and waits until it listens.
fn spawn(folder: PathBuf, address: SocketAddr) -> (Child, SocketAddr) {
    let told = folder.join(TOLD);
    let _ = fs::remove_file(&told);
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "process::serve_for_another_test", "--ignored", "--nocapture"]);
    command.env(FOLDER, &folder).env(ADDRESS, address.to_string());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let Some(address) = listens_at(&told) else {
        child.kill().unwrap();
        child.wait().unwrap();
        panic!("the server does not start");
    };
    (child, address)
}

fn listens_at(told: &Path) -> Option<SocketAddr> {
    let deadline = Instant::now() + Duration::from_secs(20);
    while Instant::now() < deadline {
        if let Ok(address) = fs::read_to_string(told).unwrap_or_default().parse()
            && TcpStream::connect(address).is_ok()
        {
            return Some(address);
        }
        thread::sleep(Duration::from_millis(5));
    }
    None
}

/// The server's process. It ends with the one that started it.
#[test]
#[ignore = "no test: the server that other tests start"]
fn serve_for_another_test() {
    let (Ok(folder), Ok(address)) = (env::var(FOLDER), env::var(ADDRESS)) else { return };
    let folder = PathBuf::from(folder);
    let runtime = Runtime::new().unwrap();
    let config = Config::new(address.parse().unwrap(), Database::Sqlite(folder.join("server.sqlite")));
    let running = runtime.block_on(roamkey_server::start(config)).unwrap();
    let written = folder.join("address.new");
    fs::write(&written, running.url().strip_prefix("http://").unwrap()).unwrap();
    fs::rename(written, folder.join(TOLD)).unwrap();
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}

const TOLD: &str = "address";
const FOLDER: &str = "ROAMKEY_TEST_SERVER_FOLDER";
const ADDRESS: &str = "ROAMKEY_TEST_SERVER_ADDRESS";
