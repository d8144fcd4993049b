/** What people call the formats of files, by the names that the core gives them. */

const NAMES: Record<string, string> = {
  "chrome-csv": "Chrome, Edge, Opera, Brave (CSV)",
  "firefox-csv": "Firefox (CSV)",
  "apple-csv": "Apple Passwords (CSV)",
  "lastpass-csv": "LastPass (CSV)",
  "bitwarden-csv": "Bitwarden (CSV)",
  "bitwarden-json": "Bitwarden (JSON)",
  "keepassxc-csv": "KeePassXC (CSV)",
  "1password-csv": "1Password (CSV)",
  "proton-csv": "Proton Pass (CSV)",
  "dashlane-csv": "Dashlane (CSV)",
  "nordpass-csv": "NordPass (CSV)",
  csv: "CSV",
  kdbx: "KeePass (KDBX)",
  "1pux": "1Password (1PUX)",
  "proton-json": "Proton Pass (JSON)",
  "keeper-json": "Keeper (JSON)",
  cxf: "Credential Exchange Format",
};

export function nameOfFormat(format: string): string {
  return NAMES[format] ?? format;
}
