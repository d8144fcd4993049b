//! PgBouncer.

use std::{
    env, fs,
    os::unix::fs::chown,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{
    cluster::Cluster,
    guard::{Guard, User},
};

/// A pooler in front of a cluster.
#[derive(Debug)]
pub struct Pooler {
    folder: PathBuf,
    _guard: Guard,
}

impl Pooler {
    /// Starts one in this mode: `session` or `transaction`.
    ///
    /// # Errors
    /// When `pgbouncer` is not installed or does not start.
    pub fn before(cluster: &Cluster, mode: &str) -> Result<Self> {
        let (user, program) = (User::of_postgres()?, program()?);
        let folder = user.folder()?;
        let (us, database) = (folder.display(), cluster.host().display());
        let file = folder.join("pgbouncer.ini");
        fs::write(
            &file,
            format!(
                "[databases]\n* = host={database} port=5432 user=postgres\n\
                 [pgbouncer]\nlisten_addr =\nunix_socket_dir = {us}\nauth_type = any\npool_mode = {mode}\n"
            ),
        )?;
        // It does not run as root, but begins as one where its program is root's.
        let mut switch = Vec::new();
        if let User::Postgres { ids: (id, group) } = user {
            chown(&file, Some(id), Some(group))?;
            switch.extend(["-u", "postgres"]);
        }
        let mut arguments = vec![text(&folder)?, text(&program)?];
        arguments.extend(switch);
        let guard = Guard::start(User::Ourselves, SCRIPT, &arguments)?;
        Ok(Self { folder: folder.clone(), _guard: guard })
    }

    /// The address of a database behind it.
    #[must_use]
    pub fn address(&self, database: &str) -> String {
        format!("host={} port=6432 user=postgres dbname={database}", self.folder.display())
    }
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("the path is not text")
}

/// `cargo xtask setup` unpacks Debian's package: installed, it would serve the whole machine.
fn program() -> Result<PathBuf> {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/pgbouncer/usr/sbin");
    let mut folders = vec![tools, PathBuf::from("/usr/sbin")];
    folders.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
    let found = folders.into_iter().map(|folder| folder.join("pgbouncer")).find(|path| path.is_file());
    found.context("no pgbouncer: run cargo xtask setup")
}

/// Waits for the socket, and ends the pooler and its folder when standard input closes.
const SCRIPT: &str = r#"
trap '' INT TERM HUP
folder=$1 program=$2
shift 2
"$program" -q "$@" "$folder/pgbouncer.ini" 2> "$folder/log" > /dev/null &
pooler=$!
while kill -0 $pooler 2> /dev/null; do
    if [ -S "$folder/.s.PGSQL.6432" ]; then echo ready; break; fi
    sleep 0.02
done
exec >&2
[ -S "$folder/.s.PGSQL.6432" ] || cat "$folder/log"
cat > /dev/null
kill $pooler 2> /dev/null
wait $pooler
rm -rf "$folder"
"#;
