"""OpenSSH's keys on a security key: made, used, downloaded. ssh-keygen does the verifying."""

import base64

import pytest

TYPES = ["ed25519-sk", "ecdsa-sk"]
TOUCHED, VERIFIED = 1, 4


@pytest.fixture
def ssh(key):
    """ssh-keygen with a PIN, and without a person at a terminal."""
    askpass = key.folder / "askpass"
    askpass.write_text(f'#!/bin/sh\ncase "$1" in *PIN*) echo {key.pin};; *) echo;; esac\n')
    askpass.chmod(0o700)
    key.set_pin()
    asking = {"SSH_ASKPASS": str(askpass), "SSH_ASKPASS_REQUIRE": "force", "DISPLAY": "none"}

    def run(*arguments, **rest):
        return key.ok("ssh-keygen", *arguments, environment=asking, **rest)

    run.key = key
    run.fails = lambda *arguments, **rest: key.fails("ssh-keygen", *arguments, environment=asking, **rest)
    return run


def make(ssh, type, *options, name="id"):
    arguments = [part for option in options for part in ("-O", option)]
    ssh("-t", type, "-N", "", "-C", "ann@laptop", "-f", name, *arguments)
    return (ssh.key.folder / f"{name}.pub").read_text()


def sign(ssh, public, name="id"):
    """Signs a letter, and has it verified as the owner of the public key wrote it."""
    letter = ssh.key.file("letter", "dear bob")
    (ssh.key.folder / "letter.sig").unlink(missing_ok=True)
    ssh("-Y", "sign", "-f", name, "-n", "file", letter)
    signers = ssh.key.file("signers", "ann@laptop " + public)
    verify = ["-Y", "verify", "-f", signers, "-I", "ann@laptop", "-n", "file", "-s", "letter.sig"]
    assert 'Good "file" signature for ann@laptop' in ssh(*verify, typed="dear bob\n")
    ssh.fails(*verify, typed="dear eve\n")


def flags(ssh):
    """What the last signature says of the person: its flags stand before a counter of four bytes, at the end."""
    armoured = (ssh.key.folder / "letter.sig").read_text().splitlines()[1:-1]
    return base64.b64decode("".join(armoured))[-5]


@pytest.mark.parametrize("type", TYPES)
def test_a_key_is_made_and_signs(ssh, type):
    sign(ssh, make(ssh, type))


@pytest.mark.parametrize("type", TYPES)
def test_a_resident_key_is_downloaded_and_signs(ssh, type):
    public = make(ssh, type, "resident", "application=ssh:laptop", "user=ann")
    ssh("-K", "-N", "")
    (downloaded,) = ssh.key.folder.glob("id_*_rk_laptop*.pub")
    fetched = downloaded.read_text()
    assert fetched.split()[:2] == public.split()[:2]
    sign(ssh, fetched, name=downloaded.with_suffix("").name)


@pytest.mark.parametrize("type", TYPES)
def test_a_key_that_wants_verification_asks_for_the_pin(ssh, type):
    sign(ssh, make(ssh, type))
    assert flags(ssh) == TOUCHED
    sign(ssh, make(ssh, type, "verify-required", name="other"), name="other")
    assert flags(ssh) == TOUCHED | VERIFIED


@pytest.mark.parametrize("type", TYPES)
def test_a_resident_key_that_wants_verification(ssh, type):
    sign(ssh, make(ssh, type, "resident", "verify-required"))


def test_a_key_that_needs_no_touch_signs_without(ssh):
    make(ssh, "ed25519-sk", "no-touch-required")
    ssh.key.control("touch off")
    ssh("-Y", "sign", "-f", "id", "-n", "file", ssh.key.file("letter", "dear bob"))
    assert flags(ssh) == 0


def test_both_types_live_on_one_key(ssh):
    publics = [make(ssh, type, "resident", f"application=ssh:{type}", name=type) for type in TYPES]
    for type, public in zip(TYPES, publics):
        sign(ssh, public, name=type)


def test_a_challenge_is_attested(ssh):
    challenge = ssh.key.file("challenge", "of the day")
    make(ssh, "ed25519-sk", f"challenge={challenge}", "write-attestation=attestation")
    assert (ssh.key.folder / "attestation").stat().st_size > 0
