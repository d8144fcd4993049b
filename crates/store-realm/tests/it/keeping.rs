use std::{
    env, fs,
    io::{BufRead as _, BufReader, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

use chacha20::{ChaCha20Rng, rand_core::SeedableRng as _};
use roamkey_proto::limits;
use roamkey_realm::Refusal;
use roamkey_store_realm::{KeyError, OpenError, RealmStore};
use tempfile::TempDir;

use crate::{
    served::{Asker, Served, open},
    world::origin,
};

#[test]
fn what_was_counted_is_there_after_a_restart() {
    let mut served = Served::new();
    let store = served.open();
    for _ in 0..4 {
        served.asker.guess(&store).unwrap();
    }
    drop(store);
    let store = served.open();
    assert_eq!(served.asker.look(&store).left, Some(limits::GUESSES - 4));
    for _ in 4..limits::GUESSES {
        served.asker.guess(&store).unwrap();
    }
    drop(store);
    let store = served.open();
    assert_eq!(served.asker.guess(&store).unwrap_err(), Refusal::Locked);
}

#[test]
fn accounts_from_a_backup_bring_no_guesses_back() {
    let mut served = Served::new();
    let backup = copy(&served, "accounts.db");
    let store = served.open();
    for _ in 0..7 {
        served.asker.guess(&store).unwrap();
    }
    drop(store);
    bring_back(&served, "accounts.db", &backup);
    let store = served.open();
    assert_eq!(served.asker.look(&store).left, Some(limits::GUESSES - 7));
    for _ in 7..limits::GUESSES {
        served.asker.guess(&store).unwrap();
    }
    assert_eq!(served.asker.guess(&store).unwrap_err(), Refusal::Locked);
}

#[test]
fn marks_from_a_backup_bring_no_guesses_back() {
    let mut served = Served::new();
    let backup = copy(&served, "marks.db");
    let store = served.open();
    for _ in 0..limits::GUESSES {
        served.asker.guess(&store).unwrap();
    }
    drop(store);
    bring_back(&served, "marks.db", &backup);
    let store = served.open();
    assert_eq!(served.asker.guess(&store).unwrap_err(), Refusal::Locked);
}

#[test]
fn without_its_marks_a_realm_does_not_open_unless_its_operator_says_so() {
    let mut served = Served::new();
    let store = served.open();
    served.asker.guess(&store).unwrap();
    drop(store);
    remove(&served, "marks.db");
    assert!(matches!(open(served.path()), Err(OpenError::MarksGone)));
    // Opening makes the file anew; that is not taken for the one that was lost.
    assert!(matches!(open(served.path()), Err(OpenError::MarksGone)));
    let mut rng = ChaCha20Rng::seed_from_u64(4);
    let store = RealmStore::open_without_marks(served.path(), &origin(0), &mut rng).unwrap();
    assert_eq!(served.asker.look(&store).left, Some(limits::GUESSES - 1), "as the accounts have it");
    drop(store);
    assert!(open(served.path()).is_ok());
}

#[test]
fn the_marks_of_another_realm_are_not_taken() {
    let (served, other) = (Served::new(), TempDir::new().unwrap());
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    drop(RealmStore::open(other.path(), &origin(1), &mut rng).unwrap());
    remove(&served, "marks.db");
    fs::copy(other.path().join("marks.db"), served.path().join("marks.db")).unwrap();
    assert!(matches!(open(served.path()), Err(OpenError::MarksGone)));
}

#[test]
fn without_its_key_a_realm_does_not_open_and_makes_no_other() {
    let served = Served::new();
    let key = served.path().join("key");
    fs::remove_file(&key).unwrap();
    assert!(matches!(open(served.path()), Err(OpenError::KeyGone)));
    assert!(!key.exists());
    fs::write(&key, "not a key").unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(matches!(open(served.path()), Err(OpenError::Key(KeyError::Malformed))));
}

#[test]
fn a_new_realm_makes_a_key_that_nobody_else_reads() {
    let folder = TempDir::new().unwrap();
    drop(open(folder.path()).unwrap());
    let key = folder.path().join("key");
    let first = fs::read(&key).unwrap();
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    drop(open(folder.path()).unwrap());
    assert_eq!(fs::read(&key).unwrap(), first, "it stays");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(open(folder.path()), Err(OpenError::Key(KeyError::Open))));
}

#[test]
fn of_many_guesses_at_once_by_two_processes_ten_are_evaluated() {
    let served = Served::new();
    let stores = [served.open(), served.open()];
    let evaluated: usize = thread::scope(|scope| {
        let workers: Vec<_> = (0..4u64)
            .map(|worker| {
                let store = &stores[usize::try_from(worker % 2).unwrap()];
                scope.spawn(move || {
                    let mut asker = Asker::new(100 + worker);
                    (0..6).filter(|_| asker.guess(store).is_ok()).count()
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    assert_eq!(evaluated, usize::from(limits::GUESSES));
}

/// A process that is killed has counted every guess that it gave an answer to.
#[test]
fn a_killed_realm_has_counted_what_it_answered() {
    let mut served = Served::new();
    let mut answered = 0usize;
    for round in 0..3u64 {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["keeping::guesses_until_it_is_killed", "--exact", "--ignored", "--nocapture"])
            .env(FOLDER, served.path())
            .env(SEED, (200 + round).to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut asks = child.stdin.take().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut answers = lines.map(Result::unwrap).filter(|line| line.ends_with(ANSWERED));
        for _ in 0..2 {
            writeln!(asks).unwrap();
            answers.next().expect("it answers");
            answered += 1;
        }
        // The third one is under way when it dies, at whichever step.
        writeln!(asks).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let counted = served.asker.look(&served.open()).mark.evaluated;
        assert!(counted >= answered as u64, "{counted} counted of {answered}");
    }
    let store = served.open();
    while served.asker.guess(&store).is_ok() {
        answered += 1;
    }
    assert!(answered <= usize::from(limits::GUESSES), "{answered}");
    assert_eq!(served.asker.look(&store).left, Some(0));
}

#[test]
#[ignore = "the other side of a_killed_realm_has_counted_what_it_answered"]
fn guesses_until_it_is_killed() {
    let folder = PathBuf::from(env::var_os(FOLDER).unwrap());
    let seed = env::var(SEED).unwrap().parse().unwrap();
    let (mut asker, store) = (Asker::new(seed), open(&folder).unwrap());
    for line in std::io::stdin().lines() {
        line.unwrap();
        asker.guess(&store).unwrap();
        let mut out = std::io::stdout();
        writeln!(out, "{ANSWERED}").unwrap();
        out.flush().unwrap();
    }
}

const FOLDER: &str = "ROAMKEY_REALM_FOLDER";
const SEED: &str = "ROAMKEY_REALM_SEED";
const ANSWERED: &str = "answered";

/// Copies a file as a backup does, with all that was committed.
fn copy(served: &Served, name: &str) -> PathBuf {
    let copy = served.path().join(format!("{name}.backup"));
    let connection = rusqlite::Connection::open(served.path().join(name)).unwrap();
    connection.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
    copy
}

fn bring_back(served: &Served, name: &str, backup: &Path) {
    remove(served, name);
    fs::copy(backup, served.path().join(name)).unwrap();
}

fn remove(served: &Served, name: &str) {
    for suffix in ["", "-wal", "-shm"] {
        let path = served.path().join(format!("{name}{suffix}"));
        if path.exists() {
            fs::remove_file(path).unwrap();
        }
    }
}
