#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
use super::*;

#[test]
fn a_file_of_a_gigabyte_is_refused_before_it_is_looked_at() {
    // Pages of zeros that nobody touches take no memory.
    let file = vec![0; limits::FILE_BYTES + 1];
    assert_eq!(read(&file, None).unwrap_err(), ImportError::TooLarge { limit: limits::FILE_BYTES });
    let mut text = vec![0; limits::TEXT_BYTES + 1];
    *text.first_mut().unwrap() = b'{';
    assert_eq!(read(&text, None).unwrap_err(), ImportError::TooLarge { limit: limits::TEXT_BYTES });
}

/// Each table within its bounds, all together beyond them: a few hundred kilobytes unpack to more than a text may have, or
/// to more items than an account holds.
#[test]
fn an_archive_of_many_tables_holds_no_more_than_one_may() {
    const HEADER: &str = "username,username2,username3,title,password,category\n";
    let tables = |count: usize, rows: &str| {
        let table = [HEADER, rows].concat();
        let names: Vec<_> = (0..count).map(|number| format!("{number}/credentials.csv")).collect();
        let files: Vec<_> = names.iter().map(|name| (name.as_str(), table.as_bytes())).collect();
        onepassword::tests::archive(&files)
    };
    let long = format!("a,,,b,{},\n", "c".repeat(1 << 20));
    let file = tables(limits::TEXT_BYTES >> 20, &long);
    assert!(file.len() < limits::TEXT_BYTES / 10);
    let refused = ImportError::Malformed { format: Format::Archive, place: None, fault: Fault::Bomb };
    assert_eq!(read(&file, None).unwrap_err(), refused);
    let file = tables(3, &"a,,,b,c,\n".repeat(limits::ITEMS / 2));
    assert_eq!(read(&file, None).unwrap_err(), ImportError::TooManyItems { limit: limits::ITEMS });
}

#[test]
fn more_items_than_an_account_holds_are_refused() {
    let text = ["name,url,username,password\n", &"a,b,c,d\n".repeat(limits::ITEMS + 1)].concat();
    assert_eq!(read(text.as_bytes(), None).unwrap_err(), ImportError::TooManyItems { limit: limits::ITEMS });
}

#[test]
fn broken_json_is_told_by_its_line_and_never_by_what_stands_there() {
    let error = read(b"{\n\"items\": [\n{\"password\": \"hunter2\",,}\n]}", None).unwrap_err();
    let place = Some(Place::Line(3));
    assert_eq!(error, ImportError::Malformed { format: Format::Json, place, fault: Fault::Syntax });
    assert!(!error.to_string().contains("hunter2"));
    let deep = ["{\"a\":", &"[".repeat(100_000)].concat();
    assert!(matches!(read(deep.as_bytes(), None), Err(ImportError::Malformed { .. })), "depth is bounded");
}

#[test]
fn a_document_of_someone_else_is_not_guessed_at() {
    for text in ["{}", "{\"items\": []}", "{\"accounts\": []}", " {\"a\": 1} "] {
        assert_eq!(read(text.as_bytes(), None).unwrap_err(), ImportError::Unknown, "{text}");
    }
}
