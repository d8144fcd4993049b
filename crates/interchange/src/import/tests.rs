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
