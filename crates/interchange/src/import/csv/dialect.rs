use csv::StringRecord;

use super::column::Column;
use crate::import::Format;

/// How a program writes CSV.
pub(super) struct Dialect {
    pub(super) format: Format,
    /// Names that must all be there. Of several dialects that fit, the one that asks for most is meant.
    needs: &'static [&'static str],
    names: &'static [(&'static str, Column)],
}

impl Dialect {
    /// Finds out whose a header is.
    pub(super) fn of(header: &StringRecord) -> Option<&'static Self> {
        let names: Vec<String> = header.iter().map(normal).collect();
        let fits = |dialect: &&Self| dialect.needs.iter().all(|need| names.iter().any(|name| name == need));
        DIALECTS.iter().filter(fits).max_by_key(|dialect| dialect.needs.len())
    }

    /// Dashlane's way with a table that may hold anything: the archive says whose it is.
    pub(super) const fn any() -> &'static Self {
        &DASHLANE
    }

    /// What each column of a header holds, and what it is called.
    pub(super) fn columns(&self, header: &StringRecord) -> Vec<(Column, String)> {
        let column = |name: &str| {
            let known = self.names.iter().chain(COMMON).find(|(known, _)| *known == normal(name));
            (known.map_or(Column::Custom, |(_, column)| *column), name.trim().to_owned())
        };
        header.iter().map(column).collect()
    }
}

fn normal(name: &str) -> String {
    name.trim().to_lowercase()
}

/// What a name means unless the dialect says otherwise.
const COMMON: &[(&str, Column)] = &[
    ("title", Column::Title),
    ("name", Column::Title),
    ("url", Column::Url),
    ("website", Column::Url),
    ("username", Column::Username),
    ("login", Column::Username),
    ("email", Column::Email),
    ("password", Column::Password),
    ("note", Column::Notes),
    ("notes", Column::Notes),
    ("totp", Column::Totp),
    ("otpauth", Column::Totp),
    ("folder", Column::Folder),
    ("group", Column::Folder),
    ("tags", Column::Tags),
];

const DASHLANE: Dialect = Dialect {
    format: Format::DashlaneCsv,
    needs: &["username", "username2", "username3", "title", "password", "category"],
    names: &[("category", Column::Folder), ("otpsecret", Column::Totp), ("otpurl", Column::Totp)],
};

const DIALECTS: &[Dialect] = &[
    Dialect { format: Format::ChromeCsv, needs: &["name", "url", "username", "password"], names: &[] },
    Dialect {
        format: Format::FirefoxCsv,
        needs: &["url", "username", "password", "httprealm", "guid"],
        names: &[
            ("guid", Column::Name),
            ("timecreated", Column::Created),
            ("timelastused", Column::Ignored),
            ("timepasswordchanged", Column::Ignored),
            ("formactionorigin", Column::Ignored),
        ],
    },
    Dialect {
        format: Format::AppleCsv,
        needs: &["title", "url", "username", "password", "notes", "otpauth"],
        names: &[],
    },
    Dialect {
        format: Format::LastPassCsv,
        needs: &["url", "username", "password", "extra", "name", "grouping"],
        names: &[("extra", Column::Notes), ("grouping", Column::Folder), ("fav", Column::Ignored)],
    },
    Dialect {
        format: Format::BitwardenCsv,
        needs: &["type", "name", "login_uri", "login_username", "login_password"],
        names: &[
            ("favorite", Column::Ignored),
            ("reprompt", Column::Ignored),
            ("collections", Column::Folder),
            ("type", Column::Type),
            ("fields", Column::Fields),
            ("login_uri", Column::Urls),
            ("login_username", Column::Username),
            ("login_password", Column::Password),
            ("login_totp", Column::Totp),
            ("archiveddate", Column::Archived),
        ],
    },
    Dialect {
        format: Format::KeePassXcCsv,
        needs: &["group", "title", "username", "password", "url", "notes"],
        names: &[("icon", Column::Ignored), ("last modified", Column::Ignored), ("created", Column::Created)],
    },
    Dialect {
        format: Format::OnePasswordCsv,
        needs: &["title", "url", "username", "password", "otpauth", "favorite", "archived"],
        names: &[("favorite", Column::Ignored), ("archived", Column::Archived)],
    },
    Dialect {
        format: Format::ProtonCsv,
        needs: &["type", "name", "url", "username", "password", "createtime", "vault"],
        names: &[
            ("type", Column::Type),
            ("url", Column::Urls),
            ("createtime", Column::Created),
            ("modifytime", Column::Ignored),
            ("vault", Column::Folder),
        ],
    },
    DASHLANE,
    Dialect {
        format: Format::NordPassCsv,
        needs: &["name", "url", "username", "password", "cardholdername", "cardnumber"],
        names: &[("type", Column::Type), ("additional_urls", Column::Urls), ("custom_fields", Column::FieldList)],
    },
    Dialect { format: Format::Csv, needs: &["password"], names: &[("login_uri", Column::Urls), ("uri", Column::Url)] },
];
