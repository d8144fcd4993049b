//! `roamkey authenticator` and its clients.

mod client;
mod served;

use std::{
    net::{TcpStream, UdpSocket},
    os::unix::{fs::MetadataExt as _, net::UnixStream, process::CommandExt as _},
    process::Command,
};

use minicbor::Encoder;

use self::{
    client::{Client, Wire},
    served::Served,
};
use super::stage::{Device, Server};

const GET_INFO: &[u8] = &[4];
const RESET: &[u8] = &[7];

#[test]
fn each_transport_serves_a_device() {
    let device = Device::new();
    let socket = device.home().with_file_name("device.socket");
    for transport in ["tcp:127.0.0.1:0", "udp:127.0.0.1:0", &format!("unix:{}", socket.display())] {
        let served = Served::start(&device, &["--ephemeral", "--presence", "always", "--transport", transport]);
        let mut client = Client::connect(&served.address);
        assert_eq!(client.ping(&[7; 7609]), [7; 7609], "{transport}");
        assert_eq!(client.cbor(GET_INFO)[0], 0, "{transport}");
        assert!(served.end().success(), "{transport}");
    }
    assert!(!socket.exists(), "what was put into the file system is gone");
}

#[test]
fn several_clients_share_a_device() {
    let served = Served::ephemeral("tcp:127.0.0.1:0");
    let mut clients = [0; 3].map(|_| Client::connect(&served.address));
    for round in 0..10 {
        for client in &mut clients {
            assert_eq!(client.ping(&[round; 200]), [round; 200]);
        }
    }
    let [gone, mut first, mut second] = clients;
    drop(gone);
    for client in [&mut first, &mut second] {
        assert_eq!(client.cbor(GET_INFO)[0], 0);
    }
}

#[test]
fn a_client_that_hangs_up_in_the_middle_leaves_the_device_to_others() {
    let served = Served::ephemeral("tcp:127.0.0.1:0");
    for _ in 0..20 {
        let mut client = Client::connect(&served.address);
        client.begin(0x81, 7000);
        drop(client);
        let mut next = Client::connect(&served.address);
        assert_eq!(next.ping_when_free(b"next"), b"next");
    }
}

#[test]
fn no_other_user_of_the_machine_is_served() {
    // A greeting on the broadcast channel, and the first byte of the answer.
    let frame = [r"\xff\xff\xff\xff\x86\x00\x08nonce...", &r"\x00".repeat(49)].concat();
    for (transport, prefix) in [("tcp", r"\x00\x40"), ("udp", "")] {
        let served = Served::ephemeral(&format!("{transport}:127.0.0.1:0"));
        let port = served.address.rsplit(':').next().unwrap();
        let open = format!("exec 3<>/dev/{transport}/127.0.0.1/{port}");
        let script = format!("{open}; printf '{prefix}{frame}' >&3; timeout 1 head -c 1 <&3 | wc -c");
        let heard = |bash: &mut Command| super::stage::text(&bash.args(["-c", &script]).output().unwrap().stdout);
        assert_eq!(heard(&mut Command::new("bash")).trim(), "1", "{transport}");
        // Only root can be somebody else.
        if std::fs::metadata("/proc/self").unwrap().uid() == 0 {
            assert_eq!(heard(Command::new("bash").uid(65534)).trim(), "0", "{transport}");
        }
    }
}

#[test]
fn whoever_sends_something_else_than_frames_is_hung_up_on() {
    use std::io::{Read as _, Write as _};
    let served = Served::ephemeral("tcp:127.0.0.1:0");
    let mut browser = TcpStream::connect(served.address.strip_prefix("tcp:").unwrap()).unwrap();
    let request = format!("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n{}", "x".repeat(100));
    browser.write_all(request.as_bytes()).unwrap();
    // It ends, kindly or not, and nothing was said.
    let mut answer = Vec::new();
    let _ = browser.read_to_end(&mut answer);
    assert_eq!(answer, b"");
    assert_eq!(Client::connect(&served.address).ping(b"hello"), b"hello");
}

#[test]
fn a_datagram_that_is_no_frame_is_ignored() {
    let served = Served::ephemeral("udp:127.0.0.1:0");
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    for length in [0, 1, 63, 65, 1000] {
        socket.send_to(&vec![0; length], served.address.strip_prefix("udp:").unwrap()).unwrap();
    }
    assert_eq!(Client::connect(&served.address).ping(b"hello"), b"hello");
}

#[test]
fn a_passkey_made_over_ctap_is_in_the_vault_and_on_other_devices() {
    let server = Server::start();
    let laptop = Device::founder(&server);
    let desktop = Device::joined(&laptop, &server, "desktop");
    let serve = ["--vault", "--presence", "always", "--transport", "tcp:127.0.0.1:0"];

    let served = Served::start(&laptop, &serve);
    let made = Client::connect(&served.address).cbor(&make_credential("shop.example"));
    assert_eq!(made[0], 0, "{made:02x?}");
    assert!(served.end().success());

    let listed = laptop.json(&["list"]);
    assert_eq!(listed["items"][0]["kind"], "passkey");
    assert_eq!(listed["items"][0]["site"], "shop.example");
    assert_eq!(listed["items"][0]["synced"], true, "it was sent at once");

    desktop.ok(&["sync"]);
    let served = Served::start(&desktop, &serve);
    let signed = Client::connect(&served.address).cbor(&get_assertion("shop.example"));
    assert_eq!(signed[0], 0, "{signed:02x?}");
}

