//! Moving in and out: keys sign on, whole imports are taken back, a file is held against the vault.

use p256::{
    ecdsa::{Signature, SigningKey, VerifyingKey, signature::Verifier as _},
    pkcs8::{DecodePublicKey as _, EncodePrivateKey as _},
};
use roamkey_interchange::{
    export::Target,
    import::{Effect, ImportError, Reason},
};
use roamkey_vault::{SecretText, item::Login};

use super::*;
use crate::{Duplicates, Fate, ImportPlan, ItemDraft, open_file};

/// The file of an ES256 key that Bitwarden would write, made by a crate that is not ours.
fn bitwarden(key: &SigningKey) -> String {
    let pkcs8 = key.to_pkcs8_der().unwrap();
    let base64 = base64url(pkcs8.as_bytes());
    format!(
        r#"{{"encrypted":false,"folders":[],"items":[
{{"type":1,"name":"Shop","notes":null,"login":{{"username":"ada","password":"secret","totp":null,
"uris":[{{"match":null,"uri":"https://shop.example"}}],"fido2Credentials":[{{"credentialId":"00112233-4455-6677-8899-aabbccddeeff",
"keyType":"public-key","keyAlgorithm":"ECDSA","keyCurve":"P-256","keyValue":"{base64}","rpId":"shop.example","userHandle":"AQ",
"userName":"ada","counter":"0","rpName":"Shop","userDisplayName":"Ada","discoverable":"true","creationDate":"2026-01-02T00:00:00.000Z"}}]}}}},
{{"type":2,"name":"Remark","notes":"text","secureNote":{{"type":0}}}}]}}"#
    )
}

fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for letter in 0..=chunk.len() {
            text.push(char::from(*LETTERS.get((word >> (18 - 6 * letter)) as usize & 63).unwrap()));
        }
    }
    text
}

async fn plan(session: &Session<Machine>, file: &[u8]) -> ImportPlan {
    session.plan_import(open_file(file, None).unwrap()).await.unwrap()
}

async fn import(session: &Session<Machine>, file: &[u8]) -> crate::Imported {
    let plan = plan(session, file).await;
    session.import(plan, Duplicates::Add, |_, _| {}).await.unwrap()
}

fn fates(plan: &ImportPlan) -> Vec<Fate> {
    plan.items.iter().map(|planned| planned.fate).collect()
}

#[test]
fn a_passkey_of_another_manager_signs_with_its_key() {
    block_on(async {
        let (machine, session) = session().await;
        let key = SigningKey::from_slice(&[7; 32]).unwrap();
        import(&session, bitwarden(&key).as_bytes()).await;
        let rp_id = RpId::try_from("shop.example").unwrap();
        let passkeys = session.passkeys();
        let [summary] = &passkeys.find(&rp_id, &[]).await.unwrap()[..] else { unreachable!() };
        assert_eq!(summary.user.name.as_deref(), Some("ada"));
        let (credential, _) = passkeys.load(&rp_id, &summary.id).await.unwrap().unwrap();
        let signature = credential.key.sign(&[b"a challenge"], &mut machine.rng()).unwrap();
        let signature = Signature::from_der(&signature).unwrap();
        VerifyingKey::from(&key).verify(b"a challenge", &signature).unwrap();
        let public = VerifyingKey::from_public_key_der(&credential.key.public_key().to_spki()).unwrap();
        assert_eq!(public, VerifyingKey::from(&key));
    });
}

#[test]
fn passkeys_of_every_algorithm_move_to_another_account_as_they_are() {
    block_on(async {
        let (_, old) = session().await;
        let made: Vec<_> = Algorithm::ALL
            .into_iter()
            .map(|algorithm| credential(algorithm, &format!("{algorithm:?}")))
            .chain([bare("bare")])
            .collect();
        for credential in &made {
            old.passkeys().save(credential, &[]).await.unwrap();
        }
        let written = old.export(Target::Cxf).await.unwrap();
        assert_eq!((written.items, written.left_out.len()), (made.len(), 0));
        let passphrase = Passphrase::new("of the file").unwrap();
        let file = old.seal_export(&written, Some(&passphrase));
        assert!(!file.windows(12).any(|window| window == b"shop.example"), "nothing of it is readable");
        assert_eq!(open_file(&file, None).unwrap_err(), ImportError::NeedsSecret);

        let (_, new) = session().await;
        let plan = new.plan_import(open_file(&file, Some(&passphrase)).unwrap()).await.unwrap();
        assert!(plan.items.iter().all(|planned| planned.fate == Fate::Added && planned.notices.is_empty()), "{plan:?}");
        new.import(plan, Duplicates::Add, |_, _| {}).await.unwrap();
        for credential in &made {
            let (back, _) = new.passkeys().load(&credential.rp_id, &credential.id).await.unwrap().unwrap();
            assert_same(&back, credential);
        }
        // Each against the other's file: what signs and answers here does so there.
        let comparison = new.compare_file(open_file(&file, Some(&passphrase)).unwrap()).await.unwrap();
        assert_eq!((comparison.passkeys, comparison.differences.len()), (made.len(), 0));
    });
}

