#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
use roamkey_proto::Time;
use roamkey_vault::item::{FieldKind, Login, Note};

use super::*;
use crate::import::{Entry, Foreign, Format, Reason};

fn import(text: &str) -> Import {
    crate::import::read(text.as_bytes(), None).unwrap()
}

fn login(entry: &Entry) -> &Login {
    let Foreign::Login(login) = &entry.content else { unreachable!("{entry:?}") };
    login
}

fn note(entry: &Entry) -> &Note {
    let Foreign::Note(note) = &entry.content else { unreachable!("{entry:?}") };
    note
}

fn values(login: &Login) -> (&str, Vec<&str>, Option<&str>, Option<&str>, Option<&str>) {
    let text = |secret: &'_ Option<roamkey_vault::SecretText>| secret.as_ref().map(|text| text.expose().to_owned());
    let leak = |text: Option<String>| text.map(|text| &*text.leak());
    (
        &login.title,
        login.sites.iter().map(String::as_str).collect(),
        login.username.as_deref(),
        leak(text(&login.password)),
        leak(text(&login.notes)),
    )
}

#[test]
fn a_row_of_chrome_is_a_login() {
    let import = import("name,url,username,password,note\nMail,https://mail.example/login,ada,\"a,\"\"b\",two\n");
    assert_eq!(import.format, Format::ChromeCsv);
    assert_eq!(
        values(login(&import.entries[0])),
        ("Mail", vec!["https://mail.example/login"], Some("ada"), Some("a,\"b"), Some("two"))
    );
    assert!(import.entries[0].notices.is_empty());
}

#[test]
fn the_order_of_columns_means_nothing_and_a_mark_before_them_neither() {
    let import = import("\u{feff}Password,Username,URL,Name\r\nsecret,ada,https://x.example/,X\r\n");
    assert_eq!(import.format, Format::ChromeCsv);
    assert_eq!(values(login(&import.entries[0])), ("X", vec!["https://x.example/"], Some("ada"), Some("secret"), None));
}

#[test]
fn firefox_says_when_a_login_was_made() {
    let import = import(
        "\"url\",\"username\",\"password\",\"httpRealm\",\"formActionOrigin\",\"guid\",\"timeCreated\",\"timeLastUsed\",\"timePasswordChanged\"\n\
         \"https://x.example\",\"ada\",\"secret\",\"Realm\",\"https://x.example\",\"{1}\",\"1700000000123\",\"1700000000124\",\"1700000000125\"\n",
    );
    let entry = &import.entries[0];
    assert_eq!(
        (import.format, entry.created, entry.name.as_str()),
        (Format::FirefoxCsv, Some(Time(1_700_000_000_123)), "{1}")
    );
    assert_eq!(entry.title(), "https://x.example");
    let field = &login(entry).fields[0];
    assert_eq!((field.label.as_str(), field.value.expose()), ("httpRealm", "Realm"));
    assert_eq!(entry.notices[0].reason, Reason::AsCustomField);
}

#[test]
fn apple_brings_one_time_codes() {
    let import = import(
        "Title,URL,Username,Password,Notes,OTPAuth\nX,https://x.example/,ada,secret,,otpauth://totp/X:ada?secret=GEZDGNBV&issuer=X\n",
    );
    assert_eq!(import.format, Format::AppleCsv);
    assert_eq!(
        login(&import.entries[0]).totp.as_ref().unwrap().expose(),
        "otpauth://totp/X:ada?secret=GEZDGNBV&issuer=X"
    );
}

#[test]
fn lastpass_keeps_notes_at_a_site_that_is_none() {
    let import = import(
        "url,username,password,totp,extra,name,grouping,fav\n\
         https://x.example,ada,secret,gezd gnbv,remark,X,Work\\Mail,1\n\
         http://sn,,,,\"NoteType:Server\nHostname:h\",Server,,0\n",
    );
    assert_eq!(import.format, Format::LastPassCsv);
    let first = login(&import.entries[0]);
    assert_eq!(first.totp.as_ref().unwrap().expose(), "otpauth://totp/X:ada?secret=GEZDGNBV&issuer=X");
    assert_eq!(first.tags, ["Work\\Mail"]);
    let second = note(&import.entries[1]);
    assert_eq!(
        (second.title.as_str(), second.text.expose(), second.fields.len()),
        ("Server", "NoteType:Server\nHostname:h", 0)
    );
}

#[test]
fn bitwarden_has_several_addresses_and_fields_in_a_cell() {
    let import = import(
        "folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n\
         Work,1,login,X,,\"PIN: 1\nmore: a: b\nline\",0,\"https://x.example/?a,b,https://y.example\",ada,secret,\n\
         ,,note,N,text,,0,,,,\n",
    );
    assert_eq!(import.format, Format::BitwardenCsv);
    let first = login(&import.entries[0]);
    assert_eq!(first.sites, ["https://x.example/?a,b", "https://y.example"]);
    let fields: Vec<_> = first.fields.iter().map(|field| (field.label.as_str(), field.value.expose())).collect();
    assert_eq!(fields, [("PIN", "1"), ("more", "a: b\nline")]);
    assert_eq!(note(&import.entries[1]).text.expose(), "text");
}

