//! The contract of the store.

use crate::fresh::FreshStore;

roamkey_server_store::contract_tests!(FreshStore::open().await);
