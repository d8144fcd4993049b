use roamkey_proto::{AccountId, Label};

use crate::primitives::context::Context;

/// Whose share of which version lies where: what is derived for one place is worthless in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharePlace {
    /// The account.
    pub account: AccountId,
    /// The version of the secret.
    pub number: u64,
    /// Which share, from 1.
    pub index: u8,
}

impl SharePlace {
    pub(super) fn context(&self, label: Label) -> Context {
        Context::new(label).fixed(self.account.as_bytes()).number(self.number).byte(self.index)
    }
}
