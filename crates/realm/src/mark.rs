use minicbor::{Decode, Encode};
use roamkey_proto::{limits, mutant};

/// How far the counting of an account has come: never less than what was.
///
/// It is written in two places, beside the account and by itself, and what counts is the later of both in every part. So
/// where one of them comes from a backup, the other still knows of the guesses made since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(map)]
pub struct Mark {
    /// The newest version of the secret that served here; 0 before the first.
    #[n(1)]
    pub number: u64,
    /// The guesses that were counted for it.
    #[n(2)]
    pub evaluated: u64,
    /// Of these, as many as whoever knows the secret has had forgiven.
    #[n(3)]
    pub forgiven: u64,
}

impl Mark {
    /// Returns the later of two marks: a newer version begins anew; within one, each number is the higher.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        match self.number.cmp(&other.number) {
            std::cmp::Ordering::Less => other,
            std::cmp::Ordering::Greater => self,
            std::cmp::Ordering::Equal => Self {
                number: self.number,
                evaluated: self.evaluated.max(other.evaluated),
                forgiven: self.forgiven.max(other.forgiven),
            },
        }
    }

    /// Returns the guesses that are left.
    #[must_use]
    pub fn left(&self) -> u8 {
        let used = self.evaluated.saturating_sub(self.forgiven);
        u8::try_from(used).map_or(0, |used| limits::GUESSES.saturating_sub(used))
    }

    /// Returns the mark after one more guess; none where none is left.
    #[must_use]
    pub fn counted(self) -> Option<Self> {
        let is_left = mutant!("realm.guesses-are-bounded", self.left() > 0);
        (is_left).then(|| Self {
            evaluated: mutant!("realm.guesses-are-counted", self.evaluated + 1 => self.evaluated),
            ..self
        })
    }

    /// Returns the mark once all guesses up to this one are forgiven, which are not more than were made.
    ///
    /// The same word a second time forgives nothing.
    #[must_use]
    pub fn forgiven_up_to(self, evaluated: u64) -> Self {
        let known = mutant!("realm.forgives-what-was", evaluated.min(self.evaluated) => self.evaluated);
        Self { forgiven: self.forgiven.max(known), ..self }
    }

    /// Returns the mark at which a newer version begins.
    #[must_use]
    pub fn begin(number: u64) -> Self {
        Self { number, evaluated: 0, forgiven: 0 }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mark() -> impl Strategy<Value = Mark> {
        (0u64..3, 0u64..30, 0u64..30).prop_map(|(number, evaluated, forgiven)| Mark {
            number,
            evaluated,
            forgiven: forgiven.min(evaluated),
        })
    }

    proptest! {
        /// Whichever order, however often: what two places know comes to the same.
        #[test]
        fn joining_is_an_upper_bound_in_any_order(a in mark(), b in mark(), c in mark()) {
            prop_assert_eq!(a.join(b), b.join(a));
            prop_assert_eq!(a.join(b).join(c), a.join(b.join(c)));
            prop_assert_eq!(a.join(a), a);
            prop_assert_eq!(a.join(b).join(a), a.join(b));
        }

        /// A mark from before, joined with one of now, has no more left than now.
        #[test]
        fn an_older_mark_never_refills(start in mark(), steps in proptest::collection::vec(any::<Option<u64>>(), 0..30)) {
            let mut now = start;
            for step in steps {
                now = match step {
                    Some(upto) => now.forgiven_up_to(upto % 40),
                    None => now.counted().unwrap_or(now),
                };
                prop_assert!(now.forgiven <= now.evaluated);
                prop_assert_eq!(now.join(start), now);
            }
        }
    }

    #[test]
    fn ten_guesses_and_no_more() {
        let mut mark = Mark::begin(1);
        for left in (0..limits::GUESSES).rev() {
            mark = mark.counted().expect("there are ten");
            assert_eq!(mark.left(), left);
        }
        assert_eq!(mark.counted(), None);
    }

    #[test]
    fn the_same_word_forgives_once() {
        let five = (0..5).fold(Mark::begin(1), |mark, _| mark.counted().unwrap_or(mark));
        let forgiven = five.forgiven_up_to(5);
        assert_eq!(forgiven.left(), limits::GUESSES);
        let again = forgiven.counted().map(|mark| mark.forgiven_up_to(5));
        assert_eq!(again.map(|mark| mark.left()), Some(limits::GUESSES - 1));
        assert_eq!(five.forgiven_up_to(100).forgiven, 5, "what was not made is not forgiven ahead");
    }
}
