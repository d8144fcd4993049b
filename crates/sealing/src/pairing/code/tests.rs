#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
use std::collections::BTreeSet;

use super::*;
use crate::primitives::testing::rng;

fn parse(text: &str) -> Result<PairingCode, CodeError> {
    text.parse()
}

#[test]
fn a_code_reads_back_as_it_was_shown() {
    let code = PairingCode::make(417, &mut rng()).unwrap();
    let typed = parse(&code.expose_text()).unwrap();
    assert_eq!((typed.number(), *typed.words), (417, *code.words));
    assert!(!typed.is_scanned());
    let scanned = parse(&code.expose_qr()).unwrap();
    assert!(scanned.is_scanned());
    assert_eq!(scanned.password(true), code.password(true));
    assert_ne!(scanned.password(true), scanned.password(false));
    assert_eq!(typed.password(true), None);
}

#[test]
fn people_may_type_a_code_as_they_like() {
    let words = [parse("7-abandon-zoo").unwrap(), parse("  7 Abandon ZOO ").unwrap(), parse("7.aban.zoo").unwrap()];
    for code in &words {
        assert_eq!((code.number(), *code.words), (7, [0, 2_047]));
    }
}

#[test]
fn what_is_no_code_says_why() {
    for text in ["", "7", "7-abandon", "abandon-zoo-7", "7-abandon-zoo-xy", "7-abandon-zoo-00-00"] {
        assert_eq!(parse(text).unwrap_err(), CodeError::Form, "{text}");
    }
    assert_eq!(parse("10000-abandon-zoo").unwrap_err(), CodeError::Number);
    assert_eq!(parse("7-abandom-zoo").unwrap_err(), CodeError::Word { place: 1 });
    assert_eq!(parse("7-abandon-zo").unwrap_err(), CodeError::Word { place: 2 });
    assert_eq!(parse(&"7".repeat(1_000)).unwrap_err(), CodeError::Form);
    assert_eq!(PairingCode::make(limits::MAILBOX_NUMBERS, &mut rng()).unwrap_err(), CodeError::Number);
}

#[test]
fn the_list_has_what_makes_words_easy() {
    let words = Language::English.word_list();
    assert_eq!(words.len(), usize::from(WORDS));
    assert!(words.iter().all(|word| (3..=8).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase())));
    let starts: BTreeSet<_> = words.iter().map(|word| word.get(..4).unwrap_or(word)).collect();
    assert_eq!(starts.len(), words.len(), "no two begin with the same four letters");
}

#[test]
fn a_code_does_not_show_when_printed() {
    assert_eq!(format!("{:?}", parse("7-abandon-zoo").unwrap()), "PairingCode(7, redacted)");
}
