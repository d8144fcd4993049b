//! What sites tell about credentials they no longer want, or that got other names (WebAuthn section 5.1.10).
//!
//! A signal becomes a list of changes, each of which can be undone: a site that is wrong, or was broken into, must not
//! cost a person their credentials. So nothing is deleted; what a site disowns is hidden.

use serde::Deserialize;

use super::{
    Caller, base64url,
    options::{cut_name, json},
    rp_id,
};
use crate::{CredentialId, CredentialSummary, RpId, User, UserHandle, Visibility, WebauthnError, limits};

/// The three calls of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalKind {
    /// `signalUnknownCredential`
    UnknownCredential,
    /// `signalAllAcceptedCredentials`
    AllAcceptedCredentials,
    /// `signalCurrentUserDetails`
    CurrentUserDetails,
}

/// A site's word about its credentials, checked against its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    rp_id: RpId,
    about: About,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum About {
    Unknown(CredentialId),
    Accepted { user: UserHandle, credentials: Vec<CredentialId> },
    Details { user: UserHandle, names: Names },
}

/// What an account and its person are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// The account's name.
    pub name: Option<String>,
    /// The person's name.
    pub display_name: Option<String>,
}

impl Names {
    fn of(user: &User) -> Self {
        Self { name: user.name.clone(), display_name: user.display_name.clone() }
    }
}

/// A credential that is kept, and whether it is offered to its site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The credential.
    pub summary: CredentialSummary,
    /// Whether it is offered.
    pub visibility: Visibility,
}

/// One change that a signal makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Offer a credential, or stop offering it.
    Visibility {
        /// Which.
        credential: CredentialId,
        /// What it was.
        from: Visibility,
        /// What it becomes.
        to: Visibility,
    },
    /// Call an account differently.
    Names {
        /// Which.
        credential: CredentialId,
        /// What it was called.
        from: Names,
        /// What it is to be called.
        to: Names,
    },
}

impl Signal {
    /// Parses the argument of a call.
    ///
    /// # Errors
    /// [`WebauthnError::Type`] for malformed arguments, bad base64url included; [`WebauthnError::Security`] if the caller
    /// may not use the relying party id.
    pub fn from_json(kind: SignalKind, caller: &Caller, json: &str) -> Result<Self, WebauthnError> {
        let (rp_id, about) = match kind {
            SignalKind::UnknownCredential => parse_unknown(json)?,
            SignalKind::AllAcceptedCredentials => parse_accepted(json)?,
            SignalKind::CurrentUserDetails => parse_details(json)?,
        };
        Ok(Self { rp_id: rp_id::resolve(caller, Some(&rp_id))?, about })
    }

    /// The relying party that speaks.
    pub fn rp_id(&self) -> &RpId {
        &self.rp_id
    }

    /// What the signal changes among the credentials of this relying party; those of others in `held` stay as they are.
    ///
    /// Applied twice it changes nothing the second time.
    pub fn changes(&self, held: &[Held]) -> Vec<Change> {
        let ours = held.iter().filter(|held| held.summary.rp_id == self.rp_id);
        ours.filter_map(|held| self.about.change(held)).collect()
    }
}

impl About {
    fn change(&self, held: &Held) -> Option<Change> {
        match self {
            Self::Unknown(id) if held.summary.id == *id => held.become_visible(Visibility::Hidden),
            Self::Accepted { user, credentials } if held.is_of(user) => {
                let accepted = credentials.contains(&held.summary.id);
                held.become_visible(if accepted { Visibility::Offered } else { Visibility::Hidden })
            }
            Self::Details { user, names } if held.is_of(user) => held.become_named(names),
            _ => None,
        }
    }
}

impl Held {
    fn is_of(&self, user: &UserHandle) -> bool {
        self.summary.user.handle.as_ref() == Some(user)
    }

    fn become_visible(&self, to: Visibility) -> Option<Change> {
        let (credential, from) = (self.summary.id.clone(), self.visibility);
        (from != to).then_some(Change::Visibility { credential, from, to })
    }

    fn become_named(&self, to: &Names) -> Option<Change> {
        let (credential, from) = (self.summary.id.clone(), Names::of(&self.summary.user));
        (from != *to).then(|| Change::Names { credential, from, to: to.clone() })
    }
}

impl Change {
    /// The credential that changes.
    pub fn credential(&self) -> &CredentialId {
        match self {
            Self::Visibility { credential, .. } | Self::Names { credential, .. } => credential,
        }
    }

    /// What takes the change back.
    #[must_use]
    pub fn undo(&self) -> Self {
        match self.clone() {
            Self::Visibility { credential, from, to } => Self::Visibility { credential, from: to, to: from },
            Self::Names { credential, from, to } => Self::Names { credential, from: to, to: from },
        }
    }

    /// Makes the change, unless the credential is another one or changed since: what a person did meanwhile stays.
    pub fn apply(&self, held: &mut Held) -> bool {
        match self {
            Self::Visibility { credential, from, to } if held.summary.id == *credential && held.visibility == *from => {
                held.visibility = *to;
                true
            }
            Self::Names { credential, from, to }
                if held.summary.id == *credential && Names::of(&held.summary.user) == *from =>
            {
                held.summary.user.name.clone_from(&to.name);
                held.summary.user.display_name.clone_from(&to.display_name);
                true
            }
            _ => false,
        }
    }
}

fn parse_unknown(json: &str) -> Result<(String, About), WebauthnError> {
    let raw: RawUnknown = json::parse(json)?;
    let id = CredentialId::try_from(bytes(&raw.credential_id)?.as_slice());
    Ok((raw.rp_id, About::Unknown(id.map_err(|_| WebauthnError::Type("credentialId has 1 to 1023 bytes"))?)))
}

fn parse_accepted(json: &str) -> Result<(String, About), WebauthnError> {
    let raw: RawAccepted = json::parse(json)?;
    if raw.all_accepted_credential_ids.len() > limits::DESCRIPTORS {
        return Err(WebauthnError::Type("a list of credentials is too long"));
    }
    let mut credentials = Vec::new();
    for id in &raw.all_accepted_credential_ids {
        // An id of an impossible length is none of ours.
        credentials.extend(CredentialId::try_from(bytes(id)?.as_slice()));
    }
    Ok((raw.rp_id, About::Accepted { user: user(&raw.user_id)?, credentials }))
}

fn parse_details(json: &str) -> Result<(String, About), WebauthnError> {
    let raw: RawDetails = json::parse(json)?;
    let names = Names { name: Some(cut_name(raw.name)), display_name: Some(cut_name(raw.display_name)) };
    Ok((raw.rp_id, About::Details { user: user(&raw.user_id)?, names }))
}

fn user(text: &str) -> Result<UserHandle, WebauthnError> {
    UserHandle::try_from(bytes(text)?.as_slice()).map_err(|_| WebauthnError::Type("userId has 1 to 64 bytes"))
}

/// The signal methods answer bad base64url with a `TypeError`, where the JSON forms of requests have an `EncodingError`.
fn bytes(text: &str) -> Result<Vec<u8>, WebauthnError> {
    base64url::decode(text, "").map_err(|_| WebauthnError::Type("an id is not base64url"))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawUnknown {
    rp_id: String,
    credential_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawAccepted {
    rp_id: String,
    user_id: String,
    all_accepted_credential_ids: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawDetails {
    rp_id: String,
    user_id: String,
    name: String,
    display_name: String,
}
