/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A passkey.
    Passkey,
    /// A user name and password.
    Login,
    /// Text.
    Note,
    /// What a device is called.
    DeviceProfile,
    /// When and where passkeys were used from one device.
    Usage,
    /// A choice that holds on all devices.
    Setting,
    /// A choice for one site.
    SiteRule,
    /// A kind of a newer version; kept, not shown.
    Unknown(u16),
}

impl Kind {
    /// Returns the number in the body.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::Passkey => 1,
            Self::Login => 2,
            Self::Note => 3,
            Self::DeviceProfile => 4,
            Self::Usage => 5,
            Self::Setting => 6,
            Self::SiteRule => 7,
            Self::Unknown(number) => number,
        }
    }

    /// Returns the kind with this number.
    pub(crate) const fn from_number(number: u16) -> Self {
        match number {
            1 => Self::Passkey,
            2 => Self::Login,
            3 => Self::Note,
            4 => Self::DeviceProfile,
            5 => Self::Usage,
            6 => Self::Setting,
            7 => Self::SiteRule,
            number => Self::Unknown(number),
        }
    }
}
