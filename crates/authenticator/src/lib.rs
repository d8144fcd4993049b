//! A WebAuthn client and authenticator without I/O.
