use roamkey_authenticator::{CredentialId, RpId, UserHandle};

#[test]
fn identifiers_are_as_long_as_their_standards_allow() {
    let bytes = [b'a'; 2048];
    for len in [0, 1, 64, 65, 253, 254, 1023, 1024] {
        let bytes = &bytes[..len];
        assert_eq!(CredentialId::try_from(bytes).is_ok(), (1..=1023).contains(&len), "credential id of {len}");
        assert_eq!(UserHandle::try_from(bytes).is_ok(), (1..=64).contains(&len), "user handle of {len}");
        let text = str::from_utf8(bytes).unwrap();
        assert_eq!(RpId::try_from(text).is_ok(), (1..=253).contains(&len), "relying party id of {len}");
    }
}
