//! An organisation's certification authority, which lets its sites recognise its devices (WebAuthn sections 8.2.1 and 8.2.2).

use std::time::Duration;

use ecdsa::der::Signature;
use p256::{NistP256, ecdsa::SigningKey, elliptic_curve::Generate as _, pkcs8::DecodePrivateKey as _};
use rand_core::CryptoRng;
use x509_cert::{
    Certificate, TbsCertificate,
    attr::AttributeTypeAndValue,
    builder::{self, Builder as _, CertificateBuilder, profile::BuilderProfile},
    der::{
        Any, Decode as _, Encode as _,
        asn1::{GeneralizedTime, ObjectIdentifier, OctetString, PrintableStringRef, UtcTime, Utf8StringRef},
        oid::AssociatedOid as _,
    },
    ext::{
        Extension, ToExtension as _,
        pkix::{BasicConstraints, KeyUsage, KeyUsages},
    },
    name::{Name, RdnSequence, RelativeDistinguishedName},
    serial_number::SerialNumber,
    spki::{SubjectPublicKeyInfo, SubjectPublicKeyInfoRef},
    time::{Time, Validity as X509Validity},
};
use zeroize::Zeroizing;

use super::CertifiedKey;
use crate::{Algorithm, AuthenticatorClass, PrivateKey};

/// A certification authority with a key of its own.
pub struct Organisation {
    names: Names,
    key: SigningKey,
    root: Certificate,
}

/// What an organisation is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// Its country, in two letters (ISO 3166).
    pub country: String,
    /// Its legal name.
    pub organisation: String,
}

/// Whom a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject<'a> {
    /// Any of the organisation's devices of a class: it tells them apart from nobody's.
    Batch,
    /// One device, by this number: only for enterprise attestation.
    Device(&'a [u8]),
}

/// From when to when a certificate holds, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The first second.
    pub from: u64,
    /// The last.
    pub until: u64,
}

/// A certificate could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum OrganisationError {
    /// A name, number or date that has no place in a certificate.
    #[error("a certificate cannot say that")]
    Unsayable(#[from] x509_cert::der::Error),
    /// The certificate could not be put together.
    #[error("the certificate could not be made")]
    NotMade(#[from] builder::Error),
    /// The key or the certificate that was kept is none, or they do not belong together.
    #[error("not an organisation's key with its certificate")]
    NotKept,
}

impl Organisation {
    /// Founds an authority: draws its key, and has it certify itself.
    ///
    /// # Errors
    /// [`OrganisationError`].
    pub fn make(names: Names, validity: Validity, rng: &mut impl CryptoRng) -> Result<Self, OrganisationError> {
        let key = SigningKey::from(p256::SecretKey::generate_from_rng(rng));
        let profile = Profile { subject: names.of_the_root()?, issuer: names.of_the_root()?, role: Role::Authority };
        let root = certificate(profile, key.verifying_key(), validity, &key, rng)?;
        Ok(Self { names, key, root })
    }

    /// Takes back an authority that was kept.
    ///
    /// # Errors
    /// [`OrganisationError::NotKept`].
    pub fn from_parts(names: Names, pkcs8: &[u8], certificate: &[u8]) -> Result<Self, OrganisationError> {
        let key = SigningKey::from_pkcs8_der(pkcs8).map_err(|_| OrganisationError::NotKept)?;
        let root = Certificate::from_der(certificate).map_err(|_| OrganisationError::NotKept)?;
        let own = SubjectPublicKeyInfo::from_key(key.verifying_key()).map_err(|_| OrganisationError::NotKept)?;
        if *root.tbs_certificate().subject_public_key_info() != own {
            return Err(OrganisationError::NotKept);
        }
        Ok(Self { names, key, root })
    }

    /// The authority's key, for its owner to keep in a safe place.
    ///
    /// # Errors
    /// [`OrganisationError::NotKept`], which does not happen to a key that signs.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, OrganisationError> {
        use p256::pkcs8::EncodePrivateKey as _;
        self.key.to_pkcs8_der().map(|document| document.to_bytes()).map_err(|_| OrganisationError::NotKept)
    }

    /// The certificate in DER that the organisation's sites trust.
    ///
    /// # Errors
    /// [`OrganisationError::Unsayable`], which does not happen to one that was made or read.
    pub fn root(&self) -> Result<Vec<u8>, OrganisationError> {
        Ok(self.root.to_der()?)
    }

    /// Draws a key that attests for authenticators of `class`, and certifies it.
    ///
    /// # Errors
    /// [`OrganisationError`].
    pub fn issue(
        &self,
        class: AuthenticatorClass,
        subject: Subject<'_>,
        validity: Validity,
        rng: &mut impl CryptoRng,
    ) -> Result<CertifiedKey, OrganisationError> {
        let key = PrivateKey::make(Algorithm::Es256, rng);
        let own = SigningKey::from_pkcs8_der(&key.to_pkcs8()).map_err(|_| OrganisationError::NotKept)?;
        let profile = Profile {
            subject: self.names.of_an_attester()?,
            issuer: self.names.of_the_root()?,
            role: Role::attester(class, subject)?,
        };
        let certificate = certificate(profile, own.verifying_key(), validity, &self.key, rng)?;
        // The root stays out of it: whoever would believe it from there has no need of it.
        Ok(CertifiedKey::new(class, key, certificate.to_der()?, Vec::new()))
    }
}

