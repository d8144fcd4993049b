//! Seeded randomness, a manual clock, an in-memory server and fleets of devices for tests.
