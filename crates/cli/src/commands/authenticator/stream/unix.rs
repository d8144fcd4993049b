//! Unix sockets, which their owner alone may open.

use std::{
    fmt, fs, io,
    os::unix::{
        fs::{DirBuilderExt as _, FileTypeExt as _, PermissionsExt as _},
        net::{UnixListener, UnixStream},
    },
    path::{Path, PathBuf},
    sync::mpsc::Sender,
    thread,
};

use super::{Clients, Stream, WRITE_WITHIN};
use crate::commands::authenticator::hub::Event;

impl Stream for UnixStream {
    fn writer(&self) -> io::Result<Self> {
        self.set_write_timeout(Some(WRITE_WITHIN))?;
        self.try_clone()
    }

    fn end(&self) {
        // It may have ended already.
        let _ = self.shutdown(std::net::Shutdown::Both);
    }
}

/// A socket's name, which goes when this is dropped.
#[derive(Debug)]
pub(in super::super) struct UnixName(PathBuf);

impl fmt::Display for UnixName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unix:{}", self.0.display())
    }
}

impl Drop for UnixName {
    fn drop(&mut self) {
        // Somebody may have removed it before.
        let _ = fs::remove_file(&self.0);
    }
}

/// Listens on a unix socket.
pub(in super::super) fn serve_unix(path: &Path, events: Sender<Event>) -> io::Result<UnixName> {
    check_free(path)?;
    let listener = listen(path)?;
    thread::spawn(move || {
        let clients = Clients::new(events);
        listener.incoming().filter_map(Result::ok).for_each(|stream| clients.add(stream));
    });
    Ok(UnixName(path.to_owned()))
}

/// A socket that a dead process left is replaced; anything else at this path is not ours to replace.
fn check_free(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(found) if !found.file_type().is_socket() => Err(io::ErrorKind::AlreadyExists.into()),
        Ok(_) if UnixStream::connect(path).is_ok() => Err(io::ErrorKind::AddrInUse.into()),
        Ok(_) => Ok(()),
    }
}

/// Makes the socket where nobody else can reach it, and moves it to its place once it is for its owner alone.
fn listen(path: &Path) -> io::Result<UnixListener> {
    let mut name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_owned();
    name.push(format!(".{}", std::process::id()));
    let folder = path.with_file_name(name);
    fs::DirBuilder::new().mode(0o700).create(&folder)?;
    let made = folder.join("s");
    let bound = UnixListener::bind(&made).and_then(|listener| {
        fs::set_permissions(&made, fs::Permissions::from_mode(0o600))?;
        fs::rename(&made, path)?;
        Ok(listener)
    });
    fs::remove_dir_all(&folder)?;
    bound
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_socket_is_its_owners_alone_and_goes_with_its_server() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let name = serve_unix(&path, mpsc::channel().0).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        drop(name);
        assert!(!path.exists());
    }

    #[test]
    fn a_socket_in_use_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let _first = serve_unix(&path, mpsc::channel().0).unwrap();
        assert_eq!(serve_unix(&path, mpsc::channel().0).unwrap_err().kind(), io::ErrorKind::AddrInUse);
    }

    #[test]
    fn a_socket_that_a_dead_process_left_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        drop(UnixListener::bind(&path).unwrap());
        assert!(path.exists());
        serve_unix(&path, mpsc::channel().0).unwrap();
    }

    #[test]
    fn a_file_is_no_socket_to_replace() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("letter");
        fs::write(&path, "dear").unwrap();
        assert_eq!(serve_unix(&path, mpsc::channel().0).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"dear");
    }
}
