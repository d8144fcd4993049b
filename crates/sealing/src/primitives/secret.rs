/// Defines a secret of a fixed number of bytes: zeroised when dropped, shown to nobody who debugs,
/// compared in constant time, never cloned.
macro_rules! secret {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        pub struct $name(zeroize::Zeroizing<[u8; $len]>);

        impl $name {
            /// The number of bytes.
            pub const LEN: usize = $len;

            /// Draws a new one.
            #[must_use]
            pub fn make(rng: &mut impl rand_core::CryptoRng) -> Self {
                let mut bytes = zeroize::Zeroizing::new([0; $len]);
                rng.fill_bytes(bytes.as_mut_slice());
                Self(bytes)
            }

            /// Takes up one that was kept.
            #[must_use]
            pub fn from_bytes(bytes: &[u8; $len]) -> Self {
                Self(zeroize::Zeroizing::new(*bytes))
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                use subtle::ConstantTimeEq as _;
                self.0.ct_eq(&*other.0).into()
            }
        }

        impl Eq for $name {}
    };
}

pub(crate) use secret;
