//! What goes over the wire: damaged, unknown, chatty, too telling.

use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

use pollster::block_on;
use roamkey_client::{Error, ItemDraft};
use roamkey_proto::{Time, api::Push, api::ServerInfo, problem::Problem};
use roamkey_testkit::evil::{Answer, Endpoint, EvilServer, World, lies, passphrase};
use roamkey_vault::{SecretText, item::Note};

use super::one_behind;

#[test]
fn an_answer_with_a_flipped_bit_is_never_applied() {
    for (at, endpoint) in [Endpoint::Heads, Endpoint::Log, Endpoint::Pull, Endpoint::SignIn].into_iter().enumerate() {
        let mut world = World::of(2, 901);
        for round in 0..6 {
            world.note(0, "written");
            world.sync(0).unwrap();
            let before = world.titles(1);
            world.server.tell(lies::only(1, lies::flip_bit(endpoint, 7_919 * (round + 1) + at)));
            let synced = world.sync(1);
            let after = world.titles(1);
            // Nothing changed, or all of it came in spite of the damage: never half.
            assert!(after == before || after == world.titles(0), "{synced:?}");
        }
        world.end();
    }
}

#[test]
fn truncated_and_lengthened_answers_are_never_applied() {
    for endpoint in [Endpoint::Heads, Endpoint::Pull] {
        for cut in [true, false] {
            let mut world = one_behind(902);
            world.server.tell(Box::new(move |ask, server| {
                let mut answer = server.forward(ask)?;
                if ask.endpoint() == endpoint {
                    if cut { answer.body.truncate(answer.body.len() - 1) } else { answer.body.push(0) }
                }
                Ok(answer)
            }));
            assert!(world.sync(1).is_err());
            assert_eq!(world.titles(1), ["seen"]);
            world.end();
        }
    }
}

#[test]
fn a_server_that_speaks_older_versions_only_is_not_spoken_to() {
    let mut world = World::new(301);
    let machine = world.machine();
    for versions in [vec![], vec![0], vec![7]] {
        world.server.tell(lies::edit(Endpoint::Info, move |info: &mut ServerInfo| info.versions.clone_from(&versions)));
        let pairing = block_on(world.session(0).pair()).unwrap();
        let joined = roamkey_testkit::evil::joined(Rc::clone(&machine), pairing.code(), world.url(), "newcomer");
        assert!(matches!(joined.err(), Some(Error::UpdateNeeded)));
        block_on(pairing.cancel(world.session(0)));
    }
    world.end();
}

#[test]
fn nothing_that_the_server_says_is_shown() {
    const TEXT: &str = "call 555-0100 now or visit https://evil.example";
    let mut world = World::of(2, 2201);
    world.login(0, "secret");
    let mut said = Vec::new();
    for problem in [Problem::Unauthorized, Problem::Conflict, Problem::Unavailable, Problem::NotAMember] {
        world.server.tell(lies::answer_with(Endpoint::Heads, Answer::problem(problem, TEXT)));
        said.push(world.sync(0).unwrap_err());
        said.push(block_on(world.session(0).wake()).err().unwrap_or(Error::Locked));
    }
    for (status, kind) in
        [(502, "text/html"), (200, "text/html"), (500, "application/problem+json"), (302, "text/html")]
    {
        let body = format!("<h1>{TEXT}</h1>").into_bytes();
        let answer = Answer { status, content_type: kind.to_owned(), retry_after: Some(TEXT.to_owned()), body };
        for endpoint in [Endpoint::Heads, Endpoint::SignIn, Endpoint::Mailbox] {
            world.server.tell(lies::answer_with(endpoint, answer.clone()));
            said.extend(world.sync(0).err());
            said.extend(block_on(world.session(0).pair()).err());
        }
    }
    for error in said {
        let told = format!("{error} {error:?}");
        assert!(!told.contains("555") && !told.contains("evil"), "a person is shown `{told}`");
    }
    let contact = block_on(world.session(0).contact()).unwrap();
    assert!(!format!("{contact:?}").contains("555"));
    world.end();
}

