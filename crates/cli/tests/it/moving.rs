//! Moving in and out on the command line.

use std::{fs, path::PathBuf};

use crate::stage::{Device, Server, text};

/// A file beside the device.
fn file(device: &Device, name: &str, content: &str) -> String {
    let path = path(device, name);
    fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

fn path(device: &Device, name: &str) -> PathBuf {
    device.home().parent().unwrap().join(name)
}

const TABLE: &str = "name,url,username,password,note\n\
    Mail,https://mail.example,ada,secret,\n\
    Shop,https://shop.example,ada,other,remark\n";

#[test]
fn a_table_is_previewed_imported_and_taken_back() {
    let server = Server::start();
    let device = Device::founder(&server);
    let table = file(&device, "passwords.csv", TABLE);
    let preview = device.json(&["import", &table, "--preview"]);
    assert_eq!((preview["format"].as_str(), preview["new"].as_u64()), (Some("chrome-csv"), Some(2)));
    assert!(device.titles().is_empty(), "a preview changes nothing");
    let imported = device.json(&["import", &table]);
    assert_eq!((imported["added"].as_u64(), imported["pending"].as_u64()), (Some(2), Some(0)));
    assert_eq!(device.titles(), ["Mail", "Shop"]);
    let again = device.json(&["import", &table]);
    assert_eq!((again["added"].as_u64(), again["known"].as_u64()), (Some(0), Some(2)));
    let import = imported["import"].as_str().unwrap();
    assert!(device.ok(&["import", "--list"]).contains("2 items"));
    assert_eq!(device.json(&["import", "--undo", import])["trashed"], 2);
    assert_eq!(device.json(&["list", "--trash"])["items"].as_array().unwrap().len(), 2);
    assert!(device.ok(&["import", "--list"]).contains("0 items"));
}

#[test]
fn a_file_that_is_none_changes_nothing_and_says_where_it_breaks() {
    let server = Server::start();
    let device = Device::founder(&server);
    for (content, said) in [
        ("hello", "no export that is known here"),
        ("name,url,username,password\nA,,a,\"1\n", "Line 2: the file does not follow Chrome"),
        ("{\n\"items\": [,]}", "Line 2: the file does not follow JSON"),
        ("{\"encrypted\":true,\"items\":[]}", "encrypted for an account of Bitwarden"),
    ] {
        let path = file(&device, "broken", content);
        let explained = device.fails(&["import", &path]);
        assert!(explained.contains(said) && explained.contains("Nothing was changed."), "{explained}");
    }
    let large = path(&device, "large");
    fs::File::create(&large).unwrap().set_len(1024 * 1024 * 1024).unwrap();
    assert!(device.fails(&["import", large.to_str().unwrap()]).contains("larger than 256 MiB"));
    assert!(device.titles().is_empty());
}

#[test]
fn an_account_moves_to_another_by_an_encrypted_file() {
    let server = Server::start();
    let (old, new) = (Device::founder(&server), Device::founder(&server));
    old.ok(&["import", &file(&old, "passwords.csv", TABLE)]);
    old.ok(&["add", "note", "--title", "Remark", "--text", "text"]);
    let (moved, secret) = (path(&old, "moved"), file(&old, "secret", "of the file"));
    let moved = moved.to_str().unwrap();
    let exported = old.json(&["export", moved, "--file-passphrase", &secret]);
    assert_eq!((exported["items"].as_u64(), exported["verified"].as_u64()), (Some(3), Some(3)));
    let written = fs::read(moved).unwrap();
    assert!(!written.windows(4).any(|window| window == b"Mail"), "nothing of it is readable");
    assert!(
        old.fails(&["export", moved, "--file-passphrase", &secret]).contains("cannot be written"),
        "never over another"
    );
    new.ok(&["import", moved, "--file-passphrase", &secret]);
    assert_eq!(new.titles(), ["Mail", "Remark", "Shop"]);
    assert!(new.ok(&["export", moved, "--verify", "--file-passphrase", &secret]).contains("3 other items are equal"));
    assert_eq!(new.json(&["show", "Shop", "--reveal"])["password"], "other");
    new.ok(&["add", "note", "--title", "More", "--text", "text"]);
    let differs = new.run(&["export", moved, "--verify", "--file-passphrase", &secret]);
    assert!(!differs.status.success() && text(&differs.stderr).contains("More: missing"));
}

#[test]
fn formats_that_are_always_plain_are_written_only_where_that_is_said() {
    let server = Server::start();
    let device = Device::founder(&server);
    device.ok(&["import", &file(&device, "passwords.csv", TABLE)]);
    for (format, beginning) in
        [("csv", "Title,URL,Username,Password,Notes,OTPAuth\n"), ("bitwarden", "{\"encrypted\":false")]
    {
        let out = path(&device, format);
        let out = out.to_str().unwrap();
        assert!(device.fails(&["export", out, "--format", format]).contains("--plain"));
        device.ok(&["export", out, "--format", format, "--plain"]);
        assert!(fs::read_to_string(out).unwrap().starts_with(beginning));
        assert_eq!(device.json(&["import", out, "--preview"])["known"], 2, "{format} reads back");
    }
}

#[test]
fn codes_and_passwords_are_made() {
    let server = Server::start();
    let device = Device::founder(&server);
    let table = "Title,URL,Username,Password,Notes,OTPAuth\nX,,ada,s,,otpauth://totp/X?secret=GEZDGNBV\nY,,ada,s,,\n";
    device.ok(&["import", &file(&device, "passwords.csv", table)]);
    let code = device.json(&["totp", "X"]);
    assert!(
        code["code"].as_str().is_some_and(|code| code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()))
    );
    let custom = "name,url,username,password,PIN\nZ,https://z.example,ada,s,1234\n";
    device.ok(&["import", &file(&device, "custom.csv", custom)]);
    assert!(device.ok(&["show", "Z"]).contains("PIN: (hidden)"));
    assert_eq!(device.json(&["show", "Z", "--reveal"])["fields"][0]["value"], "1234");
    assert!(device.fails(&["totp", "Y"]).contains("no one-time codes"));
    assert_eq!(device.json(&["generate", "--length", "12"])["password"].as_str().map(str::len), Some(12));
    assert_eq!(device.ok(&["generate", "--words", "5"]).trim().split('-').count(), 5);
    let rules = device.ok(&["generate", "--rules", "maxlength: 6; required: digit"]);
    assert!(rules.trim().len() == 6 && rules.trim().bytes().all(|byte| byte.is_ascii_digit()));
    assert_eq!(device.json(&["search", "y"])["items"].as_array().unwrap().len(), 1);
    assert_eq!(device.ok(&["usage"]).trim(), "Nothing was used on this device yet.");
    assert!(device.ok(&["completions", "bash"]).contains("_roamkey()"));
    let folder = path(&device, "man");
    fs::create_dir(&folder).unwrap();
    device.ok(&["man", folder.to_str().unwrap()]);
    assert!(fs::read_to_string(folder.join("roamkey-import.1")).unwrap().contains("another password manager"));
}
