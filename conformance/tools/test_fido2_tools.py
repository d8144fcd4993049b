"""Debian's fido2-tools: what people manage security keys with. Each test is a story; the tools do the verifying."""

import base64
import hashlib
import os
import re

import pytest

RP = "shop.example"


def b64(data):
    return base64.b64encode(data).decode()


def challenge(text):
    return b64(hashlib.sha256(text.encode()).digest())


def make(key, *options, type="es256", rp=RP, user="ann", pin=None):
    """Makes a credential and has it verified. Returns its id, then its public key line by line; and its large blob key."""
    asked = key.file("asked", challenge("create"), rp, user, b64(user.encode()))
    typed = f"{pin}\n" if pin else ""
    made = key.ok("fido2-cred", "-M", "-i", asked, *options, key.device, type, typed=typed).splitlines()
    # The tool would take the key of a large blob for a certificate.
    large_blob_key = made.pop() if "-b" in options else None
    verified = [option for option in options if option not in ("-r", "-b")]
    return key.ok("fido2-cred", "-V", *verified, type, typed="\n".join(made)).splitlines(), large_blob_key


def sign(key, cred, *options, type="es256", rp=RP, pin=None, salt=None):
    """Signs in, has that verified, and returns what fido2-assert printed, line by line."""
    lines = [challenge("sign in"), rp] + ([] if "-r" in options else [cred[0]]) + ([salt] if salt else [])
    asked = key.file("asked", *lines)
    typed = f"{pin}\n" if pin else ""
    signed = key.ok("fido2-assert", "-G", "-i", asked, *options, key.device, typed=typed)
    public = key.file("public.pem", *cred[1:])
    verified = [option for option in options if option in ("-h", "-p", "-v")]
    key.ok("fido2-assert", "-V", *verified, public, type, typed=signed)
    return signed.splitlines()


def test_the_key_is_found(key):
    assert key.ok("fido2-token", "-L").startswith(f"{key.device}: vendor=0x1209")


def test_the_key_says_what_it_can(key):
    info = key.token("-I")
    for line in ["proto: 0x02", "caps: 0x0d (wink, cbor, nomsg)", "FIDO_2_1", "es256 (public-key)", "eddsa (public-key)"]:
        assert line in info
    assert "hmac-secret" in info and "credProtect" in info and "largeBlobKey" in info
    assert re.search(r"options: .*noclientPin", info)


@pytest.mark.parametrize("type", ["es256", "eddsa", "rs256"])
def test_a_credential_is_made_and_signs(key, type):
    cred, _ = make(key, type=type)
    sign(key, cred, type=type)
    sign(key, cred, "-p", type=type)


def test_another_key_does_not_verify(key):
    first, _ = make(key)
    second, _ = make(key, user="bob")
    asked = key.file("asked", challenge("sign in"), RP, first[0])
    signed = key.ok("fido2-assert", "-G", "-i", asked, key.device)
    key.fails("fido2-assert", "-V", key.file("public.pem", *second[1:]), typed=signed)


def test_an_unknown_credential_does_not_sign(key):
    asked = key.file("asked", challenge("sign in"), RP, b64(os.urandom(16)))
    assert "FIDO_ERR_NO_CREDENTIALS" in key.fails("fido2-assert", "-G", "-i", asked, key.device)


def test_a_credential_signs_for_its_own_site_only(key):
    cred, _ = make(key)
    asked = key.file("asked", challenge("sign in"), "evil.example", cred[0])
    assert "FIDO_ERR_NO_CREDENTIALS" in key.fails("fido2-assert", "-G", "-i", asked, key.device)


def test_without_presence_nothing_says_so(key):
    cred, _ = make(key)
    key.control("touch off")
    asked = key.file("asked", challenge("sign in"), RP, cred[0])
    signed = key.ok("fido2-assert", "-G", "-t", "up=false", "-i", asked, key.device)
    key.fails("fido2-assert", "-V", "-p", key.file("public.pem", *cred[1:]), typed=signed)


def test_a_secret_is_derived_and_stays_the_same(key):
    cred, _ = make(key, "-h")
    salt, other = b64(b"\1" * 32), b64(b"\2" * 32)
    first, second = sign(key, cred, "-h", salt=salt)[-1], sign(key, cred, "-h", salt=salt)[-1]
    assert first == second and len(base64.b64decode(first)) == 32
    assert sign(key, cred, "-h", salt=other)[-1] != first


