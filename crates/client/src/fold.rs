//! Text as people look for it: neither case nor accents tell words apart.

use unicode_normalization::UnicodeNormalization as _;

/// Folds text for searching and for order: `Éric` and `eric` are one, `Straße` and `STRASSE`, full-width letters and
/// narrow ones. What is a letter of its own in one language and an accent in another counts as the latter, as whoever
/// searches may have another keyboard.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    // Lower case may bring a mark of its own.
    for letter in text.nfkd().flat_map(char::to_lowercase).nfkd().filter(|letter| !is_accent(*letter)) {
        match letter {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ħ' => folded.push('h'),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            other => folded.push(other),
        }
    }
    folded
}

/// Marks that change a letter, and the points of Hebrew and Arabic; not the vowel signs of other scripts, without which
/// words are others.
const fn is_accent(letter: char) -> bool {
    matches!(letter,
        '\u{300}'..='\u{36f}'
        | '\u{591}'..='\u{5c7}'
        | '\u{610}'..='\u{61a}'
        | '\u{640}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn neither_case_nor_accents_tell_words_apart() {
        for (one, other) in [
            ("Éric", "eric"),
            ("Straße", "STRASSE"),
            ("İstanbul", "istanbul"),
            ("ŁÓDŹ", "lodz"),
            ("Ｂａｎｋ", "bank"),
            ("København", "kobenhavn"),
            ("ΣΊΣΥΦΟΣ", "σισυφος"),
            ("שָׁלוֹם", "שלום"),
            ("Žluťoučký", "zlutoucky"),
        ] {
            assert_eq!(fold(one), fold(other));
        }
    }

    #[test]
    fn other_words_stay_others() {
        // Without its vowel signs the second would be the first.
        for (one, other) in [("क", "कि"), ("bank", "bonk"), ("例", "列")] {
            assert_ne!(fold(one), fold(other));
        }
    }
}
