use core::fmt;

use rand_core::CryptoRng;
use subtle::ConstantTimeEq;

/// One of 64 pictures that people tell apart, and can name over the telephone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Emoji(u8);

impl Emoji {
    pub(super) const fn new(byte: u8) -> Self {
        Self(byte % COUNT)
    }

    /// Returns its place in the table, 0 to 63.
    #[must_use]
    pub const fn index(self) -> u8 {
        self.0
    }

    /// Returns the emoji at a place in the table.
    #[must_use]
    pub fn from_index(index: u8) -> Option<Self> {
        (index < COUNT).then_some(Self(index))
    }

    /// Returns the picture.
    #[must_use]
    pub fn glyph(self) -> &'static str {
        self.row().0
    }

    /// Returns its English name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().1
    }

    fn row(self) -> &'static (&'static str, &'static str) {
        TABLE.get(usize::from(self.0)).expect("indices are below 64")
    }
}

impl fmt::Debug for Emoji {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Emoji({})", self.name())
    }
}

/// The newcomer's emoji among decoys. Only the person who holds the newcomer knows which; a caller
/// who talks someone into typing a code has to talk them through this as well (attack 48).
pub struct Question {
    choices: Vec<Emoji>,
    right: Emoji,
}

impl Question {
    /// The number of emoji to choose from.
    pub const CHOICES: usize = 6;

    pub(super) fn make(right: Emoji, rng: &mut impl CryptoRng) -> Self {
        let mut choices = Vec::with_capacity(Self::CHOICES);
        let place = below(Self::CHOICES, rng);
        while choices.len() < Self::CHOICES {
            let emoji = if choices.len() == place { right } else { Emoji::new(random_byte(rng)) };
            // A decoy is never the right one, and no emoji comes twice.
            if !choices.contains(&emoji) && (emoji != right || choices.len() == place) {
                choices.push(emoji);
            }
        }
        Self { choices, right }
    }

    /// Returns the emoji to show, in this order.
    #[must_use]
    pub fn choices(&self) -> &[Emoji] {
        &self.choices
    }

    pub(super) fn is_answered_by(&self, picked: Emoji) -> bool {
        picked.0.ct_eq(&self.right.0).into()
    }
}

/// Says the choices, not which is right.
impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Question").field("choices", &self.choices).finish_non_exhaustive()
    }
}

fn random_byte(rng: &mut impl CryptoRng) -> u8 {
    let mut byte = [0];
    rng.fill_bytes(&mut byte);
    let [byte] = byte;
    byte
}

/// Draws a number below `bound`, each as likely.
fn below(bound: usize, rng: &mut impl CryptoRng) -> usize {
    let fair = 256 - 256 % bound;
    loop {
        let drawn = usize::from(random_byte(rng));
        if drawn < fair {
            return drawn % bound;
        }
    }
}

const COUNT: u8 = 64;

/// The order is part of the format: both devices read the same table.
const TABLE: [(&str, &str); COUNT as usize] = [
    ("🐶", "dog"),
    ("🐱", "cat"),
    ("🦁", "lion"),
    ("🐴", "horse"),
    ("🐷", "pig"),
    ("🐘", "elephant"),
    ("🐰", "rabbit"),
    ("🐼", "panda"),
    ("🐔", "rooster"),
    ("🐧", "penguin"),
    ("🐢", "turtle"),
    ("🐟", "fish"),
    ("🐙", "octopus"),
    ("🦋", "butterfly"),
    ("🐝", "bee"),
    ("🐌", "snail"),
    ("🌷", "tulip"),
    ("🌳", "tree"),
    ("🌵", "cactus"),
    ("🍄", "mushroom"),
    ("🌍", "globe"),
    ("🌙", "moon"),
    ("☀️", "sun"),
    ("☁️", "cloud"),
    ("🔥", "fire"),
    ("❄️", "snowflake"),
    ("🌈", "rainbow"),
    ("⚡", "lightning"),
    ("🍌", "banana"),
    ("🍎", "apple"),
    ("🍓", "strawberry"),
    ("🍒", "cherries"),
    ("🌽", "corn"),
    ("🍕", "pizza"),
    ("🎂", "cake"),
    ("🍩", "doughnut"),
    ("☕", "coffee"),
    ("🥕", "carrot"),
    ("❤️", "heart"),
    ("⭐", "star"),
    ("🤖", "robot"),
    ("🎩", "hat"),
    ("👓", "glasses"),
    ("🔧", "spanner"),
    ("🎅", "santa"),
    ("👍", "thumbs up"),
    ("☂️", "umbrella"),
    ("⌛", "hourglass"),
    ("⏰", "clock"),
    ("🎁", "gift"),
    ("💡", "light bulb"),
    ("📕", "book"),
    ("✏️", "pencil"),
    ("📎", "paper clip"),
    ("✂️", "scissors"),
    ("🔒", "lock"),
    ("🔑", "key"),
    ("🔨", "hammer"),
    ("☎️", "telephone"),
    ("🏁", "flag"),
    ("🚂", "train"),
    ("🚲", "bicycle"),
    ("✈️", "aeroplane"),
    ("🚀", "rocket"),
];

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use std::collections::BTreeSet;

    use super::*;
    use crate::primitives::testing::rng;

    #[test]
    fn no_two_emoji_look_or_sound_the_same() {
        let all = || (0..COUNT).map(|index| Emoji::from_index(index).unwrap());
        assert_eq!(all().map(Emoji::glyph).collect::<BTreeSet<_>>().len(), 64);
        assert_eq!(all().map(Emoji::name).collect::<BTreeSet<_>>().len(), 64);
        assert_eq!(Emoji::from_index(COUNT), None);
    }

    #[test]
    fn a_question_holds_the_right_emoji_once_among_distinct_decoys() {
        let mut rng = rng();
        for index in 0..COUNT {
            let right = Emoji::from_index(index).unwrap();
            let question = Question::make(right, &mut rng);
            let distinct: BTreeSet<_> = question.choices().iter().collect();
            assert_eq!(distinct.len(), Question::CHOICES);
            assert!(distinct.contains(&right));
        }
    }

    #[test]
    fn the_right_emoji_comes_in_every_place() {
        let mut rng = rng();
        let right = Emoji::new(0);
        let places: BTreeSet<_> = (0..200)
            .map(|_| Question::make(right, &mut rng).choices().iter().position(|&emoji| emoji == right).unwrap())
            .collect();
        assert_eq!(places.len(), Question::CHOICES);
    }
}
