use std::{
    env,
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

/// The folder of one device on this machine, held against other processes.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// The lock ends with the handle; a process that dies leaves none behind.
    _lock: File,
}

/// Why a folder cannot be used.
#[derive(Debug)]
pub enum FolderError {
    /// There is no home directory, and `ROAMKEY_HOME` is not set.
    Nowhere,
    /// Another process uses it.
    InUse(PathBuf),
    /// The system refuses.
    Io(PathBuf, io::Error),
}

impl Folder {
    /// Opens the person's own: `ROAMKEY_HOME`, or a folder where the system wants a program's data.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn open() -> Result<Self, FolderError> {
        Self::open_at(Self::place().ok_or(FolderError::Nowhere)?)
    }

    /// Makes a folder if need be, for its owner alone, and takes its lock.
    ///
    /// # Errors
    /// [`FolderError::InUse`], [`FolderError::Io`].
    pub fn open_at(path: PathBuf) -> Result<Self, FolderError> {
        let failed = |error| FolderError::Io(path.clone(), error);
        make_private(&path).map_err(failed)?;
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        private_file(&mut options);
        let lock = options.open(path.join(LOCK)).map_err(failed)?;
        take(&lock, &path)?;
        Ok(Self { path, _lock: lock })
    }

    /// Returns where the store is.
    pub fn store_path(&self) -> PathBuf {
        self.path.join(STORE)
    }

    fn place() -> Option<PathBuf> {
        let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        if let Some(home) = set("ROAMKEY_HOME") {
            return Some(home);
        }
        let data = if cfg!(windows) { set("APPDATA") } else { set("XDG_DATA_HOME") };
        data.or_else(|| set("HOME").map(|home| home.join(".local/share"))).map(|data| data.join("roamkey"))
    }
}

/// Waits a moment for a command that is about to end.
fn take(lock: &File, path: &Path) -> Result<(), FolderError> {
    for _ in 0..TRIES {
        match lock.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            Err(TryLockError::Error(error)) => return Err(FolderError::Io(path.to_owned(), error)),
        }
    }
    Err(FolderError::InUse(path.to_owned()))
}

#[cfg(unix)]
fn make_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make_private(path: &Path) -> io::Result<()> {
    // Elsewhere a person's data folder is private as it is.
    fs::create_dir_all(path)
}

/// Has a file that is made be its owner's alone.
#[cfg(unix)]
pub(super) fn private_file(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600);
}

#[cfg(not(unix))]
pub(super) fn private_file(_: &mut OpenOptions) {}

const STORE: &str = "device.sqlite";
const LOCK: &str = "lock";
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(100);