impl CertifiedKey {
    /// Takes back a key of ES256 (PKCS #8) with its certificate (X.509), both in DER, for authenticators of `class`.
    ///
    /// # Errors
    /// [`OrganisationError::NotKept`] unless the certificate is the key's, is no authority's, and names no other class.
    pub fn from_der(class: AuthenticatorClass, pkcs8: &[u8], certificate: &[u8]) -> Result<Self, OrganisationError> {
        let key = SigningKey::from_pkcs8_der(pkcs8).map_err(|_| OrganisationError::NotKept)?;
        let read = Certificate::from_der(certificate).map_err(|_| OrganisationError::NotKept)?;
        let own = SubjectPublicKeyInfo::from_key(key.verifying_key()).map_err(|_| OrganisationError::NotKept)?;
        let says = |extn_id, value: &OctetString| {
            let extensions = read.tbs_certificate().extensions().map(Vec::as_slice).unwrap_or_default();
            let mut said = extensions.iter().filter(|extension| extension.extn_id == extn_id);
            said.all(|extension| extension.extn_value == *value)
        };
        let names_class = says(AAGUID, &fido(AAGUID, &class.aaguid())?.extn_value);
        let no_authority = says(BasicConstraints::OID, &OctetString::new(NO_AUTHORITY)?);
        if *read.tbs_certificate().subject_public_key_info() != own || !names_class || !no_authority {
            return Err(OrganisationError::NotKept);
        }
        let key = PrivateKey::from_pkcs8(pkcs8).map_err(|_| OrganisationError::NotKept)?;
        Ok(Self::new(class, key, certificate.to_vec(), Vec::new()))
    }
}

impl Names {
    fn of_the_root(&self) -> Result<Name, OrganisationError> {
        self.name(None, &format!("{} Authenticator Root", self.organisation))
    }

    fn of_an_attester(&self) -> Result<Name, OrganisationError> {
        self.name(Some("Authenticator Attestation"), &format!("{} Authenticator", self.organisation))
    }

    /// C, O, OU where there is one, and CN, each by itself.
    fn name(&self, unit: Option<&str>, common: &str) -> Result<Name, OrganisationError> {
        let country = Any::from(PrintableStringRef::new(&self.country)?);
        let mut rdns = vec![rdn(COUNTRY, country)?, rdn(ORGANISATION, text(&self.organisation)?)?];
        if let Some(unit) = unit {
            rdns.push(rdn(UNIT, text(unit)?)?);
        }
        rdns.push(rdn(COMMON_NAME, text(common)?)?);
        Ok(Name::from_der(&RdnSequence::from(rdns).to_der()?)?)
    }
}

/// What a certificate says, but for its key and its dates.
struct Profile {
    subject: Name,
    issuer: Name,
    role: Role,
}

enum Role {
    Authority,
    Attester(Vec<Extension>),
}

impl Role {
    fn attester(class: AuthenticatorClass, subject: Subject<'_>) -> Result<Self, OrganisationError> {
        let mut extensions = vec![fido(AAGUID, &class.aaguid())?];
        if let Subject::Device(number) = subject {
            extensions.push(fido(SERIAL_NUMBER, number)?);
        }
        Ok(Self::Attester(extensions))
    }
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, _: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        _: &TbsCertificate,
    ) -> builder::Result<Vec<Extension>> {
        let (ca, usage, others) = match &self.role {
            Role::Authority => (true, KeyUsages::KeyCertSign, [].as_slice()),
            Role::Attester(extensions) => (false, KeyUsages::DigitalSignature, extensions.as_slice()),
        };
        let constraints = BasicConstraints { ca, path_len_constraint: ca.then_some(0) };
        let mut extensions = vec![
            constraints.to_extension(&self.subject, &[])?,
            KeyUsage(usage.into()).to_extension(&self.subject, &[])?,
        ];
        extensions.extend_from_slice(others);
        Ok(extensions)
    }
}

fn certificate(
    profile: Profile,
    key: &p256::ecdsa::VerifyingKey,
    validity: Validity,
    signer: &SigningKey,
    rng: &mut impl CryptoRng,
) -> Result<Certificate, OrganisationError> {
    let validity = X509Validity::new(time(validity.from)?, time(validity.until)?);
    let spki = SubjectPublicKeyInfo::from_key(key).map_err(|_| OrganisationError::NotKept)?;
    let made = CertificateBuilder::new(profile, SerialNumber::generate(rng), validity, spki)?;
    Ok(made.build::<_, Signature<NistP256>>(signer)?)
}

/// RFC 5280 section 4.1.2.5: two digits of the year until 2049, four from then on.
fn time(seconds: u64) -> Result<Time, OrganisationError> {
    let since_1970 = Duration::from_secs(seconds);
    Ok(UtcTime::from_unix_duration(since_1970)
        .map(Time::from)
        .or_else(|_| GeneralizedTime::from_unix_duration(since_1970).map(Time::from))?)
}

/// FIDO's extensions hold an octet string within the one that every extension has; none is critical.
fn fido(extn_id: ObjectIdentifier, bytes: &[u8]) -> Result<Extension, OrganisationError> {
    let extn_value = OctetString::new(OctetString::new(bytes)?.to_der()?)?;
    Ok(Extension { extn_id, critical: false, extn_value })
}

fn rdn(oid: ObjectIdentifier, value: Any) -> Result<RelativeDistinguishedName, OrganisationError> {
    Ok(RelativeDistinguishedName::try_from(vec![AttributeTypeAndValue { oid, value }])?)
}

fn text(text: &str) -> Result<Any, OrganisationError> {
    Ok(Any::from(Utf8StringRef::new(text)?))
}

/// Basic constraints with nothing in them: DER leaves `ca: false` out.
const NO_AUTHORITY: [u8; 2] = [0x30, 0x00];

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
const ORGANISATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const UNIT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.11");

/// id-fido-gen-ce-sernum.
const SERIAL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.45724.1.1.2");
/// id-fido-gen-ce-aaguid.
const AAGUID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.45724.1.1.4");
