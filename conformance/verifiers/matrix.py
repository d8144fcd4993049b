"""Every verifier with every algorithm and every kind of attestation of our authenticator.

Each verifier makes its own options, our client answers them, and the verifier checks the registration, a sign-in whose
signature was spoilt (which it must refuse) and the sign-in itself.

    matrix.py CLIENT FOLDER TALLY NAME=COMMAND...
"""

import base64
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import certificates

ORIGIN = "https://example.com"

ALGORITHMS = {
    "ES256": -7,
    "ESP256": -9,
    "EdDSA": -8,
    "Ed25519": -19,
    "ES384": -35,
    "RS256": -257,
    "ML-DSA-44": -48,
    "ML-DSA-65": -49,
    "ML-DSA-87": -50,
}

# What the site asks for, what our client is set to give, and the format that must come of it.
ATTESTATIONS = {
    "none": ("none", "none", "none"),
    "packed self": ("direct", "ownKey", "packed"),
    "packed x5c": ("direct", "certified", "packed"),
    "enterprise": ("enterprise", "enterprise", "packed"),
}

# What a verifier does not support: the combinations, and what it says of each. One that it does support by now fails the
# run, so that the list stays true.
UNSUPPORTED = json.loads((Path(__file__).parent / "unsupported.json").read_text())


class Peer:
    """A program that answers a line with a line."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.process.args[0]} ended in the middle of a request")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Refused(Exception):
    pass


def answered(reply):
    if "error" in reply:
        raise Refused(reply["error"])
    return reply


def spoil(response):
    """The same answer with another last byte of its signature."""
    spoilt = json.loads(json.dumps(response))
    signature = bytearray(base64.urlsafe_b64decode(response["response"]["signature"] + "=="))
    signature[-1] ^= 1
    spoilt["response"]["signature"] = base64.urlsafe_b64encode(signature).decode().rstrip("=")
    return spoilt


def play(client, verifier, algorithm, attestation):
    """Raises Refused with the verifier's words."""
    conveyance, policy, expected = ATTESTATIONS[attestation]
    client.ask(do="reset")
    ask = dict(origin=ORIGIN, verified=True, attestation=policy)
    options = answered(verifier.ask(do="creation", algorithm=ALGORITHMS[algorithm], attestation=conveyance))["options"]
    made = client.ask(do="create", options=options, **ask)
    assert "ok" in made, f"our client refused: {made}"
    assert made["ok"]["response"]["publicKeyAlgorithm"] == ALGORITHMS[algorithm], "another algorithm came"
    format = answered(verifier.ask(do="register", response=made["ok"]))["format"]
    assert format == expected, f"{format} came, not {expected}"

    options = answered(verifier.ask(do="request"))["options"]
    signed = client.ask(do="get", options=options, **ask)
    assert "ok" in signed, f"our client refused: {signed}"
    spoilt = verifier.ask(do="authenticate", response=spoil(signed["ok"]))
    assert "error" in spoilt, "the verifier took a spoilt signature"
    answered(verifier.ask(do="authenticate", response=signed["ok"]))


def judge(client, verifier, name, algorithm, attestation):
    """An outcome and a reason."""
    known = UNSUPPORTED.get(name, {})
    reason = known.get(f"{algorithm} {attestation}") or known.get(algorithm)
    try:
        play(client, verifier, algorithm, attestation)
    except Refused as refused:
        if reason and reason in str(refused):
            return "skipped", f"{name}, {algorithm}: {reason}"
        return "failed", str(refused)
    except AssertionError as error:
        return "failed", str(error)
    return ("failed", "supported by now: take it off the list") if reason else ("passed", None)


def main(client, folder, tally, *verifiers):
    certificates.make(Path(folder))
    client = Peer([client, folder])
    outcomes, reasons = Counter(), Counter()
    for each in verifiers:
        name, command = each.split("=", 1)
        verifier = Peer([*command.split(), folder])
        for algorithm in ALGORITHMS:
            for attestation in ATTESTATIONS:
                outcome, reason = judge(client, verifier, name, algorithm, attestation)
                outcomes[outcome] += 1
                if outcome == "skipped":
                    reasons[reason] += 1
                if outcome == "failed":
                    print(f"FAILED {name}, {algorithm}, {attestation}: {reason}", file=sys.stderr)
        verifier.close()
    client.close()
    counts = {outcome: outcomes[outcome] for outcome in ["passed", "failed", "skipped"]}
    Path(tally).write_text(json.dumps(counts | {"reasons": reasons}))


if __name__ == "__main__":
    main(*sys.argv[1:])
