//! Ids, wire types, limits and canonical CBOR of the Roamkey protocol.
