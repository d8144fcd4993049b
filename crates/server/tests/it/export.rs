use minicbor::{Decode, Decoder};
use roamkey_proto::{AccountId, Bundle, Op, Pin, api::Accepted, problem::Problem};
use roamkey_trust::Log;

use crate::{device::Device, http::Answer, server::TestServer};

#[test]
fn an_export_holds_everything_that_is_kept() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    let second = Device::new(2);
    for op in [second.joins(&account.log), Op::Rotate] {
        let bundle = account.extend(op, &Device::new(1));
        let _: Accepted = server.client.post(&account.path("log"), Some(&token), &bundle).ok();
    }
    let mut records = Vec::new();
    for item in 1..=3 {
        let push = account.push(&[item]);
        let _: Accepted = server.client.post(&account.path("push"), Some(&token), &push).ok();
        account.accepted(&push);
        records.push(push.records[0].0.clone());
    }
    let export = Export::read(&server.client.get(&account.path("export"), Some(&token)));
    assert_eq!((export.account, export.log, export.vault), (account.id(), account.log.head(), account.head));
    // Every wrap is there, so that the log can be verified as whole.
    let mut log = Log::open_whole_genesis(&export.bundles[0]).unwrap();
    for bundle in &export.bundles[1..] {
        log.append_whole(bundle).unwrap();
    }
    assert_eq!(log.head(), account.log.head());
    assert_eq!((export.commits, export.records), (3, records));
}

#[test]
fn an_export_is_for_members_and_now_and_then() {
    let server = TestServer::start_with(|config| config.limits.exports_per_hour = 1);
    let (account, token) = server.account(1);
    let (_, others) = server.account(2);
    assert_eq!(server.client.get(&account.path("export"), Some(&others)).problem(), Problem::Unauthorized);
    assert_eq!(Export::read(&server.client.get(&account.path("export"), Some(&token))).commits, 0);
    assert_eq!(server.client.get(&account.path("export"), Some(&token)).problem(), Problem::RateLimited);
}

/// What `spec/api.md` says an export is.
struct Export {
    account: AccountId,
    log: Pin,
    vault: Pin,
    bundles: Vec<Bundle>,
    commits: usize,
    records: Vec<Vec<u8>>,
}

impl Export {
    fn read(answer: &Answer) -> Self {
        assert_eq!((answer.status, answer.content_type.as_str()), (200, "application/cbor-seq"));
        let mut decoder = Decoder::new(&answer.body);
        assert_eq!((decoder.array().unwrap(), decoder.u8().unwrap()), (Some(5), 0));
        let account = AccountId::decode(&mut decoder, &mut ()).unwrap();
        assert!(decoder.u64().unwrap() > 0);
        let pins = [(); 2].map(|()| Pin::decode(&mut decoder, &mut ()).unwrap());
        let mut export =
            Self { account, log: pins[0], vault: pins[1], bundles: Vec::new(), commits: 0, records: Vec::new() };
        loop {
            let length = decoder.array().unwrap();
            match decoder.u8().unwrap() {
                1 => export.bundles.push(Bundle::decode(&mut decoder, &mut ()).unwrap()),
                2 => {
                    decoder.bytes().unwrap();
                    export.commits += 1;
                }
                3 => export.records.push(decoder.bytes().unwrap().to_vec()),
                4 => drop(decoder.bytes().unwrap().to_vec()),
                kind => {
                    assert_eq!((kind, length, decoder.position()), (5, Some(1), answer.body.len()));
                    return export;
                }
            }
        }
    }
}
