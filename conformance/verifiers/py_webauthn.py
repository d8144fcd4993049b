"""py_webauthn (Duo Labs) as a site: py_webauthn.py FOLDER"""

import json
import sys
from pathlib import Path

import webauthn
from relying_party import ORIGIN, RP_ID, USER, serve
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import AttestationConveyancePreference, AttestationFormat


class PyWebauthn:
    def __init__(self, folder):
        self.root = (Path(folder) / "root.pem").read_bytes()

    def creation(self, algorithm, attestation):
        self.algorithms = [COSEAlgorithmIdentifier(algorithm)]
        options = webauthn.generate_registration_options(
            rp_id=RP_ID,
            rp_name="Example",
            user_id=USER["id"],
            user_name=USER["name"],
            user_display_name=USER["display_name"],
            attestation=AttestationConveyancePreference(attestation),
            supported_pub_key_algs=self.algorithms,
        )
        self.challenge = options.challenge
        return {"options": json.loads(webauthn.options_to_json(options))}

    def register(self, response):
        # Self attestations have no certificates, so that a root says nothing about them.
        self.credential = webauthn.verify_registration_response(
            credential=response,
            expected_challenge=self.challenge,
            expected_rp_id=RP_ID,
            expected_origin=ORIGIN,
            require_user_verification=True,
            supported_pub_key_algs=self.algorithms,
            pem_root_certs_bytes_by_fmt={AttestationFormat.PACKED: [self.root]},
        )
        return {"format": self.credential.fmt}

    def request(self):
        options = webauthn.generate_authentication_options(rp_id=RP_ID)
        self.challenge = options.challenge
        return {"options": json.loads(webauthn.options_to_json(options))}

    def authenticate(self, response):
        webauthn.verify_authentication_response(
            credential=response,
            expected_challenge=self.challenge,
            expected_rp_id=RP_ID,
            expected_origin=ORIGIN,
            credential_public_key=self.credential.credential_public_key,
            credential_current_sign_count=self.credential.sign_count,
            require_user_verification=True,
        )
        return {}


serve(PyWebauthn(sys.argv[1]))
