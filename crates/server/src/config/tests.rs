#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::fs;

use super::*;

#[test]
fn a_flag_goes_before_a_variable_and_a_variable_before_the_file() {
    let mut given = Given::default();
    put(&mut given, "records", Source::Flag, "3");
    given.put_variables([variable("RECORDS", "2"), variable("SESSIONS", "2")].into_iter());
    let (_folder, path) = file("records = 1\nsessions = 1\nsockets = 1\ndatabase = \"sqlite:a\"\n");
    given.put_file(&path);
    let limits = Config::read(&mut given).unwrap().limits;
    assert_eq!((limits.records, limits.sessions, limits.sockets), (3, 2, 1));
    assert_eq!(limits.ping_seconds, Limits::default().ping_seconds);
}

#[test]
fn everything_wrong_is_said_at_once() {
    let mut given = Given::default();
    put(&mut given, "listen", Source::Flag, "somewhere");
    put(&mut given, "tls-key", Source::Flag, "key.pem");
    given.put_variables([variable("SOCKETS", "many"), variable("SOKCETS", "4"), variable("CONFIG", "x")].into_iter());
    let (_folder, path) =
        file("registration = \"friends\"\nrecord-byte = 5\nbehind-proxy = \"yes\"\norigin = [\"roamkey.test\"]\n");
    given.put_file(&path);
    let errors: Vec<_> = Config::read(&mut given).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(
        errors,
        [
            "ROAMKEY_SERVER_SOKCETS: there is no such setting",
            "behind-proxy, in the file: this is not the kind of value that it takes",
            "record-byte, in the file: there is no such setting",
            "database: missing: it has no default",
            "--listen: invalid socket address syntax",
            "tls-certificate: missing: a key needs its certificate",
            "registration, in the file: registration is open, invitation or closed",
            "ROAMKEY_SERVER_SOCKETS: invalid digit found in string",
            "origin, in the file: an origin starts with https:// or http://",
        ]
    );
}

#[test]
fn a_file_that_is_none_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.toml");
    let broken = folder.path().join("broken.toml");
    fs::write(&broken, "listen = ").unwrap();
    for path in [missing, broken] {
        let mut given = Given::default();
        put(&mut given, "database", Source::Flag, "sqlite:a");
        given.put_file(&path);
        let errors = Config::read(&mut given).unwrap_err();
        assert_eq!(errors.len(), 1);
        assert!(errors[0].to_string().contains("toml"), "{errors:?}");
    }
}

#[test]
fn plain_http_beyond_this_machine_is_asked_for_or_behind_a_proxy() {
    let read = |lines: &str| {
        let mut given = Given::default();
        let (_folder, path) = file(&format!("database = \"sqlite:a\"\nlisten = \"0.0.0.0:80\"\n{lines}"));
        given.put_file(&path);
        Config::read(&mut given).map_err(|errors| errors[0].to_string())
    };
    assert!(read("").unwrap_err().starts_with("listen, in the file: plain HTTP beyond this machine"));
    assert!(read("behind-proxy = true").unwrap().warnings().is_empty());
    assert_eq!(read("plain-http = true").unwrap().warnings().len(), 1);
    assert!(read("tls-certificate = \"a\"\ntls-key = \"b\"").unwrap().warnings().is_empty());
    assert!(read("tls-certificate = \"a\"\ntls-key = \"b\"\nbehind-proxy = true").is_err());
}

#[test]
fn a_proxy_that_nobody_mentioned_is_warned_of() {
    let mut config = Config::new(([127, 0, 0, 1], 80).into(), Database::Sqlite("a".into()));
    config.origins = vec!["https://roamkey.test".to_owned()];
    assert!(config.warnings()[0].contains("behind-proxy"));
    config.behind_proxy = true;
    assert!(config.warnings().is_empty());
}

#[test]
fn an_origin_is_what_devices_sign() {
    for good in ["https://roamkey.example.org", "https://10.0.0.7:8443", "http://[::1]:8800", "https://a.test/"] {
        assert_eq!(check_origin(good), Ok(()), "{good}");
    }
    for bad in ["roamkey.test", "https://", "https://A.test", "https://a.test/x", "https://a.test:443", "ftp://a.test"]
    {
        assert!(check_origin(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_database_shows_no_password() {
    let database: Database = "postgres://roamkey:secret@db/roamkey".parse().unwrap();
    assert!(!format!("{database:?}").contains("secret"));
    assert!("mysql://x".parse::<Database>().is_err());
    assert!("sqlite:".parse::<Database>().is_err());
}

#[test]
fn every_setting_has_one_name_and_a_sentence() {
    let names: Vec<_> = SETTINGS.iter().copied().flatten().map(Setting::name).collect();
    let distinct: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(distinct.len(), names.len());
    for setting in SETTINGS.iter().copied().flatten() {
        assert!(setting.help().ends_with('.'), "{}", setting.name());
    }
}

fn put(given: &mut Given, name: &str, source: Source, value: &str) {
    given.put(Setting::named(name).unwrap(), source, vec![value.to_owned()]);
}

fn variable(name: &str, value: &str) -> (String, String) {
    (format!("ROAMKEY_SERVER_{name}"), value.to_owned())
}

fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.toml");
    fs::write(&path, text).unwrap();
    (folder, path)
}
