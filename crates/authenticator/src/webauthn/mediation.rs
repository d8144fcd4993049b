//! How loud a request may be, and what to do with it (WebAuthn sections 5.1.3, 5.1.4 and 5.1.6; Credential Management
//! section 2.3.2).
//!
//! The provider says what it sees; these functions decide. [`Native`](GetDecision::Native) means the browser's own
//! implementation, which also answers what nobody may answer: its refusals look like any other browser's.

use std::time::Duration;

use super::{Place, RequestOptions};
use crate::{CredentialSummary, UserHandle, WebauthnError};

/// A request's `mediation`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mediation {
    /// Nothing may be shown.
    Silent,
    /// The default.
    #[default]
    Optional,
    /// At a sign-in: in a field's suggestions. At a creation: silently, after a password was used.
    Conditional,
    /// Something must be shown.
    Required,
}

/// A request's `uiMode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UiMode {
    /// The default: a dialogue that also looks for credentials elsewhere.
    #[default]
    Modal,
    /// A dialogue only if there is a credential at hand.
    Immediate,
}

/// What the vault can say at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vault {
    /// There is none on this device.
    Absent,
    /// There is one that has to be unlocked to say more.
    Locked,
    /// It is open, and holds this many credentials that serve the request.
    Unlocked {
        /// Those that serve.
        serving: usize,
    },
}

/// What to do with a sign-in request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GetDecision {
    /// Ask the person now.
    Ask,
    /// Unlock, then decide again.
    Unlock,
    /// Offer the credentials in the page's field beside whatever the browser offers there.
    Offer,
    /// Offer to unlock in the page's field, beside whatever the browser offers there.
    OfferToUnlock,
    /// Leave it to the browser.
    Native,
    /// Refuse.
    Refuse(WebauthnError),
}

/// Decides about a sign-in.
///
/// Hints don't count here: a person whose credential is in this vault must not be sent to look for another.
pub fn decide_get(options: &RequestOptions, mediation: Mediation, ui_mode: UiMode, vault: Vault) -> GetDecision {
    match (ui_mode, mediation, vault) {
        (UiMode::Immediate, Mediation::Conditional, _) => {
            GetDecision::Refuse(WebauthnError::NotSupported("an immediate request cannot be conditional"))
        }
        // A list would let a site ask silently, name by name, who is in front of it.
        (UiMode::Immediate, ..) if options.names_credentials() => {
            GetDecision::Refuse(WebauthnError::NotAllowed("an immediate request cannot name credentials"))
        }
        (_, Mediation::Silent, _) | (_, _, Vault::Absent | Vault::Unlocked { serving: 0 }) => GetDecision::Native,
        (_, Mediation::Conditional, Vault::Locked) => GetDecision::OfferToUnlock,
        (_, Mediation::Conditional, Vault::Unlocked { .. }) => GetDecision::Offer,
        // What has to be unlocked first is not immediately at hand.
        (UiMode::Immediate, _, Vault::Locked) => GetDecision::Native,
        (UiMode::Modal, _, Vault::Locked) => GetDecision::Unlock,
        (_, _, Vault::Unlocked { .. }) => GetDecision::Ask,
    }
}

/// What to do with a creation request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreateDecision {
    /// Ask the person now.
    Ask,
    /// Unlock, then decide again.
    Unlock,
    /// Create without asking, and tell the person afterwards.
    Upgrade,
    /// Leave it to the browser.
    Native,
}

/// A password that the provider filled in for the page that now asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilledPassword {
    /// The account's name.
    pub user_name: String,
    /// How long ago.
    pub age: Duration,
}

/// What a creation is about, for [`decide_create`].
#[derive(Clone, Copy, Debug)]
pub struct Creation<'a> {
    /// The account's name.
    pub user_name: &'a str,
    /// The account.
    pub user_handle: &'a UserHandle,
    /// Where the site wants the credential.
    pub place: Place,
    /// A credential that the site excludes is here.
    pub excluded: bool,
    /// The credentials of this relying party.
    pub held: &'a [CredentialSummary],
}

/// Decides about a creation.
///
/// A conditional one upgrades an account only while it is fresh that the person signed in to it with a password of this
/// vault, and never replaces a credential: nobody is asked.
pub fn decide_create(
    creation: &Creation<'_>,
    mediation: Mediation,
    vault: Vault,
    filled: Option<&FilledPassword>,
) -> CreateDecision {
    match (mediation, vault) {
        (_, Vault::Absent) => CreateDecision::Native,
        (Mediation::Conditional, Vault::Unlocked { .. }) if may_upgrade(creation, filled) => CreateDecision::Upgrade,
        (Mediation::Conditional | Mediation::Silent, _) => CreateDecision::Native,
        _ if creation.place == Place::Elsewhere => CreateDecision::Native,
        (_, Vault::Locked) => CreateDecision::Unlock,
        (_, Vault::Unlocked { .. }) => CreateDecision::Ask,
    }
}

fn may_upgrade(creation: &Creation<'_>, filled: Option<&FilledPassword>) -> bool {
    let just_used = filled.is_some_and(|filled| filled.age <= UPGRADE_WINDOW && filled.user_name == creation.user_name);
    let has_one = creation.held.iter().any(|held| held.user.handle.as_ref() == Some(creation.user_handle));
    just_used && !has_one && !creation.excluded
}

/// How long a sign-in counts as recent, long enough for a slow page after it.
const UPGRADE_WINDOW: Duration = Duration::from_secs(5 * 60);
