//! The form in which keys are kept: a `COSE_Key` that holds its algorithm and what the key follows from; one of P-256 may hold its
//! public point as well, and nothing else.

use zeroize::Zeroizing;

use super::{
    BadPrivateKey,
    es256::{COORDINATE_LEN, POINT_LEN, Point},
    rs256,
};
use crate::Algorithm;

/// Writes the canonical `COSE_Key`.
pub(super) fn encode(algorithm: Algorithm, secret: &[u8], point: Option<&Point>) -> Zeroizing<Vec<u8>> {
    let Form { prefix, infix, .. } = form(algorithm);
    if let (Some(point), Some(head)) = (point, with_point(algorithm)) {
        let (x, y) = point.split_at(COORDINATE_LEN);
        return joined(&[head, x, Y, y, D, secret]);
    }
    let (first, second) = if infix.is_empty() { (secret, &[][..]) } else { secret.split_at(secret.len() / 2) };
    joined(&[prefix, first, infix, second])
}

/// Sized up front: a vector that grows would leave its old halves behind unzeroised.
fn joined(parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(parts.iter().map(|part| part.len()).sum()));
    parts.iter().for_each(|part| bytes.extend_from_slice(part));
    bytes
}

/// What [`encode`] was given.
pub(super) struct Kept {
    pub(super) algorithm: Algorithm,
    pub(super) secret: Zeroizing<Vec<u8>>,
    pub(super) point: Option<Point>,
}

/// Reads what [`encode`] wrote.
pub(super) fn decode(bytes: &[u8]) -> Result<Kept, BadPrivateKey> {
    let kept = |algorithm| {
        pair(algorithm, bytes).or_else(|| Some(Kept { algorithm, secret: secret(algorithm, bytes)?, point: None }))
    };
    Algorithm::ALL.into_iter().find_map(kept).ok_or(BadPrivateKey)
}

fn pair(algorithm: Algorithm, bytes: &[u8]) -> Option<Kept> {
    let rest = bytes.strip_prefix(with_point(algorithm)?)?;
    let (x, rest) = rest.split_first_chunk::<COORDINATE_LEN>()?;
    let (y, rest) = rest.strip_prefix(Y)?.split_first_chunk::<COORDINATE_LEN>()?;
    let d = rest.strip_prefix(D).filter(|d| d.len() == COORDINATE_LEN)?;
    let mut point = [0; POINT_LEN];
    point[..COORDINATE_LEN].copy_from_slice(x);
    point[COORDINATE_LEN..].copy_from_slice(y);
    Some(Kept { algorithm, secret: Zeroizing::new(d.to_vec()), point: Some(point) })
}

fn secret(algorithm: Algorithm, bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let Form { prefix, infix, len } = form(algorithm);
    let rest = bytes.strip_prefix(prefix)?;
    if infix.is_empty() {
        return (rest.len() == len).then(|| Zeroizing::new(rest.to_vec()));
    }
    let (first, rest) = rest.split_at_checked(len / 2)?;
    let second = rest.strip_prefix(infix)?;
    (second.len() == len / 2).then(|| Zeroizing::new([first, second].concat()))
}

/// What stands before the point of a key that is kept with it, to the head of `x` (-2).
fn with_point(algorithm: Algorithm) -> Option<&'static [u8]> {
    match algorithm {
        Algorithm::Es256 => Some(b"\xa6\x01\x02\x03\x26\x20\x01\x21\x58\x20"),
        Algorithm::Esp256 => Some(b"\xa6\x01\x02\x03\x28\x20\x01\x21\x58\x20"),
        _ => None,
    }
}

/// The heads of `y` (-3) and `d` (-4).
const Y: &[u8] = b"\x22\x58\x20";
const D: &[u8] = b"\x23\x58\x20";

/// What stands around a key's secret bytes.
struct Form {
    /// Before them.
    prefix: &'static [u8],
    /// Between two halves, if there are two.
    infix: &'static [u8],
    /// How many there are.
    len: usize,
}

/// Canonical maps (RFC 9053 section 7, RFC 8230 section 4, RFC 9964): `1` the key type, `3` the algorithm, `-1` the curve,
/// then the secret.
fn form(algorithm: Algorithm) -> Form {
    let (prefix, len): (&[u8], _) = match algorithm {
        Algorithm::Es256 => (b"\xa4\x01\x02\x03\x26\x20\x01\x23\x58\x20", 32),
        Algorithm::Esp256 => (b"\xa4\x01\x02\x03\x28\x20\x01\x23\x58\x20", 32),
        Algorithm::EdDsa => (b"\xa4\x01\x01\x03\x27\x20\x06\x23\x58\x20", 32),
        Algorithm::Ed25519 => (b"\xa4\x01\x01\x03\x32\x20\x06\x23\x58\x20", 32),
        Algorithm::Es384 => (b"\xa4\x01\x02\x03\x38\x22\x20\x02\x23\x58\x30", 48),
        // -4 is p, -5 is q.
        Algorithm::Rs256 => (b"\xa4\x01\x03\x03\x39\x01\x00\x23\x58\x80", 2 * rs256::FACTOR_LEN),
        Algorithm::MlDsa44 => (b"\xa3\x01\x07\x03\x38\x2f\x21\x58\x20", 32),
        Algorithm::MlDsa65 => (b"\xa3\x01\x07\x03\x38\x30\x21\x58\x20", 32),
        Algorithm::MlDsa87 => (b"\xa3\x01\x07\x03\x38\x31\x21\x58\x20", 32),
    };
    Form { prefix, infix: if algorithm == Algorithm::Rs256 { b"\x24\x58\x80" } else { b"" }, len }
}
