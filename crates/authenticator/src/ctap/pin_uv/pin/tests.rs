use super::*;

#[test]
fn what_guessers_try_first_is_obvious() {
    for pin in ["0000", "1212", "123123", "abcabc", "1234", "6789", "9876", "dcba", "DCBA", "Passw0rd", "qwerty"] {
        assert!(is_obvious(pin), "{pin}");
    }
    for pin in ["1357", "1231", "0001", "1123", "12341", "a1b2c3d4", "\u{1f600}ab1"] {
        assert!(!is_obvious(pin), "{pin}");
    }
}

#[test]
fn only_the_same_pin_matches() {
    let policy = PinPolicy { min_length: 4, refuses_obvious: false };
    let mut padded = [0; 64];
    padded.iter_mut().zip(b"1234").for_each(|(there, byte)| *there = *byte);
    let Ok(pin) = NewPin::parse(&padded, policy) else { unreachable!("it is long enough") };
    let pin = pin.keep();
    let (hash, code_points) = pin.expose();
    assert_eq!(code_points, 4);
    assert!(pin.matches(hash));
    assert!(!pin.matches(&hash[..15]));
    assert!(!pin.matches(&[]));
    assert!(!pin.matches(&[0; 16]));
}
