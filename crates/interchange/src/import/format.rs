/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Format {
    /// Chrome, Edge, Opera, Brave: CSV.
    ChromeCsv,
    /// Firefox: CSV.
    FirefoxCsv,
    /// Apple Passwords and Safari: CSV.
    AppleCsv,
    /// LastPass: CSV.
    LastPassCsv,
    /// Bitwarden: CSV.
    BitwardenCsv,
    /// Bitwarden: JSON.
    BitwardenJson,
    /// KeePassXC: CSV.
    KeePassXcCsv,
    /// 1Password: CSV.
    OnePasswordCsv,
    /// Proton Pass: CSV.
    ProtonCsv,
    /// Dashlane: CSV.
    DashlaneCsv,
    /// NordPass: CSV.
    NordPassCsv,
    /// CSV of unknown origin, with a column of passwords.
    Csv,
    /// KeePass: KDBX 3.1 and 4.
    Kdbx,
    /// 1Password: 1PUX.
    OnePux,
    /// Proton Pass: JSON, alone or in its archive.
    ProtonJson,
    /// Keeper: JSON.
    KeeperJson,
    /// An archive, before it is known whose.
    Archive,
    /// JSON, before it is known whose.
    Json,
    /// FIDO's Credential Exchange Format.
    Cxf,
}

impl Format {
    /// Returns its name in the vault and for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ChromeCsv => "chrome-csv",
            Self::FirefoxCsv => "firefox-csv",
            Self::AppleCsv => "apple-csv",
            Self::LastPassCsv => "lastpass-csv",
            Self::BitwardenCsv => "bitwarden-csv",
            Self::BitwardenJson => "bitwarden-json",
            Self::KeePassXcCsv => "keepassxc-csv",
            Self::OnePasswordCsv => "1password-csv",
            Self::ProtonCsv => "proton-csv",
            Self::DashlaneCsv => "dashlane-csv",
            Self::NordPassCsv => "nordpass-csv",
            Self::Csv => "csv",
            Self::Kdbx => "kdbx",
            Self::OnePux => "1pux",
            Self::ProtonJson => "proton-json",
            Self::KeeperJson => "keeper-json",
            Self::Archive => "archive",
            Self::Json => "json",
            Self::Cxf => "cxf",
        }
    }
}

/// As people call it.
impl core::fmt::Display for Format {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::ChromeCsv => "Chrome, Edge, Opera or Brave (CSV)",
            Self::FirefoxCsv => "Firefox (CSV)",
            Self::AppleCsv => "Apple Passwords (CSV)",
            Self::LastPassCsv => "LastPass (CSV)",
            Self::BitwardenCsv => "Bitwarden (CSV)",
            Self::BitwardenJson => "Bitwarden (JSON)",
            Self::KeePassXcCsv => "KeePassXC (CSV)",
            Self::OnePasswordCsv => "1Password (CSV)",
            Self::ProtonCsv => "Proton Pass (CSV)",
            Self::DashlaneCsv => "Dashlane (CSV)",
            Self::NordPassCsv => "NordPass (CSV)",
            Self::Csv => "a table (CSV)",
            Self::Kdbx => "KeePass (KDBX)",
            Self::OnePux => "1Password (1PUX)",
            Self::ProtonJson => "Proton Pass",
            Self::KeeperJson => "Keeper (JSON)",
            Self::Archive => "ZIP",
            Self::Json => "JSON",
            Self::Cxf => "Credential Exchange Format",
        })
    }
}