def test_a_secret_with_verification_is_another_one(key):
    key.set_pin()
    cred, _ = make(key, "-h", pin=key.pin)
    salt = b64(b"\1" * 32)
    assert sign(key, cred, "-h", salt=salt)[-1] != sign(key, cred, "-h", "-v", salt=salt, pin=key.pin)[-1]


def test_a_pin_is_set_changed_and_asked_for(key):
    key.set_pin()
    assert re.search(r"options: .*[ ,]clientPin", key.token("-I"))
    assert "pin retries: 8" in key.token("-I")
    key.token("-C", typed=f"{key.pin}\nanother1\nanother1\n")
    assert "FIDO_ERR_PIN_INVALID" in key.fails("fido2-token", "-L", "-r", key.device, typed=f"{key.pin}\n")
    assert "pin retries: 7" in key.token("-I")
    cred, _ = make(key, "-v", pin="another1")
    sign(key, cred, "-v", pin="another1")
    assert "pin retries: 8" in key.token("-I")


def test_three_wrong_pins_block_until_the_plug_is_pulled(key):
    key.set_pin()
    wrong = ["fido2-token", "-L", "-r", key.device]
    assert "FIDO_ERR_PIN_INVALID" in key.fails(*wrong, typed="wrong1\n")
    assert "FIDO_ERR_PIN_INVALID" in key.fails(*wrong, typed="wrong2\n")
    assert "FIDO_ERR_PIN_AUTH_BLOCKED" in key.fails(*wrong, typed="wrong3\n")
    assert "FIDO_ERR_PIN_AUTH_BLOCKED" in key.fails(*wrong, typed=f"{key.pin}\n")
    key.control("power-cycle")
    key.token("-I", "-c", typed=f"{key.pin}\n")


def test_a_reset_forgets_pin_and_credentials(key):
    key.set_pin()
    cred, _ = make(key, "-r", pin=key.pin)
    key.control("power-cycle")
    key.token("-R")
    assert "noclientPin" in key.token("-I")
    asked = key.file("asked", challenge("sign in"), RP, cred[0])
    assert "FIDO_ERR_NO_CREDENTIALS" in key.fails("fido2-assert", "-G", "-i", asked, key.device)


def test_a_late_reset_is_refused(key):
    key.control("clock +3600")
    assert "FIDO_ERR_NOT_ALLOWED" in key.fails("fido2-token", "-R", key.device)


def test_resident_credentials_sign_in_without_being_named(key):
    key.set_pin()
    cred, _ = make(key, "-r", pin=key.pin)
    signed = sign(key, cred, "-r", pin=key.pin)
    assert signed[4] == b64(b"ann")


def test_two_accounts_of_a_site_both_answer(key):
    key.set_pin()
    make(key, "-r", pin=key.pin)
    make(key, "-r", user="bob", pin=key.pin)
    asked = key.file("asked", challenge("sign in"), RP)
    signed = key.ok("fido2-assert", "-G", "-r", "-i", asked, key.device, typed=f"{key.pin}\n")
    assert b64(b"ann") in signed.splitlines() and b64(b"bob") in signed.splitlines()


def test_resident_credentials_are_listed_renamed_and_deleted(key):
    key.set_pin()
    typed = f"{key.pin}\n"
    cred, _ = make(key, "-r", pin=key.pin)
    make(key, "-r", rp="bank.example", type="eddsa", pin=key.pin)
    relying_parties = key.token("-L", "-r", typed=typed)
    assert RP in relying_parties and "bank.example" in relying_parties
    assert re.search(r"existing rk\(s\): 2\b", key.token("-I", "-c", typed=typed))
    listed = key.token("-L", "-k", RP, typed=typed)
    assert cred[0] in listed and b64(b"ann") in listed and "es256" in listed
    assert "\n".join(cred[1:]) in key.token("-I", "-k", RP, "-i", cred[0], typed=typed)
    key.token("-S", "-c", "-i", cred[0], "-k", b64(b"ann"), "-n", "ann", "-p", "Ann Other", typed=typed)
    assert "Ann Other" in key.token("-L", "-k", RP, typed=typed)
    key.token("-D", "-i", cred[0], typed=typed)
    assert RP not in key.token("-L", "-r", typed=typed)


