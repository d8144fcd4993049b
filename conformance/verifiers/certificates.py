"""Certificates for attesters, as WebAuthn section 8.2.1 wants them."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier

# Of the classes of credentials: synced ones, and those that are forgotten.
SYNCED = bytes.fromhex("52f7ce5410a5410eae84e41a66710877")
EPHEMERAL = bytes.fromhex("e2945d8b073c4cf1b6584fa10d796e35")
# id-fido-gen-ce-aaguid, and the device's own number for enterprise attestation.
AAGUID_EXTENSION = ObjectIdentifier("1.3.6.1.4.1.45724.1.1.4")
SERIAL_EXTENSION = ObjectIdentifier("1.3.6.1.4.1.45724.1.1.2")


def make(folder, aaguid=SYNCED, names=("vendor", "organisation")):
    """Writes the root as `root.pem`, and for both attesters a key (PKCS #8) and a certificate, in DER."""
    vendor, organisation = names
    now = datetime.now(UTC)
    root_key = ec.generate_private_key(ec.SECP256R1())
    root = signed(name("Root"), root_key, name("Root"), root_key, now, aaguid, authority=True)
    (folder / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    for attester, extensions in {
        vendor: [],
        organisation: [x509.UnrecognizedExtension(SERIAL_EXTENSION, octets(b"device 7"))],
    }.items():
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = signed(name(attester), key, name("Root"), root_key, now, aaguid, extensions=extensions)
        (folder / f"{attester}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.DER))
        (folder / f"{attester}.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )


def name(common):
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CH"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Roamkey tests"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Authenticator Attestation"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def octets(value):
    return bytes([4, len(value)]) + value


def signed(subject, key, issuer, issuer_key, now, aaguid, authority=False, extensions=()):
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if authority:
        usage = dict.fromkeys(
            "content_commitment key_encipherment data_encipherment key_agreement encipher_only decipher_only".split(),
            False,
        )
        builder = builder.add_extension(
            x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, **usage), critical=True
        )
    else:
        builder = builder.add_extension(x509.UnrecognizedExtension(AAGUID_EXTENSION, octets(aaguid)), critical=False)
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())
