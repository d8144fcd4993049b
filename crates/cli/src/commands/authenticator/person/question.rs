//! The question in words.

use roamkey_authenticator::ctap::{Purpose, Question, Touch};

/// A question that was put to the person.
pub(super) struct Asked {
    pub(super) text: String,
    /// What agrees.
    yes: &'static [&'static str],
}

impl Asked {
    /// The question for those who typed before they can have read it.
    pub(super) fn again(&self) -> String {
        format!("That was too quick to be an answer to this: {}", self.text)
    }

    /// What a typed line answers.
    pub(super) fn judge(&self, line: &str) -> Touch {
        if self.yes.contains(&line.trim()) { Touch::Given } else { Touch::Declined }
    }
}

/// Puts a question into words. Erasing takes more than a letter.
pub(super) fn ask(question: &Question<'_>) -> Asked {
    let site = question.rp_id.map_or_else(|| "a program".to_owned(), shown);
    let user = |word| question.user_name.map(|name| format!(" {word} {}", shown(name))).unwrap_or_default();
    let what = match question.purpose {
        Purpose::Create => format!("{site} wants to create a passkey{}.", user("for")),
        Purpose::Replace => {
            let instead = "It takes the place of the one that you have, which goes to the trash.";
            format!("{site} wants to create a passkey{}. {instead}", user("for"))
        }
        Purpose::Delete => format!("A program wants to delete your passkey{} at {site}.", user("for")),
        Purpose::Rename => format!("A program wants to rename your passkey{} at {site}.", user("for")),
        Purpose::SignIn => format!("{site} wants to sign you in{}.", user("as")),
        Purpose::Select => "A program asks whether to use this device.".to_owned(),
        Purpose::GrantToken => format!("{site} wants to act for you for a while."),
        Purpose::SetPin => {
            let text = "A program sets a PIN, by which programs will use this vault as you. To allow it, type `pin`: ";
            return Asked { text: text.to_owned(), yes: &["pin"] };
        }
        Purpose::Reset | Purpose::ResetByLongTouch => {
            let text = "A program wants to erase this device, passkeys and PIN. To do it, type `erase`: ".to_owned();
            return Asked { text, yes: &["erase"] };
        }
        _ => "A program needs your consent.".to_owned(),
    };
    Asked { text: format!("{what} Go on? [y/N] "), yes: &["y", "Y", "yes"] }
}

/// A name that somebody else chose: without what could move the cursor or turn the text around, and not too long.
fn shown(name: &str) -> String {
    let tame = |letter: &char| {
        !letter.is_control()
            && !matches!(letter, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut letters = name.chars().filter(tame);
    let mut shown: String = letters.by_ref().take(LONGEST).collect();
    if letters.next().is_some() {
        shown.push('…');
    }
    shown
}

/// As much of a name as fits a line.
const LONGEST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn question<'a>(purpose: Purpose, rp_id: &'a str, user_name: &'a str) -> Question<'a> {
        Question { purpose, rp_id: Some(rp_id), user_name: Some(user_name) }
    }

    #[test]
    fn a_question_names_site_and_account() {
        let text = |purpose| ask(&question(purpose, "shop.example", "ann")).text;
        assert_eq!(text(Purpose::Create), "shop.example wants to create a passkey for ann. Go on? [y/N] ");
        assert_eq!(text(Purpose::SignIn), "shop.example wants to sign you in as ann. Go on? [y/N] ");
        assert_eq!(
            text(Purpose::Delete),
            "A program wants to delete your passkey for ann at shop.example. Go on? [y/N] "
        );
    }

    #[test]
    fn a_question_says_what_is_lost() {
        let text = ask(&question(Purpose::Replace, "shop.example", "ann")).text;
        let instead = "It takes the place of the one that you have, which goes to the trash.";
        assert_eq!(text, format!("shop.example wants to create a passkey for ann. {instead} Go on? [y/N] "));
    }

    #[test]
    fn a_name_cannot_write_over_the_question() {
        let text = ask(&question(Purpose::SignIn, "a\x1b[2J\r\n\u{202e}\u{61c}b", &"n".repeat(99))).text;
        let name = "n".repeat(64);
        assert_eq!(text, format!("a[2Jb wants to sign you in as {name}…. Go on? [y/N] "));
    }

    #[test]
    fn only_a_clear_yes_agrees() {
        let asked = ask(&question(Purpose::SignIn, "shop.example", "ann"));
        assert_eq!(["y", "Y", "yes", " y "].map(|line| asked.judge(line)), [Touch::Given; 4]);
        assert_eq!(["", "n", "no", "yess", "erase"].map(|line| asked.judge(line)), [Touch::Declined; 5]);
    }

    #[test]
    fn erasing_takes_the_word() {
        for purpose in [Purpose::Reset, Purpose::ResetByLongTouch] {
            let asked = ask(&Question { purpose, rp_id: None, user_name: None });
            assert_eq!(asked.judge("y"), Touch::Declined);
            assert_eq!(asked.judge("erase"), Touch::Given);
        }
    }
}
