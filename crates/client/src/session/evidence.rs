//! What this device saw that it should not have, for a file.

use roamkey_proto::{Evidence, cbor};
use roamkey_sync::{EngineError, Reader, Table};
use roamkey_trust::evidence::{self, Verdict};

use super::Session;
use crate::{Error, Host};

impl<H: Host> Session<H> {
    /// Returns the evidence that is kept, the newest first, without the log.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn evidence(&self) -> Result<Vec<Evidence>, Error> {
        let rows = self.driver.scan(Table::Evidence).await?;
        let open = |reader: &Reader<'_>| rows.iter().map(|(key, row)| reader.open_evidence(key, row)).collect();
        let mut kept: Vec<Evidence> = self.driver.with_reader::<Result<_, EngineError>>(open)??;
        kept.sort_by_key(|evidence| std::cmp::Reverse(evidence.seen));
        Ok(kept)
    }

    /// Returns what proves most, the newest of that, with this device's log, as a file that anyone can judge offline; none
    /// if nothing is kept.
    ///
    /// # Errors
    /// As [`Session::evidence`].
    pub async fn export_evidence(&self) -> Result<Option<Vec<u8>>, Error> {
        let mut kept = self.evidence().await?;
        let entries: Vec<_> = self.driver.scan(Table::Log).await?.into_iter().map(|(_, row)| row.into()).collect();
        kept.iter_mut().for_each(|evidence| evidence.entries.clone_from(&entries));
        let proof = kept.iter().find(|evidence| !matches!(evidence::judge(evidence), Ok(Verdict::Divergence) | Err(_)));
        Ok(proof.or(kept.first()).map(cbor::encode))
    }
}
