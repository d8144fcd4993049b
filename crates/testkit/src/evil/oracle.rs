//! A plain list of what honest devices wrote, and what each of them may show.

use std::collections::{BTreeMap, BTreeSet};

use roamkey_proto::{ItemId, Pin};
use roamkey_vault::{Content, Item};

/// What honest devices wrote.
#[derive(Default)]
pub struct Oracle {
    /// Every text that ever was in an item.
    written: BTreeMap<ItemId, BTreeSet<String>>,
    /// What the vault held at a head, as the first honest device that got there found it.
    states: BTreeMap<[u8; 32], View>,
}

/// What a device shows of each item: a hash of all that it holds, and whether it is in the trash.
pub(super) type View = BTreeMap<ItemId, ([u8; 32], bool)>;

impl Oracle {
    /// Notes what a device just wrote.
    pub fn wrote(&mut self, id: ItemId, item: &Item) {
        self.written.entry(id).or_default().extend(texts(item));
    }

    /// Asserts that each text of this item was written there by an honest device.
    ///
    /// # Panics
    /// When one was not.
    pub fn assert_written(&self, id: ItemId, item: &Item) {
        let written = self.written.get(&id).unwrap_or_else(|| panic!("nobody wrote item {id}"));
        for text in texts(item) {
            assert!(written.contains(&text), "nobody wrote `{text}` into item {id}");
        }
    }

    /// Asserts that a device without changes of its own shows the state of its head, whole; the first that gets there
    /// says what that is.
    ///
    /// # Panics
    /// When it shows another.
    pub fn assert_state(&mut self, head: Pin, view: View) {
        let known = self.states.entry(head.id).or_insert_with(|| view.clone());
        assert_eq!(*known, view, "two devices at head {} show different vaults", head.seq);
    }
}

fn texts(item: &Item) -> Vec<String> {
    let mut texts = Vec::new();
    match &item.content {
        Content::Note(note) => texts.extend([note.title.clone(), note.text.expose().to_owned()]),
        Content::Login(login) => {
            texts.push(login.title.clone());
            texts.extend(login.sites.clone());
            texts.extend(login.username.clone());
            let secrets = [&login.password, &login.notes, &login.totp];
            texts.extend(secrets.into_iter().flatten().map(|secret| secret.expose().to_owned()));
        }
        Content::Passkey(passkey) => {
            texts.extend([passkey.rp_id.clone(), hex::encode(&passkey.credential_id)]);
            texts.extend(passkey.user_name.clone());
            texts.push(hex::encode(passkey.cose_key.expose()));
        }
        _ => {}
    }
    texts
}
