//! CSV as Apple Passwords writes it, which browsers and managers read.

use roamkey_vault::{Content, item::Login};
use zeroize::Zeroizing;

use super::{LeftOut, Outgoing, Written};

/// Writes a table of the logins. Secrets are exposed to be written to the file that the person asked for.
pub(super) fn write(items: &[&Outgoing<'_>]) -> Written {
    let mut left_out = Vec::new();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut write = |row: [&str; 6]| writer.write_record(row).expect("writing to memory does not fail");
    write(["Title", "URL", "Username", "Password", "Notes", "OTPAuth"]);
    let mut count = 0;
    for outgoing in items {
        let mut leave_out = |field| left_out.push(LeftOut { item: outgoing.id, field });
        let login = match &outgoing.item.content {
            Content::Login(login) => login,
            Content::Note(_) => {
                leave_out("note");
                continue;
            }
            _ => {
                leave_out("passkey");
                continue;
            }
        };
        let Login { title, sites, username, password, notes, totp, tags, fields } = login;
        let site = sites.first().map_or("", String::as_str);
        let secret = |secret: &'_ Option<roamkey_vault::SecretText>| {
            secret.as_ref().map(|secret| secret.expose().to_owned()).unwrap_or_default()
        };
        let (password, notes, totp) = (secret(password), secret(notes), secret(totp));
        let title = if title.is_empty() { site } else { title };
        write([title, site, username.as_deref().unwrap_or_default(), &password, &notes, &totp]);
        let surplus = [
            ("sites", sites.len() > 1),
            ("tags", !tags.is_empty()),
            ("fields", !fields.is_empty()),
            ("history", !outgoing.item.history.is_empty()),
        ];
        surplus.into_iter().filter(|(_, is_there)| *is_there).for_each(|(field, _)| leave_out(field));
        count += 1;
    }
    let bytes = writer.into_inner().expect("writing to memory does not fail");
    let text = String::from_utf8(bytes).expect("of texts");
    Written { text: Zeroizing::new(text), items: count, left_out }
}