#[test]
fn a_comparison_tells_what_a_file_has_otherwise() {
    block_on(async {
        let (_, session) = session().await;
        let credential = credential(Algorithm::Es256, "a");
        session.passkeys().save(&credential, &[]).await.unwrap();
        let login = |password: &str| Login {
            title: "X".to_owned(),
            username: Some("ada".to_owned()),
            password: Some(SecretText::new(password.to_owned())),
            ..Login::default()
        };
        let id = session.add(ItemDraft::Login(login("secret"))).await.unwrap();
        let text = session.export(Target::Cxf).await.unwrap().text;
        let differing = async |from: &str, to: &str| {
            assert!(text.contains(from), "{from} is not in the file");
            let comparison =
                session.compare_file(open_file(text.replace(from, to).as_bytes(), None).unwrap()).await.unwrap();
            comparison.differences.iter().map(|difference| difference.field).collect::<Vec<_>>()
        };
        let verified = base64url(credential.prf.expose().first_chunk::<32>().unwrap());
        let key = base64url(&credential.key.to_pkcs8());
        let other = base64url(&super::credential(Algorithm::Esp256, "b").key.to_pkcs8());
        assert_eq!(differing("basic-auth", "basic-auth").await.len(), 0, "as it is");
        assert_eq!(differing(&verified, &base64url(&[9; 32])).await, ["prf"]);
        assert_eq!(differing(&key, &other).await, ["signature"]);
        assert_eq!(differing("\"secret\"", "\"changed\"").await, ["password"]);
        assert_eq!(differing("basic-auth", "something-else").await, ["missing"]);
        session.trash(id).await.unwrap();
        assert_eq!(session.compare_file(open_file(text.as_bytes(), None).unwrap()).await.unwrap().differences.len(), 0);
    });
}

#[test]
fn a_second_import_finds_what_the_first_brought() {
    block_on(async {
        let (_, session) = session().await;
        let file = bitwarden(&SigningKey::from_slice(&[7; 32]).unwrap());
        assert_eq!(import(&session, file.as_bytes()).await.added, 3);
        assert_eq!(fates(&plan(&session, file.as_bytes()).await), [Fate::Known; 3]);
        let changed = file.replace("secret", "changed");
        let plan = plan(&session, changed.as_bytes()).await;
        assert_eq!(fates(&plan), [Fate::Differs, Fate::Known, Fate::Known]);
        assert_eq!(session.import(plan, Duplicates::Skip, |_, _| {}).await.unwrap().added, 0);
        assert_eq!(import(&session, changed.as_bytes()).await.added, 1);
    });
}

#[test]
fn a_whole_import_is_taken_back_and_nothing_else() {
    block_on(async {
        let (_, session) = session().await;
        let mine = session.add(ItemDraft::Login(Login::default())).await.unwrap();
        let file = bitwarden(&SigningKey::from_slice(&[7; 32]).unwrap());
        let imported = import(&session, file.as_bytes()).await;
        let [summary] = &session.imports().await.unwrap()[..] else { unreachable!() };
        assert_eq!((summary.id, summary.items, summary.at), (imported.id, 3, Time(1_700_000_000_000)));
        assert_eq!(session.undo_import(imported.id).await.unwrap(), 3);
        let living: Vec<_> = session.list().await.unwrap().into_iter().filter(|item| item.trashed.is_none()).collect();
        assert_eq!(living.iter().map(|item| item.id).collect::<Vec<_>>(), [mine]);
        assert_eq!(session.imports().await.unwrap()[0].items, 0);
        assert_eq!(session.undo_import(imported.id).await.unwrap(), 0, "once");
    });
}

#[test]
fn an_import_that_was_interrupted_goes_on_where_it_was() {
    block_on(async {
        let (machine, session) = session().await;
        let rows: String =
            (0..1_200).map(|number| format!("Site {number},https://s{number}.example,ada,secret{number}\n")).collect();
        let file = ["name,url,username,password\n", &rows].concat();
        let plan_1 = plan(&session, file.as_bytes()).await;
        let mut told = Vec::new();
        let disk = Rc::clone(&machine);
        let interrupted = session.import(plan_1, Duplicates::Add, |done, all| {
            told.push((done, all));
            *disk.disk.is_full.borrow_mut() = true;
        });
        assert!(matches!(interrupted.await.unwrap_err(), Error::Store(StoreError::Full)));
        assert_eq!(told, [(500, 1_200)]);
        *machine.disk.is_full.borrow_mut() = false;
        let plan_2 = plan(&session, file.as_bytes()).await;
        assert_eq!(fates(&plan_2).iter().filter(|fate| **fate == Fate::Known).count(), 500);
        assert_eq!(session.import(plan_2, Duplicates::Add, |_, _| {}).await.unwrap().added, 700);
        assert_eq!(session.list().await.unwrap().len(), 1_200);
    });
}

#[test]
fn what_cannot_be_taken_up_is_told_and_stops_nothing() {
    block_on(async {
        let (_, session) = session().await;
        let file = bitwarden(&SigningKey::from_slice(&[7; 32]).unwrap());
        let broken = file.replace("\"keyValue\":\"", "\"keyValue\":\"AAAA");
        assert_eq!(
            fates(&plan(&session, broken.as_bytes()).await),
            [Fate::Added, Fate::Refused(Reason::UnknownKey), Fate::Added]
        );
        let huge = file.replace("\"text\"", &format!("\"{}\"", "a".repeat(120_000)));
        assert_eq!(
            fates(&plan(&session, huge.as_bytes()).await),
            [Fate::Added, Fate::Added, Fate::Refused(Reason::TooLong)]
        );
        // What nobody sees gives way first.
        let padded = file.replace("\"type\":2", &format!("\"type\":2,\"unknown\":\"{}\"", "a".repeat(120_000)));
        let plan = plan(&session, padded.as_bytes()).await;
        assert_eq!(fates(&plan), [Fate::Added; 3]);
        let lost = plan.items[2].notices.iter().filter(|notice| notice.reason.effect() == Effect::Lost);
        assert_eq!(lost.map(|notice| notice.reason).collect::<Vec<_>>(), [Reason::TooLong]);
        assert_eq!(session.import(plan, Duplicates::Add, |_, _| {}).await.unwrap().added, 3);
    });
}
