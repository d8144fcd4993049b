//! Checks that can be taken out by name, to show that a test would miss them.
//!
//! Every check that stops an attack goes through [`mutant!`](crate::mutant!). A build without the feature `mutants` has the
//! check alone, and no name. With it, the variable `ROAMKEY_MUTANT` selects one check that then always passes, so that one
//! build serves every mutant. `cargo xtask attacks` demands that the tests of an attack fail under each of its mutants.

/// Evaluates to a check that is true when all is well, or runs a path that must not exist.
///
/// `mutant!("name", check)` is `check`, `mutant!("name", value => other)` is `value`, and `mutant!("name" => path)` is nothing
/// at all. With the feature `mutants`, and this name selected, the first is true whatever the check says, the second is
/// `other`, and the third runs `path`: so the mutant of a defence that is an absence adds what is absent.
#[cfg(not(feature = "mutants"))]
#[macro_export]
macro_rules! mutant {
    ($name:literal, $check:expr) => {{ $check }};
    ($name:literal, $value:expr => $other:expr) => {
        $value
    };
    ($name:literal => $path:expr) => {};
}

/// Evaluates to a check that is true when all is well, or runs a path that must not exist.
///
/// `mutant!("name", check)` is `check`, `mutant!("name", value => other)` is `value`, and `mutant!("name" => path)` is nothing
/// at all. With the feature `mutants`, and this name selected, the first is true whatever the check says, the second is
/// `other`, and the third runs `path`: so the mutant of a defence that is an absence adds what is absent.
#[cfg(feature = "mutants")]
#[macro_export]
macro_rules! mutant {
    ($name:literal, $check:expr) => {{
        // Evaluated in any case: what it does besides stays the same.
        let passes: bool = $check;
        passes || $crate::mutant::is_selected($name)
    }};
    ($name:literal, $value:expr => $other:expr) => {
        if $crate::mutant::is_selected($name) { $other } else { $value }
    };
    ($name:literal => $path:expr) => {
        if $crate::mutant::is_selected($name) {
            $path
        }
    };
}

/// Whether `name` is the mutant that this process was started with.
#[cfg(feature = "mutants")]
#[must_use]
pub fn is_selected(name: &str) -> bool {
    #[expect(clippy::disallowed_methods, reason = "one process a mutant; no release has this")]
    static SELECTED: std::sync::LazyLock<Option<String>> = std::sync::LazyLock::new(|| std::env::var(VARIABLE).ok());
    SELECTED.as_deref() == Some(name)
}

#[cfg(feature = "mutants")]
const VARIABLE: &str = "ROAMKEY_MUTANT";
