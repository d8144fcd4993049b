/// A table of the device's store; the name is the same in every backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Table {
    /// What the driver keeps for itself (the unlock blob, settings); the engine never touches it.
    Client,
    /// One row, key empty: who this device is, with its secrets; sealed.
    Meta,
    /// One row, key empty: where both chains are pinned, and what follows from that; sealed.
    Pins,
    /// Entries of the trust log with their headers; key: seq, 8 bytes big-endian.
    Log,
    /// Signed commits; key: seq, 8 bytes big-endian.
    Commits,
    /// Epoch keys; key: epoch, 8 bytes big-endian; sealed.
    Epochs,
    /// Sealed records in 256 pages; key: the first byte of SHA-256 of their items.
    Pages,
    /// One row, key empty: count, root and oldest epoch of each page; sealed.
    Summary,
    /// Operations that no commit holds yet; key: page byte ‖ item ‖ number, 25 bytes; sealed.
    Pending,
    /// Operations that could not be applied and hold what is nowhere else; key: 16 random bytes; sealed.
    Unapplied,
    /// Bundles and attempts at a push on their way to the server; sealed.
    Outbox,
    /// What this device saw that it should not have; key: a number, 8 bytes big-endian; sealed.
    Evidence,
    /// Which items may answer a look-up; key: HMAC under the local key ‖ item, 48 bytes; value empty.
    /// A row may outlive its reason: who looks up opens the item and compares.
    Index,
}

impl Table {
    /// Every table there is.
    pub const ALL: [Self; 13] = [
        Self::Client,
        Self::Meta,
        Self::Pins,
        Self::Log,
        Self::Commits,
        Self::Epochs,
        Self::Pages,
        Self::Summary,
        Self::Pending,
        Self::Unapplied,
        Self::Outbox,
        Self::Evidence,
        Self::Index,
    ];

    /// Returns the name of the table in a store.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Meta => "meta",
            Self::Pins => "pins",
            Self::Log => "log",
            Self::Commits => "commits",
            Self::Epochs => "epochs",
            Self::Pages => "pages",
            Self::Summary => "summary",
            Self::Pending => "pending",
            Self::Unapplied => "unapplied",
            Self::Outbox => "outbox",
            Self::Evidence => "evidence",
            Self::Index => "index",
        }
    }

    /// Finds the table of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }
}

/// A row's place: a table and a key within it. Keys order as bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoreKey {
    /// The table.
    pub table: Table,
    /// The key.
    pub key: Vec<u8>,
}

impl StoreKey {
    /// Names a row.
    #[must_use]
    pub fn new(table: Table, key: impl Into<Vec<u8>>) -> Self {
        Self { table, key: key.into() }
    }

    /// Names the row of a table that has only one.
    #[must_use]
    pub fn only(table: Table) -> Self {
        Self::new(table, [])
    }

    /// Names the row of a number.
    #[must_use]
    pub fn numbered(table: Table, number: u64) -> Self {
        Self::new(table, number.to_be_bytes())
    }
}

/// Writes that happen together or not at all, and are durable when the store says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// In order: a row and its new value; none removes the row. A later write to a row wins.
    pub writes: Vec<(StoreKey, Option<Vec<u8>>)>,
}

impl Batch {
    /// Adds the write of a row.
    pub fn put(&mut self, key: StoreKey, value: Vec<u8>) {
        self.writes.push((key, Some(value)));
    }

    /// Adds the removal of a row.
    pub fn remove(&mut self, key: StoreKey) {
        self.writes.push((key, None));
    }

    /// Tells whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    /// A browser makes its tables by a list of its own, by version: one that is missing there breaks whatever scans it.
    #[test]
    fn the_extension_makes_every_table() {
        let database = include_str!("../../../extension/src/background/database.ts");
        for table in Table::ALL {
            assert!(database.contains(&format!("\"{}\"", table.name())), "the extension has no table {table:?}");
        }
    }
}
