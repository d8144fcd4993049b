//! The names that others compare by: a run that asked for one of them and has it not is no run.

use std::collections::BTreeSet;

/// What is measured under names that must not change; `{a,b}` stands for each of these.
#[cfg(not(target_family = "wasm"))]
const PROMISED: &[&str] = &[
    "authenticator.{create,get}_us.{es256,eddsa,es384,rs256,mldsa44,mldsa65,mldsa87,10000}",
    "authenticator.bare_sign_us.es256",
    "record.{seal,open}_us",
    "revoke.{ms,bytes}.10000x10",
    "server.{sqlite,postgres}.first_sync.{rss_mb,ms}.10000x16",
    "server.{sqlite,postgres}.health_storm_ms.p99",
    "server.{sqlite,postgres}.neighbours_ratio",
    "server.{sqlite,postgres}.pull_none_per_s",
    "server.{sqlite,postgres}.pull_one_cpu_ms.10000",
    "server.{sqlite,postgres}.push_per_s.{1,16,64}",
    "server.{sqlite,postgres}.rss_mb.idle",
    "server.{sqlite,postgres}.ws10000.rss_mb",
    "sync.first.native_ms.{100,1000,10000}",
    "sync.pull_one.{bytes,ms}.{100,1000,10000}",
    "vault.get_us.10000",
];

#[cfg(target_family = "wasm")]
const PROMISED: &[&str] = &["authenticator.wasm.{create,get}_us.{es256,eddsa,es384,rs256,mldsa44,mldsa65,mldsa87}"];

/// Returns all of them.
pub(crate) fn names() -> BTreeSet<String> {
    PROMISED.iter().flat_map(|pattern| expanded(pattern)).collect()
}

fn expanded(pattern: &str) -> Vec<String> {
    let Some((before, rest)) = pattern.split_once('{') else { return vec![pattern.to_owned()] };
    let Some((choices, after)) = rest.split_once('}') else { return vec![pattern.to_owned()] };
    let ends = expanded(after);
    choices.split(',').flat_map(|choice| ends.iter().map(move |end| format!("{before}{choice}{end}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SUBJECTS;

    #[test]
    fn a_pattern_stands_for_each_of_its_names() {
        assert_eq!(expanded("a.b"), ["a.b"]);
        assert_eq!(expanded("a.{b,c}.{1,2}d"), ["a.b.1d", "a.b.2d", "a.c.1d", "a.c.2d"]);
    }

    /// Whoever asks for a name by itself has its subject measured, and no other.
    #[test]
    fn each_name_has_one_subject() {
        for name in names() {
            let subjects =
                SUBJECTS.iter().filter(|(subject, _)| crate::Report::for_prefix(name.clone()).wants(subject));
            assert_eq!(subjects.count(), 1, "{name}");
        }
    }
}
