use roamkey_proto::{AccountId, Chain, Pin, Receipt, ReceiptKey, VERSION};
use roamkey_trust::{SignWrite, WriteKey, receipt};

/// Signs where the chains are: the word that the server can be held to.
pub(crate) struct Receipts {
    key: WriteKey,
}

impl Receipts {
    pub(crate) fn new(seed: &[u8; 32]) -> Self {
        Self { key: WriteKey::from_bytes(seed) }
    }

    pub(crate) fn key(&self) -> ReceiptKey {
        ReceiptKey(*self.key.public().as_bytes())
    }

    pub(crate) fn log(&self, account: AccountId, pin: Pin) -> Vec<u8> {
        self.sign(account, Chain::Log, pin)
    }

    pub(crate) fn vault(&self, account: AccountId, pin: Pin) -> Vec<u8> {
        self.sign(account, Chain::Vault, pin)
    }

    fn sign(&self, account: AccountId, chain: Chain, pin: Pin) -> Vec<u8> {
        receipt::sign(&Receipt { version: VERSION, account, chain, pin }, &self.key)
    }
}
