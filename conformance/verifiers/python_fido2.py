"""The server half of python-fido2 (Yubico) as a site: python_fido2.py FOLDER"""

import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from fido2.attestation import AttestationType, AttestationVerifier
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestationConveyancePreference,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
)
from relying_party import RP_ID, USER, serve


class Trust(AttestationVerifier):
    """Certificates of our root; without certificates, the credential's own key."""

    def __init__(self, root):
        super().__init__()
        self.root = root

    def ca_lookup(self, attestation_result, auth_data):
        return self.root if attestation_result.trust_path else None

    def verify_attestation(self, attestation_object, client_data_hash):
        if "x5c" in attestation_object.att_stmt or attestation_object.fmt == "none":
            return super().verify_attestation(attestation_object, client_data_hash)
        verifier = next(each for each in self._attestation_types if each.FORMAT == attestation_object.fmt)
        result = verifier.verify(attestation_object.att_stmt, attestation_object.auth_data, client_data_hash)
        assert result.attestation_type == AttestationType.SELF


class PythonFido2:
    def __init__(self, folder):
        root = x509.load_pem_x509_certificate((Path(folder) / "root.pem").read_bytes())
        self.trust = Trust(root.public_bytes(Encoding.DER))

    def creation(self, algorithm, attestation):
        checked = attestation != "none"
        self.server = Fido2Server(
            PublicKeyCredentialRpEntity(name="Example", id=RP_ID),
            attestation=AttestationConveyancePreference(attestation),
            verify_attestation=self.trust if checked else None,
        )
        self.server.allowed_algorithms = [
            PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=algorithm)
        ]
        user = PublicKeyCredentialUserEntity(**USER)
        options, self.state = self.server.register_begin(user, user_verification="required")
        return {"options": dict(options)["publicKey"]}

    def register(self, response):
        auth_data = self.server.register_complete(self.state, response)
        self.credential = auth_data.credential_data
        return {"format": RegistrationResponse.from_dict(response).response.attestation_object.fmt}

    def request(self):
        options, self.state = self.server.authenticate_begin([self.credential], user_verification="required")
        return {"options": dict(options)["publicKey"]}

    def authenticate(self, response):
        self.server.authenticate_complete(self.state, [self.credential], response)
        return {}


serve(PythonFido2(sys.argv[1]))
