#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use getrandom::SysRng;
use proptest::prelude::*;
use rand_core::UnwrapErr;

use super::*;

fn sample() -> DeviceState {
    DeviceState {
        pin: Some(Pin::from_parts([1; 16], 6)),
        pin_retries: 7,
        uv_retries: 4,
        uv_count_since_pin: 300,
        force_pin_change: true,
        pin_policy: PinPolicy { min_length: 6, refuses_obvious: true },
        pin_policy_rp_ids: vec![RpId::try_from("example.com").unwrap()],
        always_uv: true,
        enterprise_attestation: false,
        long_touch_for_reset: true,
        persistent_token: TokenSecret::from_bytes(&[2; 32]),
        identifier: [3; 16],
        credential_store_state: [4; 16],
        large_blobs: empty_large_blobs(),
    }
}

#[test]
fn version_1_reads_the_same_for_ever() {
    let frozen = "b1\
        0001\
        015001010101010101010101010101010101\
        0206\
        0307\
        0404\
        0519012c\
        06f5\
        0706\
        08f5\
        09816b6578616d706c652e636f6d\
        0af5\
        0bf4\
        0cf5\
        0d58200202020202020202020202020202020202020202020202020202020202020202\
        0e5003030303030303030303030303030303\
        0f5004040404040404040404040404040404\
        10518076be8b528d0075f7aae98d6fa57a6d3c";
    let hex: String = sample().to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, frozen);
}

#[test]
fn a_state_comes_back_whole() {
    for state in [sample(), DeviceState::make(&mut UnwrapErr(SysRng))] {
        let bytes = state.to_bytes();
        assert_eq!(*DeviceState::from_bytes(&bytes).unwrap().to_bytes(), *bytes);
        assert_eq!(*state.copy().to_bytes(), *bytes);
    }
}

#[test]
fn a_new_device_is_like_no_other() {
    let (one, two) = (DeviceState::make(&mut UnwrapErr(SysRng)), DeviceState::make(&mut UnwrapErr(SysRng)));
    assert_ne!(one.identifier, two.identifier);
    assert_ne!(one.persistent_token.expose(), two.persistent_token.expose());
}

#[test]
fn its_secrets_do_not_show() {
    assert_eq!(format!("{:?}", sample()), "DeviceState([redacted])");
}

proptest! {
    #[test]
    fn what_reads_is_written_the_same(position: prop::sample::Index, byte: u8) {
        let mut bytes = sample().to_bytes().to_vec();
        let position = position.index(bytes.len());
        if let Some(there) = bytes.get_mut(position) {
            *there = byte;
        }
        if let Ok(state) = DeviceState::from_bytes(&bytes) {
            prop_assert_eq!(state.to_bytes().to_vec(), bytes);
        }
    }
}
