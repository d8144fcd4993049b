//! Checks that can be taken out by name, to show that a test would miss them.
//!
//! The same as in `roamkey-proto`, on which this crate does not depend: `mutant!("name", check)` is the check alone, unless
//! the feature `mutants` is on and `ROAMKEY_MUTANT` selects this name, when it is true; `mutant!("name" => path)` runs a path
//! that must not exist.

#[cfg(not(feature = "mutants"))]
macro_rules! mutant {
    ($name:literal, $check:expr) => {{ $check }};
    ($name:literal, $value:expr => $other:expr) => {
        $value
    };
    ($name:literal => $path:expr) => {};
}

#[cfg(feature = "mutants")]
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
pub(crate) fn is_selected(name: &str) -> bool {
    #[expect(clippy::disallowed_methods, reason = "one process a mutant; no release has this")]
    static SELECTED: std::sync::LazyLock<Option<String>> = std::sync::LazyLock::new(|| std::env::var(VARIABLE).ok());
    SELECTED.as_deref() == Some(name)
}

#[cfg(feature = "mutants")]
const VARIABLE: &str = "ROAMKEY_MUTANT";
