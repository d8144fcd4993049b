//! Files of other password managers: nothing in them breaks the reader, and what it makes of them holds together.

use roamkey_interchange::{
    import::{self, Foreign},
    limits,
    otp::Totp,
};

use crate::Target;

pub(super) const TARGET: Target = Target { name: "files", seeds: starts, run };

fn starts() -> Vec<Vec<u8>> {
    SEEDS.iter().map(|seed| seed.as_bytes().to_vec()).collect()
}

fn run(input: &[u8]) {
    let Ok(import) = import::read(input, Some("passphrase")) else { return };
    assert!(import.entries.len() <= limits::ITEMS);
    for entry in &import.entries {
        if let Foreign::Login(login) = &entry.content
            && let Some(totp) = &login.totp
        {
            let again = Totp::parse(totp.expose()).expect("the address of a generator");
            assert_eq!(*again.to_uri(), totp.expose(), "one generator has one address");
        }
        if let Some(rest) = &entry.rest {
            assert!(serde_json::from_str::<serde_json::Value>(rest.expose()).is_ok_and(|rest| rest.is_object()));
        }
    }
}

const SEEDS: &[&str] = &[
    "name,url,username,password,note\nMail,https://mail.example,ada,\"a \"\"b\"\"\nc\",x\n",
    "url,username,password,totp,extra,name,grouping,fav\nhttp://sn,,,,\"NoteType:Server\",S,A\\B,0\nhttps://x,a,b,GEZDGNBV,,X,,1\n",
    "folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\nW,1,login,X,,\"a: b\nc\",0,\"https://x,y,https://z\",a,b,otpauth://totp/X:a?secret=GEZDGNBV&digits=8\n",
    r#"{"encrypted":false,"folders":[{"id":"f","name":"W"}],"items":[{"type":1,"folderId":"f","name":"X","fields":[{"name":"a","value":"b","type":1}],"passwordHistory":[{"password":"o","lastUsedDate":"2026-01-01T00:00:00.000Z"}],"login":{"uris":[{"uri":"https://x","match":1}],"username":"a","password":"b","totp":"GEZDGNBV","fido2Credentials":[{"credentialId":"00112233-4455-6677-8899-aabbccddeeff","keyValue":"AAEC","rpId":"x","userHandle":"AQ","counter":"1","discoverable":"true"}]}},{"type":3,"card":{"number":"4"}}]}"#,
    r#"{"encrypted":true,"passwordProtected":true,"salt":"AA","kdfType":0,"kdfIterations":1,"encKeyValidation_DO_NOT_EDIT":"2.AA==|AA==|AA==","data":"2.AA==|AA==|AA=="}"#,
    r#"{"version":{"major":1,"minor":0},"exporterRpId":"x","accounts":[{"collections":[{"id":"c","title":"W","items":[{"item":"i"}],"subCollections":[]}],"items":[{"id":"i","creationAt":1,"title":"X","scope":{"urls":["https://x"],"androidApps":[]},"credentials":[{"type":"basic-auth","username":{"fieldType":"string","value":"a"}},{"type":"totp","secret":"GEZDGNBV","algorithm":"sha1","digits":6,"period":30},{"type":"note","content":{"fieldType":"string","value":"n"}},{"type":"passkey","credentialId":"AQ","rpId":"x","username":"","userDisplayName":"","userHandle":"AQ","key":"AA","fido2Extensions":{"credBlob":"AA","largeBlob":{"uncompressedSize":3,"data":"S0xKBgA"}}},{"type":"custom-fields","fields":[{"fieldType":"string","value":"1","label":"l"}]}]}]}]}"#,
    r#"{"version":"1","encrypted":false,"vaults":{"v":{"name":"P","items":[{"itemId":"i","state":1,"createTime":1,"data":{"metadata":{"name":"X"},"type":"login","extraFields":[{"fieldName":"a","type":"text","data":{"content":"b"}}],"content":{"itemEmail":"e","itemUsername":"u","urls":["https://x"],"password":"p","totpUri":"GEZDGNBV"}}}]}}}"#,
    r#"{"records":[{"title":"X","login":"a","password":"b","uid":"u","$type":"login","folders":[{"folder":"F"}],"custom_fields":{"$oneTimeCode::1":"GEZDGNBV","$passkey::1":{"credentialId":"AQ","privateKey":{"kty":"OKP","crv":"Ed25519","d":"AA"},"relyingParty":"x","signCount":1}}}]}"#,
    "\u{3}\u{0}PK",
];