@pytest.mark.parametrize("level", ["1", "2", "3"])
def test_a_credential_is_protected_as_asked(key, level):
    key.set_pin()
    cred, _ = make(key, "-r", "-c", level, pin=key.pin)
    named = key.file("asked", challenge("sign in"), RP, cred[0])
    found = key.file("found", challenge("sign in"), RP)
    unverified = ["-t", "pin=false"]
    key.ok("fido2-assert", "-G", "-v", "-i", named, key.device, typed=f"{key.pin}\n")
    by_name = key.run("fido2-assert", "-G", *unverified, "-i", named, key.device)
    by_site = key.run("fido2-assert", "-G", "-r", *unverified, "-i", found, key.device)
    assert (by_name.returncode, by_site.returncode) == {"1": (0, 0), "2": (0, 1), "3": (1, 1)}[level]


def test_large_blobs_are_kept_for_a_key(key):
    key.set_pin()
    typed = f"{key.pin}\n"
    secret = key.file("secret", b64(os.urandom(32)))
    blob = key.file("blob", "a letter", "that is long " * 50)
    key.token("-S", "-b", "-k", secret, blob, typed=typed)
    key.token("-G", "-b", "-k", secret, "back", typed=typed)
    assert (key.folder / "back").read_text() == (key.folder / "blob").read_text()
    key.token("-D", "-b", "-k", secret, typed=typed)
    key.fails("fido2-token", "-G", "-b", "-k", secret, "gone", key.device, typed=typed)


def test_large_blobs_are_kept_for_a_credential(key):
    key.set_pin()
    typed = f"{key.pin}\n"
    _, large_blob_key = make(key, "-r", "-b", pin=key.pin)
    assert len(base64.b64decode(large_blob_key)) == 32
    # Compressed below 16 bytes, libfido2 would not seal it.
    blob = key.file("blob", "a letter of some length and without much repetition")
    key.token("-S", "-b", "-n", RP, blob, typed=typed)
    assert re.search(r"^00: ", key.token("-L", "-b", typed=typed), re.MULTILINE)
    key.token("-G", "-b", "-n", RP, "back", typed=typed)
    assert (key.folder / "back").read_text() == (key.folder / "blob").read_text()
    key.token("-D", "-b", "-n", RP, typed=typed)


def test_verification_can_be_always_wanted(key):
    key.set_pin()
    typed = f"{key.pin}\n"
    key.token("-S", "-u", typed=typed)
    assert re.search(r"options: .*[ ,]alwaysUv", key.token("-I"))
    asked = key.file("asked", challenge("create"), RP, "ann", b64(b"ann"))
    key.fails("fido2-cred", "-M", "-q", "-i", asked, key.device)
    key.token("-D", "-u", typed=typed)
    assert "noalwaysUv" in key.token("-I")


def test_the_shortest_pin_can_grow(key):
    key.set_pin()
    key.token("-S", "-l", "10", typed=f"{key.pin}\n")
    info = key.token("-I")
    assert "minpinlen: 10" in info and "pin change required: true" in info
    key.fails("fido2-token", "-C", key.device, typed=f"{key.pin}\nnew1\nnew1\n")
    key.token("-C", typed=f"{key.pin}\nlong enough\nlong enough\n")
    assert "pin change required: false" in key.token("-I")
    key.fails("fido2-token", "-S", "-l", "6", key.device, typed="long enough\n")


def test_a_change_of_the_pin_can_be_forced(key):
    key.set_pin()
    key.token("-S", "-f", typed=f"{key.pin}\n")
    assert "pin change required: true" in key.token("-I")
    key.fails("fido2-token", "-I", "-c", key.device, typed=f"{key.pin}\n")
    key.token("-C", typed=f"{key.pin}\nanother1\nanother1\n")
    key.token("-I", "-c", typed="another1\n")


def test_sites_may_be_let_know_the_shortest_pin(key):
    key.set_pin()
    key.token("-S", "-m", f"{RP},bank.example", typed=f"{key.pin}\n")


def test_without_a_touch_nothing_is_made(key):
    key.control("touch off")
    asked = key.file("asked", challenge("create"), RP, "ann", b64(b"ann"))
    said = key.fails("fido2-cred", "-M", "-i", asked, key.device, meanwhile="clock +31")
    assert "FIDO_ERR_USER_ACTION_TIMEOUT" in said
