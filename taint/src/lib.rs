//! Marks bytes as secret, so that Valgrind's memcheck reports each branch and each address that depends on them.
//!
//! A test taints a secret, calls what is to take the same time whatever the secret is, untaints the answer, and looks at it.
//! Run by itself, it is a test like others; `cargo xtask timing` runs it under Valgrind. The idea is Adam Langley's ctgrind.

use core::mem::size_of_val;

/// Marks bytes as secret: Valgrind reports whatever branches on them, or on what comes of them.
pub fn taint(secret: &[u8]) {
    request([MAKE_UNDEFINED, secret.as_ptr() as u64, secret.len() as u64, 0, 0, 0]);
}

/// Lets everyone look at a value that came of a secret, such as the outcome of a comparison.
pub fn untaint<T>(value: T) -> T {
    request([MAKE_DEFINED, (&raw const value) as u64, size_of_val(&value) as u64, 0, 0, 0]);
    value
}

/// Tells whether anyone watches.
#[must_use]
pub fn is_watched() -> bool {
    request([RUNNING_ON_VALGRIND, 0, 0, 0, 0, 0]) != 0
}

/// Asks Valgrind for something, as `valgrind/valgrind.h` does it; elsewhere than in Valgrind this is nothing, slowly.
#[cfg(target_arch = "x86_64")]
fn request(arguments: [u64; 6]) -> u64 {
    let mut answer = 0;
    // SAFETY: a register that is turned by 128 bits in all, and one that changes places with itself, are as they were.
    // Valgrind, where there is one, reads `arguments`, writes `answer`, and marks memory that it does not change.
    unsafe {
        core::arch::asm!(
            "rol rdi, 3",
            "rol rdi, 13",
            "rol rdi, 61",
            "rol rdi, 51",
            "xchg rbx, rbx",
            in("rax") &raw const arguments,
            inout("rdx") answer,
            options(nostack),
        );
    }
    answer
}

/// Asks Valgrind for something, as `valgrind/valgrind.h` does it; elsewhere than in Valgrind this is nothing, slowly.
#[cfg(target_arch = "aarch64")]
fn request(arguments: [u64; 6]) -> u64 {
    let mut answer = 0;
    // SAFETY: a register that is turned by 128 bits in all, and one that is joined with itself, are as they were.
    // Valgrind, where there is one, reads `arguments`, writes `answer`, and marks memory that it does not change.
    unsafe {
        core::arch::asm!(
            "ror x12, x12, #3",
            "ror x12, x12, #13",
            "ror x12, x12, #51",
            "ror x12, x12, #61",
            "orr x10, x10, x10",
            in("x4") &raw const arguments,
            inout("x3") answer,
            options(nostack),
        );
    }
    answer
}

/// Nobody can be asked here.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn request(_arguments: [u64; 6]) -> u64 {
    0
}

const RUNNING_ON_VALGRIND: u64 = 0x1001;

/// Memcheck's requests begin with its initials.
const MEMCHECK: u64 = 0x4d43_0000;
const MAKE_UNDEFINED: u64 = MEMCHECK + 1;
const MAKE_DEFINED: u64 = MEMCHECK + 2;

#[cfg(test)]
mod constant_time {
    use subtle::ConstantTimeEq as _;

    use super::*;

    #[test]
    fn a_comparison_that_looks_at_every_byte_passes() {
        let secret = [7; 32];
        taint(&secret);
        for (other, is_same) in [([7; 32], true), ([8; 32], false)] {
            assert_eq!(untaint(bool::from(secret.ct_eq(&other))), is_same);
        }
    }

    /// What `cargo xtask timing` has to report, or it would report nothing at all.
    #[test]
    #[ignore = "Valgrind has to fail this one"]
    fn a_comparison_that_stops_early_is_caught() {
        assert!(is_watched(), "nobody watches");
        let secret = [7; 32];
        taint(&secret);
        let is_same = secret.iter().zip(&[7; 32]).all(|(a, b)| a == b);
        assert!(untaint(is_same));
    }
}
