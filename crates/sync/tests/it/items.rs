//! Items that tests keep.

use roamkey_proto::ItemId;
use roamkey_sync::replica::Entry;
use roamkey_testkit::Fleet;
use roamkey_vault::{
    Change, Content, Item, Operation, SecretBytes, SecretText,
    item::{Note, Passkey, PasskeyFlags},
};

/// Makes a note and keeps it on a device.
pub(crate) fn note(fleet: &mut Fleet, device: usize, title: &str) -> ItemId {
    let item = ItemId::new(fleet.draw());
    let text = SecretText::new("some text".to_owned());
    let note = Item::new(Content::Note(Note { title: title.to_owned(), text, ..Note::default() }), fleet.now);
    fleet.edit(device, Operation::create(item, note));
    item
}

/// Makes a passkey and keeps it on a device.
pub(crate) fn passkey(fleet: &mut Fleet, device: usize, rp_id: &str) -> ItemId {
    let item = ItemId::new(fleet.draw());
    let passkey = Passkey {
        rp_id: rp_id.to_owned(),
        credential_id: fleet.draw::<16>().to_vec(),
        user_handle: None,
        user_name: Some("ada".to_owned()),
        display_name: None,
        cose_key: SecretBytes::new(fleet.draw::<32>().to_vec()),
        prf_seeds: None,
        cred_blob: None,
        large_blob: None,
        large_blob_key: None,
        flags: PasskeyFlags::default(),
    };
    fleet.edit(device, Operation::create(item, Item::new(Content::Passkey(passkey), fleet.now)));
    item
}

/// Gives a note another title, as the person on this device sees it.
pub(crate) fn rename(fleet: &mut Fleet, device: usize, item: ItemId, title: &str) {
    let seen = fleet.item(device, item).unwrap();
    let operation = Operation::set(item, &seen.item, &Change::Title(title.to_owned()), fleet.now);
    fleet.edit(device, operation);
}

pub(crate) fn title(entry: &Entry) -> &str {
    match &entry.item.content {
        Content::Note(note) => &note.title,
        _ => panic!("not a note"),
    }
}

/// Returns the titles of all notes that a device has, sorted.
pub(crate) fn titles(fleet: &Fleet, device: usize) -> Vec<String> {
    let mut titles: Vec<_> = fleet.items(device).iter().map(|entry| title(entry).to_owned()).collect();
    titles.sort();
    titles
}
