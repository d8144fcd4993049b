//! The known answers of RFC 9497, appendix A.1.2 (ristretto255-SHA512, mode 1), through the calls that we make.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use core::convert::Infallible;

use pakery_crypto::{Ristretto255VoprfClient, Ristretto255VoprfServer};
use rand_core::{TryCryptoRng, TryRng};

const SEED: [u8; 32] = [0xa3; 32];
const KEY_INFO: &str = "74657374206b6579";
const SECRET_KEY: &str = "e6f73f344b79b379f1a0dd37e07ff62e38d9f71345ce62ae3a9bc60b04ccd909";
const PUBLIC_KEY: &str = "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e";
const BLIND: &str = "64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706";

struct Known {
    input: &'static str,
    blinded: &'static str,
    evaluated: &'static str,
    proof: &'static str,
    output: &'static str,
}

const KNOWN: [Known; 2] = [
    Known {
        input: "00",
        blinded: "863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945",
        evaluated: "aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e",
        proof: "ddef93772692e535d1a53903db24367355cc2cc78de93b3be5a8ffcc6985dd06\
                6d4346421d17bf5117a2a1ff0fcb2a759f58a539dfbe857a40bce4cf49ec600d",
        output: "b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7d\
                 a4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c",
    },
    Known {
        input: "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a",
        blinded: "cc0b2a350101881d8a4cba4c80241d74fb7dcbfde4a61fde2f91443c2bf9ef0c",
        evaluated: "60a59a57208d48aca71e9e850d22674b611f752bed48b36f7a91b372bd7ad468",
        proof: "401a0da6264f8cf45bb2f5264bc31e109155600babb3cd4e5af7d181a2c9dc0a\
                67154fabf031fd936051dec80b0b6ae29c9503493dde7393b722eafdf5a50b02",
        output: "8a9a2f3c7f085b65933594309041fc1898d42d0858e59f90814ae90571a6df60\
                 356f4610bf816f27afdd84f47719e480906d27ecd994985890e5f539e7ea74b6",
    },
];

#[test]
fn keys_questions_answers_and_outputs_are_those_of_the_rfc() {
    let server = Ristretto255VoprfServer::derive(&SEED, &hex(KEY_INFO)).unwrap();
    assert_eq!(server.secret_key().as_slice(), hex(SECRET_KEY));
    assert_eq!(server.public_key().as_slice(), hex(PUBLIC_KEY));
    let client = Ristretto255VoprfClient::new(&hex(PUBLIC_KEY)).unwrap();
    for known in KNOWN {
        let (state, blinded) = client.blind(&hex(known.input), &mut Blind(hex(BLIND))).unwrap();
        assert_eq!(blinded.as_slice(), hex(known.blinded));
        // The server's proof has a nonce of its own; the RFC's is verified as well as ours.
        let (evaluated, proof) = server.blind_evaluate(&blinded, &mut Blind(vec![7; 32])).unwrap();
        assert_eq!(evaluated.as_slice(), hex(known.evaluated));
        for proof in [proof.to_vec(), hex(known.proof)] {
            let output = client.finalize(&state, &hex(known.input), &evaluated, &proof).unwrap();
            assert_eq!(output.as_slice(), hex(known.output));
        }
        assert_eq!(server.evaluate(&hex(known.input)).unwrap().as_slice(), hex(known.output));
    }
}

fn hex(text: &str) -> Vec<u8> {
    hex::decode(text).unwrap()
}

/// Gives these bytes, then zeros: a scalar's little-endian bytes, widened, are that scalar.
struct Blind(Vec<u8>);

impl TryRng for Blind {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes).map(|()| u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes).map(|()| u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        let mut bytes = self.0.drain(..).collect::<Vec<_>>().into_iter();
        out.iter_mut().for_each(|out| *out = bytes.next().unwrap_or(0));
        Ok(())
    }
}

impl TryCryptoRng for Blind {}
