//! Items, operations, merge and the Merkle root.
