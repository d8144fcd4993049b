//! A device: session, driver loop, stores, and the passkeys glue.
