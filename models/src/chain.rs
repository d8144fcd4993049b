//! The log: what may come next, who is in, and who can open what.

use std::fmt;

/// A device by its number.
pub type Device = u8;

/// A set of devices.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Devices(u16);

impl Devices {
    /// Returns the set of these.
    pub fn of(devices: impl IntoIterator<Item = Device>) -> Self {
        devices.into_iter().fold(Self::default(), Self::with)
    }

    /// Returns the set with one more.
    #[must_use]
    pub fn with(self, device: Device) -> Self {
        Self(self.0 | 1 << device)
    }

    /// Tells whether a device is in.
    #[must_use]
    pub fn has(self, device: Device) -> bool {
        self.0 & 1 << device != 0
    }

    /// Returns those that are in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns those that are in this and not in the other.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Tells whether nobody is in.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns them, ascending.
    pub fn iter(self) -> impl Iterator<Item = Device> {
        (0..16).filter(move |device| self.has(*device))
    }
}

impl fmt::Debug for Devices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// What an entry does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Starts the log; its author is the first device.
    Found,
    /// Adds a device.
    Add(Device),
    /// Removes devices; those that they added and that are not named stay by `keep`.
    Revoke {
        /// Who goes.
        devices: Devices,
        /// Who stays although one who goes added it.
        keep: Devices,
    },
    /// Its author goes.
    Leave,
    /// A new epoch for those who are in.
    Rotate,
}

impl Operation {
    fn opens_epoch(&self) -> bool {
        !matches!(self, Self::Leave)
    }

    fn may_skip(&self) -> bool {
        matches!(self, Self::Revoke { .. } | Self::Rotate)
    }
}

/// An epoch as its opener made it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Opened {
    /// The epoch that it ties to; 0 at the first.
    pub base: u8,
    /// For whom wrap, commitment, previous key and tie are right. An honest opener makes them right for all.
    pub fits: Devices,
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Who signs it.
    pub author: Device,
    /// What it does.
    pub operation: Operation,
    /// The epoch that it opens.
    pub epoch: Option<Opened>,
}

/// The rules that an attack is behind. All hold in Roamkey; a test leaves each one out and sees a promise break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rules {
    /// A revocation or a rotation may tie to an older epoch than the one before.
    pub may_skip: bool,
    /// It may skip those epochs only whose opener is out after the entry.
    pub skips_only_with_the_opener: bool,
    /// A revocation names or keeps everything that was added by whom it names, however far.
    pub names_or_keeps: bool,
    /// What was revoked or has left signs nothing more.
    pub authors_are_in: bool,
    /// Whoever opens an epoch shows that they know the key that it ties to.
    pub ties: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            may_skip: true,
            skips_only_with_the_opener: true,
            names_or_keeps: true,
            authors_are_in: true,
            ties: true,
        }
    }
}

/// A log that everyone agrees on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Chain {
    rules: Rules,
    entries: Vec<Entry>,
}

impl Chain {
    /// Starts a log that is judged by these rules.
    #[must_use]
    pub fn under(rules: Rules) -> Self {
        Self { rules, entries: Vec::new() }
    }

    /// Returns the entries.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns the log as it was after so many entries.
    #[must_use]
    pub fn up_to(&self, entries: usize) -> Self {
        Self { rules: self.rules, entries: self.entries.iter().take(entries).cloned().collect() }
    }

    /// Takes an entry if the rules allow it; tells whether they do.
    pub fn append(&mut self, entry: Entry) -> bool {
        let allowed = self.allows(&entry);
        if allowed {
            self.entries.push(entry);
        }
        allowed
    }

    /// Tells whether an entry may come next.
    #[must_use]
    pub fn allows(&self, entry: &Entry) -> bool {
        let Entry { author, operation, epoch } = entry;
        let active = self.active();
        let is_in = active.has(*author) || (!self.rules.authors_are_in && self.ever().has(*author));
        let may = match operation {
            Operation::Found => self.entries.is_empty(),
            Operation::Add(device) => is_in && !self.ever().has(*device),
            Operation::Revoke { devices, keep } => {
                let added = self.added_through(*devices);
                is_in
                    && !devices.is_empty()
                    && !devices.has(*author)
                    && devices.less(active).is_empty()
                    && (*keep == added || !self.rules.names_or_keeps)
            }
            Operation::Leave => active.has(*author) && active != Devices::of([*author]) && !self.owes_epoch(),
            Operation::Rotate => is_in,
        };
        let header = match epoch {
            None => !operation.opens_epoch(),
            Some(opened) => operation.opens_epoch() && self.allows_base(entry, opened.base),
        };
        may && header
    }