#[test]
fn a_passkey_made_without_a_server_waits_for_it() {
    let mut server = Server::start();
    let laptop = Device::founder(&server);
    server.stop();
    let served = Served::start(&laptop, &["--presence", "always", "--transport", "tcp:127.0.0.1:0"]);
    let mut client = Client::connect(&served.address);
    assert_eq!(client.cbor(&make_credential("shop.example"))[0], 0);
    assert_eq!(client.cbor(&get_assertion("shop.example"))[0], 0, "it serves at once");
    drop(served);
    server.restart();
    assert_eq!(laptop.json(&["sync"])["pending"], 0);
}

#[test]
fn no_program_erases_a_vault() {
    let server = Server::start();
    let laptop = Device::founder(&server);
    let served = Served::start(&laptop, &["--presence", "always", "--transport", "tcp:127.0.0.1:0"]);
    let mut client = Client::connect(&served.address);
    assert_eq!(client.cbor(&make_credential("shop.example"))[0], 0);
    assert_eq!(client.cbor(RESET), [0x01], "there is no such command");
    drop(served);
    assert_eq!(laptop.json(&["list"])["items"][0]["site"], "shop.example");
}

#[test]
fn what_the_device_remembers_rests_sealed_until_it_is_to_be_forgotten() {
    let server = Server::start();
    let laptop = Device::founder(&server);
    drop(Served::start(&laptop, &["--presence", "always", "--transport", "tcp:127.0.0.1:0"]));
    let kept = || pollster::block_on(laptop.session().authenticator_state()).unwrap();
    let state = kept().expect("a state");
    for file in std::fs::read_dir(laptop.home()).unwrap() {
        let disk = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!disk.windows(state.len()).any(|bytes| bytes == *state));
    }
    drop(Served::start(&laptop, &["--presence", "always", "--transport", "tcp:127.0.0.1:0"]));
    assert_eq!(kept().as_ref(), Some(&state), "it is there the next time");
    drop(Served::start(&laptop, &["--presence", "always", "--transport", "tcp:127.0.0.1:0", "--forget-pin"]));
    assert_ne!(kept().as_ref(), Some(&state), "unless the person has it forgotten");
}

#[test]
fn without_a_terminal_nobody_can_be_asked() {
    let said = Device::new().fails(&["authenticator", "--ephemeral", "--transport", "tcp:127.0.0.1:0"]);
    assert!(said.starts_with("Error: There is no terminal"), "{said}");
}

#[test]
fn an_address_in_use_is_explained() {
    let served = Served::ephemeral("tcp:127.0.0.1:0");
    let taken = &served.address;
    let said = Device::new().fails(&["authenticator", "--ephemeral", "--presence", "always", "--transport", taken]);
    assert!(said.starts_with("Error: The authenticator cannot be served: "), "{said}");
}

#[test]
fn with_json_one_value_says_where_it_listens() {
    let device = Device::new();
    let arguments = ["--ephemeral", "--presence", "always", "--transport", "tcp:127.0.0.1:0", "--json"];
    let served = Served::start(&device, &arguments);
    let value: serde_json::Value = serde_json::from_str(&served.line).unwrap();
    assert!(value["listening"].as_str().unwrap().starts_with("tcp:127.0.0.1:"));
    assert_eq!(served.rest(), "");
}

/// This is the program as it is released.
#[test]
#[cfg(not(feature = "test-hooks"))]
fn no_release_lets_a_test_play_the_person() {
    let device = Device::new();
    let arguments = ["authenticator", "--ephemeral", "--transport", "tcp:127.0.0.1:0", "--presence", "control:x"];
    let refused = device.run(&arguments);
    let said = super::stage::text(&refused.stderr);
    assert!(said.contains("it is ask or always"), "{said}");
    let program = std::fs::read(env!("CARGO_BIN_EXE_roamkey")).unwrap();
    for word in ["power-cycle", "touch off", "clock +SECONDS"] {
        assert!(!program.windows(word.len()).any(|bytes| bytes == word.as_bytes()), "{word}");
    }
}

fn make_credential(rp_id: &str) -> Vec<u8> {
    let mut message = vec![1];
    let mut cbor = Encoder::new(&mut message);
    cbor.map(5).unwrap().u8(1).unwrap().bytes(&[7; 32]).unwrap();
    cbor.u8(2).unwrap().map(1).unwrap().str("id").unwrap().str(rp_id).unwrap();
    cbor.u8(3).unwrap().map(2).unwrap().str("id").unwrap().bytes(b"ann").unwrap();
    cbor.str("name").unwrap().str("ann").unwrap();
    cbor.u8(4).unwrap().array(1).unwrap().map(2).unwrap().str("alg").unwrap().i8(-7).unwrap();
    cbor.str("type").unwrap().str("public-key").unwrap();
    cbor.u8(7).unwrap().map(1).unwrap().str("rk").unwrap().bool(true).unwrap();
    message
}

fn get_assertion(rp_id: &str) -> Vec<u8> {
    let mut message = vec![2];
    let mut cbor = Encoder::new(&mut message);
    cbor.map(2).unwrap().u8(1).unwrap().str(rp_id).unwrap().u8(2).unwrap().bytes(&[7; 32]).unwrap();
    message
}

/// Opens a way to a device, by what it printed.
fn connect(address: &str) -> Box<dyn Wire> {
    match address.split_once(':').unwrap() {
        ("tcp", address) => Box::new(TcpStream::connect(address).unwrap()),
        ("unix", path) => Box::new(UnixStream::connect(path).unwrap()),
        ("udp", address) => {
            let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
            socket.connect(address).unwrap();
            Box::new(socket)
        }
        other => panic!("{other:?}"),
    }
}
