//! Storage traits of the sync server, and the contract tests every backend runs.
