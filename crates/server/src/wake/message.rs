//! What goes over a bus: lines of `ACCOUNT LOG VAULT`, as few messages as the smallest bus allows.

use std::collections::BTreeMap;

use roamkey_proto::{AccountId, api::Wake};

pub(super) fn write(wakes: &BTreeMap<AccountId, Wake>) -> Vec<String> {
    let mut messages = vec![String::new()];
    for (account, Wake { log, vault }) in wakes {
        let line = format!("{account} {log} {vault}\n");
        match messages.last_mut() {
            Some(message) if message.len() + line.len() <= MESSAGE_BYTES => message.push_str(&line),
            _ => messages.push(line),
        }
    }
    messages
}

/// Reads what can be read: whoever else can write to the bus can at most make devices look.
pub(super) fn read(message: &str) -> impl Iterator<Item = (AccountId, Wake)> + '_ {
    message.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let account = words.next()?.parse().ok()?;
        let wake = Wake { log: words.next()?.parse().ok()?, vault: words.next()?.parse().ok()? };
        words.next().is_none().then_some((account, wake))
    })
}

/// PostgreSQL takes less than 8,000 bytes.
const MESSAGE_BYTES: usize = 7_900;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_in_messages_that_fit() {
        let wake = |number: u8| Wake { log: number.into(), vault: u64::MAX };
        let wakes: BTreeMap<_, _> = (0..=255).map(|number| (AccountId::new([number; 32]), wake(number))).collect();
        let messages = write(&wakes);
        assert!(messages.len() > 1 && messages.iter().all(|message| message.len() < 8_000));
        assert_eq!(messages.iter().flat_map(|message| read(message)).collect::<BTreeMap<_, _>>(), wakes);
    }

    #[test]
    fn other_text_wakes_nobody() {
        let account = AccountId::new([1; 32]);
        for text in ["", "x", "x 1 2", &format!("{account} 1"), &format!("{account} 1 -2"), &format!("{account} 1 2 3")]
        {
            assert_eq!(read(text).count(), 0, "{text}");
        }
    }
}