#[test]
fn each_other_program_is_known_by_its_names() {
    for (header, row, format) in [
        (
            "\"Group\",\"Title\",\"Username\",\"Password\",\"URL\",\"Notes\",\"TOTP\",\"Icon\",\"Last Modified\",\"Created\"",
            "\"Root/Mail\",\"X\",\"ada\",\"secret\",\"https://x.example\",\"\",\"\",\"0\",\"2026-01-01T00:00:00Z\",\"2026-01-01T00:00:00Z\"",
            Format::KeePassXcCsv,
        ),
        (
            "Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes",
            "X,https://x.example,ada,secret,,false,false,a;b,",
            Format::OnePasswordCsv,
        ),
        (
            "type,name,url,email,username,password,note,totp,createTime,modifyTime,vault",
            "login,X,https://x.example,,ada,secret,,,1700000000,1700000000,Personal",
            Format::ProtonCsv,
        ),
        (
            "username,username2,username3,title,password,note,url,category,otpSecret",
            "ada,,,X,secret,,https://x.example,,",
            Format::DashlaneCsv,
        ),
        (
            "name,url,username,password,note,cardholdername,cardnumber,cvc,expirydate,zipcode,folder,full_name,phone_number,email,address1,address2,city,country,state,type",
            "X,https://x.example,ada,secret,,,,,,,,,,,,,,,,password",
            Format::NordPassCsv,
        ),
        ("site name,website,login,password", "a,https://x.example,ada,secret", Format::Csv),
    ] {
        let import = import(&format!("{header}\n{row}\n"));
        assert_eq!(import.format, format);
        let login = login(&import.entries[0]);
        assert_eq!(
            (login.username.as_deref(), login.password.as_ref().unwrap().expose()),
            (Some("ada"), "secret"),
            "{format}"
        );
        assert_eq!(login.sites, ["https://x.example"], "{format}");
    }
}

#[test]
fn an_archive_of_dashlane_holds_a_table_for_each_kind() {
    let file = crate::import::onepassword::tests::archive(&[
        ("credentials.csv", b"username,username2,username3,title,password,note,url,category,otpSecret\nada,,,X,secret,,https://x.example,,\n"),
        ("securenotes.csv", b"title,note\nN,text\n"),
        ("payments.csv", b"type,account_name,cc_number,code\npayment_card,Visa,4242,123\n,,\n"),
    ]);
    let import = crate::import::read(&file, None).unwrap();
    assert_eq!((import.format, import.entries.len()), (Format::DashlaneCsv, 3));
    assert_eq!(values(login(&import.entries[0])).2, Some("ada"));
    let cells: Vec<_> = note(&import.entries[1]).fields.iter().map(|field| field.label.as_str()).collect();
    assert_eq!(cells, ["type", "account_name", "cc_number", "code"]);
    assert_eq!(note(&import.entries[2]).text.expose(), "text");
    assert_eq!(
        import.refused,
        [Refused { place: Place::LineOf("payments.csv".to_owned(), 3), reason: Reason::Columns }]
    );
}

#[test]
fn a_card_is_a_note_whose_secrets_are_hidden() {
    let import = import(
        "name,url,username,password,note,cardholdername,cardnumber,cvc,expirydate,folder,type\nVisa,,,,,Ada,4242,123,10/30,,credit_card\n",
    );
    let fields: Vec<_> =
        note(&import.entries[0]).fields.iter().map(|field| (field.label.as_str(), field.kind)).collect();
    assert_eq!(
        fields,
        [
            ("cardholdername", FieldKind::Text),
            ("cardnumber", FieldKind::Hidden),
            ("cvc", FieldKind::Hidden),
            ("expirydate", FieldKind::Text)
        ]
    );
}

#[test]
fn an_address_of_mail_stands_in_for_a_user_name() {
    let import = import(
        "type,name,url,email,username,password,note,totp,createTime,modifyTime,vault\n\
         login,X,,a@x.example,,secret,,,1,1,P\nlogin,X,,a@x.example,ada,secret,,,1,1,P\n",
    );
    assert_eq!(login(&import.entries[0]).username.as_deref(), Some("a@x.example"));
    let second = login(&import.entries[1]);
    assert_eq!((second.username.as_deref(), second.fields[0].value.expose()), (Some("ada"), "a@x.example"));
}

#[test]
fn what_makes_no_codes_is_kept() {
    let import = import("title,url,username,password,notes,otpauth\nX,,ada,s,,steam://ABC\n");
    let entry = &import.entries[0];
    assert_eq!(
        (login(entry).fields[0].label.as_str(), login(entry).fields[0].value.expose()),
        ("otpauth", "steam://ABC")
    );
    assert_eq!(entry.notices[0].reason, Reason::NotOneTimeCodes);
}

#[test]
fn a_row_of_another_length_is_refused_by_its_line_and_the_others_are_not() {
    let import = import("name,url,username,password\nA,,a,\"two\nlines\"\nB,,b\nC,,c,1\n");
    assert_eq!(import.refused, [Refused { place: Place::Line(4), reason: Reason::Columns }]);
    let titles: Vec<_> = import.entries.iter().map(|entry| (entry.title(), entry.place.clone())).collect();
    assert_eq!(titles, [("A", Place::Line(2)), ("C", Place::Line(5))]);
}

#[test]
fn an_open_quotation_mark_and_what_is_no_text_are_told_by_their_line() {
    for (bytes, line, fault) in [
        (&b"name,url,username,password\nA,,a,1\nB,,b,\"open\nC,,c,1\n"[..], 3, Fault::OpenQuote),
        (b"name,url,username,password\nA,,a,1\nB,,b,\xff\n", 3, Fault::NotText),
    ] {
        let error = crate::import::read(bytes, None).unwrap_err();
        assert_eq!(error, ImportError::Malformed { format: Format::ChromeCsv, place: Some(Place::Line(line)), fault });
    }
}

#[test]
fn a_table_without_passwords_is_none_of_ours() {
    for text in ["a,b,c\n1,2,3\n", "hello", "\n\n", "<html></html>"] {
        assert_eq!(crate::import::read(text.as_bytes(), None).unwrap_err(), ImportError::Unknown, "{text}");
    }
}