    fn allows_base(&self, entry: &Entry, base: u8) -> bool {
        let newest = self.epochs();
        let may_skip = self.rules.may_skip && entry.operation.may_skip() && (1..newest).contains(&base);
        base == newest || (may_skip && (base >= self.oldest_base(entry) || !self.rules.skips_only_with_the_opener))
    }

    /// Returns the oldest epoch that the one of this entry may tie to.
    #[must_use]
    pub fn oldest_base(&self, entry: &Entry) -> u8 {
        let newest = self.epochs();
        if !entry.operation.may_skip() {
            return newest;
        }
        let after = self.active_after(entry);
        let openers: Vec<Device> = self.openings().map(|(entry, _)| entry.author).collect();
        let stays = |epoch: &u8| openers.get(usize::from(*epoch) - 1).is_some_and(|opener| after.has(*opener));
        (2..=newest).rev().find(stays).unwrap_or(newest.min(1))
    }

    /// Returns who is in.
    #[must_use]
    pub fn active(&self) -> Devices {
        self.entries.iter().fold(Devices::default(), then)
    }

    /// Returns who is in once an entry is.
    #[must_use]
    pub fn active_after(&self, entry: &Entry) -> Devices {
        then(self.active(), entry)
    }

    /// Returns who is or was in.
    #[must_use]
    pub fn ever(&self) -> Devices {
        self.entries.iter().fold(Devices::default(), |ever, entry| match entry.operation {
            Operation::Found => ever.with(entry.author),
            Operation::Add(device) => ever.with(device),
            _ => ever,
        })
    }

    /// Returns those who are in, were added by one of these or by one whom these added, however far, and are not among
    /// these.
    #[must_use]
    pub fn added_through(&self, devices: Devices) -> Devices {
        let through = self.entries.iter().fold(devices, |through, entry| match entry.operation {
            Operation::Add(device) if through.has(entry.author) => through.with(device),
            _ => through,
        });
        through.less(devices).and(self.active())
    }

    /// Tells whether somebody has left and no epoch was opened since.
    #[must_use]
    pub fn owes_epoch(&self) -> bool {
        self.entries.last().is_some_and(|entry| entry.operation == Operation::Leave)
    }

    /// Returns the number of the newest epoch.
    #[must_use]
    pub fn epochs(&self) -> u8 {
        u8::try_from(self.openings().count()).expect("a short log")
    }

    /// Returns the keys that these devices hold together, as a set of epochs, and nobody gives them any.
    ///
    /// Each opens the wraps that fit it while it is in, and walks from base to base. What they opened themselves they
    /// know, whomever it fits.
    #[must_use]
    pub fn keys_of(&self, devices: Devices) -> Vec<u8> {
        let bases: Vec<u8> = self.openings().map(|(_, opened)| opened.base).collect();
        let mut keys = Vec::new();
        for (number, (entry, opened)) in (1u8..).zip(self.openings()) {
            let opens = !opened.fits.and(devices).is_empty() || devices.has(entry.author);
            let mut epoch = if opens { number } else { 0 };
            while epoch > 0 && !keys.contains(&epoch) {
                keys.push(epoch);
                epoch = bases.get(usize::from(epoch) - 1).copied().unwrap_or(0);
            }
        }
        keys
    }

    /// Returns the newest epoch whose key a device holds, or 0.
    #[must_use]
    pub fn newest_key_of(&self, device: Device) -> u8 {
        self.keys_of(Devices::of([device])).into_iter().max().unwrap_or(0)
    }

    fn openings(&self) -> impl Iterator<Item = (&Entry, &Opened)> {
        self.entries.iter().filter_map(|entry| Some((entry, entry.epoch.as_ref()?)))
    }
}

fn then(active: Devices, entry: &Entry) -> Devices {
    match entry.operation {
        Operation::Found => active.with(entry.author),
        Operation::Add(device) => active.with(device),
        Operation::Revoke { devices, .. } => active.less(devices),
        Operation::Leave => active.less(Devices::of([entry.author])),
        Operation::Rotate => active,
    }
}