#[test]
fn no_host_name_of_an_item_leaves_the_device() {
    let mut world = World::of(2, 1201);
    world.login(0, "with a site");
    world.sync_all();
    // Reading, searching, listing: whatever looks like needing an icon or a breach look-up.
    for device in 0..2 {
        for summary in block_on(world.session(device).list()).unwrap() {
            block_on(world.session(device).item(summary.id)).unwrap();
            _ = summary.matches("canary-host");
        }
    }
    world.end();
}

#[test]
fn every_request_goes_to_the_one_server() {
    let elsewhere: Rc<RefCell<BTreeSet<String>>> = Rc::default();
    let mut world = World::of(2, 1202);
    let noted = Rc::clone(&elsewhere);
    world.server.tell(Box::new(move |ask, server: &EvilServer| {
        if !ask.path.starts_with('/') {
            noted.borrow_mut().insert(ask.path.clone());
        }
        server.forward(ask)
    }));
    world.login(0, "with a site");
    world.sync_all();
    world.revoke(0, &[1]).unwrap();
    block_on(world.session(0).verify(&passphrase())).unwrap();
    assert_eq!(*elsewhere.borrow(), BTreeSet::new());
    world.end_as(&[(1, roamkey_testkit::evil::Ending::IsOut)]);
}

#[test]
fn texts_within_a_bucket_are_uploads_of_one_size() {
    let sizes: Rc<RefCell<BTreeSet<usize>>> = Rc::default();
    let mut world = World::new(3901);
    let noted = Rc::clone(&sizes);
    world.server.tell(Box::new(move |ask, server: &EvilServer| {
        if let Some(push) = ask.decode::<Push>() {
            noted.borrow_mut().extend(push.records.iter().map(|record| record.0.len()));
        }
        server.forward(ask)
    }));
    // From nothing to most of the first bucket, in letters that compress well and ones that do not.
    for text in ["", "a", "correct horse", &"a".repeat(60), "qJ8#vT1!mZ0$kX5%bN7&hL3(gF9)dR2*"] {
        let title = world.canaries.plant("t");
        let note = Note { title, text: SecretText::new(text.to_owned()), ..Note::default() };
        world.write(0, ItemDraft::Note(note));
        world.sync(0).unwrap();
    }
    assert_eq!(sizes.borrow().len(), 1, "{sizes:?}");
    world.end();
}

#[test]
fn what_is_not_there_is_answered_like_what_is() {
    let world = World::new(4001);
    let answers: Rc<RefCell<Vec<(u16, String, usize)>>> = Rc::default();
    let noted = Rc::clone(&answers);
    // The same question of a device that is there, and then of one that is not.
    world.server.tell(Box::new(move |ask, server: &EvilServer| {
        if ask.endpoint() == Endpoint::Challenge {
            for known in [true, false] {
                let mut ask = ask.clone();
                if !known {
                    let mut body: roamkey_proto::api::ChallengeRequest = ask.decode().unwrap();
                    body.account = roamkey_proto::AccountId::new([3; 32]);
                    ask.body = Some(roamkey_proto::cbor::encode(&body));
                }
                let answer = server.forward(&ask)?;
                noted.borrow_mut().push((answer.status, answer.content_type, answer.body.len()));
            }
        }
        server.forward(ask)
    }));
    block_on(world.session(0).wake()).unwrap();
    let seen = answers.borrow().clone();
    assert!(seen.len() >= 2 && seen.iter().all(|answer| *answer == seen[0]), "{seen:?}");
    world.end();
}

#[test]
fn a_lying_clock_changes_nothing() {
    for time in [Time(0), Time(u64::MAX)] {
        let mut world = World::of(2, 1601);
        world.server.tell(lies::edit(Endpoint::Info, move |info: &mut ServerInfo| info.time = time));
        world.note(0, "whenever");
        world.sync_all();
        let newcomer = world.add_device(1);
        world.sync_all();
        assert_eq!(world.titles(newcomer), ["whenever"]);
        world.end();
    }
}
