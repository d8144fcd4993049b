//! NATS.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::guard::{Guard, User};

/// A NATS server of one's own.
#[derive(Debug)]
pub struct Nats {
    url: String,
    _guard: Guard,
}

impl Nats {
    /// Starts a server on a port that is free.
    ///
    /// # Errors
    /// When `nats-server` is not installed or does not start.
    pub fn start() -> Result<Self> {
        let (user, program) = (User::Ourselves, program()?);
        let folder = user.folder()?;
        let arguments = [folder.to_str().context("a folder")?, program.to_str().context("a program")?];
        let guard = Guard::start(user, SCRIPT, &arguments)?;
        let port = fs::read_to_string(folder.join("port"))?;
        Ok(Self { url: format!("nats://127.0.0.1:{}", port.trim()), _guard: guard })
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// `cargo xtask setup` unpacks Debian's package: installed, it would serve the whole machine.
fn program() -> Result<PathBuf> {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/nats-server/usr/sbin");
    let mut folders = vec![tools, PathBuf::from("/usr/sbin")];
    folders.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
    let found = folders.into_iter().map(|folder| folder.join("nats-server")).find(|path| path.is_file());
    found.context("no nats-server: run cargo xtask setup")
}

/// Waits for the port that the server writes down, and ends both when standard input closes.
const SCRIPT: &str = r#"
trap '' INT TERM HUP
"$2" --addr 127.0.0.1 --port -1 --ports_file_dir "$1" --log "$1/log" &
server=$!
while kill -0 $server 2> /dev/null; do
    port=$(sed -n 's/.*nats:\/\/[^:]*:\([0-9]*\).*/\1/p' "$1"/*.ports 2> /dev/null | head -1)
    if [ -n "$port" ]; then echo "$port" > "$1/port"; echo ready; break; fi
    sleep 0.02
done
exec >&2
cat > /dev/null
kill -9 $server 2> /dev/null
wait $server 2> /dev/null
rm -rf "$1"
"#;
