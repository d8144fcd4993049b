//! How many guesses at a PIN there are, at most (protocol section 9, G6).

/// Returns the guesses that `n` realms allow of which `threshold` have to help with each, and none of which lies:
/// `floor(n·max / t)`. None where no such choice of realms exists.
#[must_use]
pub fn with_honest_realms(realms: u8, threshold: u8, max: u8) -> Option<u32> {
    with_malicious_realms(realms, threshold, max, 0)
}

/// Returns the guesses where `malicious` of the realms help as often as they are asked: `floor((n−r)·max / (t−r))`. None where
/// no such choice exists, or where the malicious ones suffice by themselves: then nothing is bounded.
#[must_use]
pub fn with_malicious_realms(realms: u8, threshold: u8, max: u8, malicious: u8) -> Option<u32> {
    if threshold == 0 || threshold > realms {
        return None;
    }
    let honest = u32::from(realms.checked_sub(malicious)?);
    let needed = u32::from(threshold.checked_sub(malicious).filter(|needed| *needed > 0)?);
    Some(honest * u32::from(max) / needed)
}

/// Returns the worst of these, which the interface states: all realms but one short of the threshold are malicious, so
/// that `(n−t+1)·max`.
#[must_use]
pub fn at_worst(realms: u8, threshold: u8, max: u8) -> Option<u32> {
    with_malicious_realms(realms, threshold, max, threshold.checked_sub(1)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_are_those_of_the_specification() {
        assert_eq!(with_honest_realms(1, 1, 10), Some(10));
        assert_eq!(with_honest_realms(3, 2, 10), Some(15));
        assert_eq!(with_honest_realms(5, 3, 10), Some(16), "a third of a guess is none");
        assert_eq!(with_malicious_realms(3, 2, 10, 1), Some(20));
        assert_eq!(at_worst(1, 1, 10), Some(10));
        assert_eq!(at_worst(3, 2, 10), Some(20));
        assert_eq!(at_worst(5, 3, 10), Some(30));
    }

    #[test]
    fn what_no_one_can_choose_has_no_bound() {
        assert_eq!(with_honest_realms(2, 3, 10), None, "more than there are");
        assert_eq!(with_honest_realms(2, 0, 10), None, "nobody helps");
        assert_eq!(with_malicious_realms(3, 2, 10, 2), None, "the malicious ones suffice");
        assert_eq!(with_malicious_realms(1, 1, 10, 2), None, "more than there are");
        assert_eq!(at_worst(3, 0, 10), None);
    }

    /// The best that anyone does who spends what each honest realm allows, `t − r` of them at a time.
    fn best(mut left: Vec<u32>, needed: usize) -> u32 {
        let mut guesses = 0;
        loop {
            left.sort_unstable_by(|a, b| b.cmp(a));
            let Some(used) = left.get_mut(..needed) else { return guesses };
            if used.contains(&0) {
                return guesses;
            }
            used.iter_mut().for_each(|left| *left -= 1);
            guesses += 1;
        }
    }

    #[test]
    fn no_way_to_spend_the_guesses_of_all_realms_is_better_than_the_bound() {
        for (realms, threshold, max) in
            (1..=6).flat_map(|n| (1..=n).flat_map(move |t| [1, 2, 10].map(|max| (n, t, max))))
        {
            for malicious in 0..threshold {
                let bound = with_malicious_realms(realms, threshold, max, malicious).unwrap_or_default();
                let honest = vec![u32::from(max); usize::from(realms - malicious)];
                assert_eq!(
                    best(honest, usize::from(threshold - malicious)),
                    bound,
                    "{realms} {threshold} {max} {malicious}"
                );
                assert!(Some(bound) <= at_worst(realms, threshold, max));
            }
        }
    }
}
