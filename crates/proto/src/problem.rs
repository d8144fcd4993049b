//! What the server says when it refuses: `application/problem+json` (RFC 9457) from a closed list.

/// A kind of refusal; the client chooses its remedy by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Problem {
    /// The request is not one that this endpoint takes; a bug, or garbage.
    BadRequest,
    /// The body or its parts are over a limit.
    TooLarge,
    /// There is no such endpoint.
    NotFound,
    /// The method is not one of the endpoint's.
    MethodNotAllowed,
    /// The session is missing, over, or of a device that is no member: open a new one.
    Unauthorized,
    /// The device was revoked, or is not of this account. No new session helps.
    NotAMember,
    /// The server takes no new accounts, or none without an invitation that serves.
    NotInvited,
    /// There is no such account.
    UnknownAccount,
    /// The account is there already.
    AccountExists,
    /// The account was closed, by an entry of its log, and is gone for good.
    AccountClosed,
    /// The push or entry does not build on the newest one: pull, replay, try again.
    Conflict,
    /// The head is no longer what the pull named: ask again for the new one.
    HeadMoved,
    /// A signed object does not verify, or breaks a rule of its chain.
    Invalid,
    /// A revocation goes first; wait as long as `Retry-After` says.
    Held,
    /// A pairing mailbox that is not there, over, full, or taken already.
    MailboxGone,
    /// Too many requests; wait as long as `Retry-After` says.
    RateLimited,
    /// The account has used up its quota.
    QuotaExceeded,
    /// The server cannot write at the moment, for example as its disk is full. Nothing was taken.
    Unavailable,
    /// A fault of the server's own. Nothing was taken.
    Internal,
}

impl Problem {
    /// Every problem there is.
    pub const ALL: [Self; 19] = [
        Self::BadRequest,
        Self::TooLarge,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Unauthorized,
        Self::NotAMember,
        Self::NotInvited,
        Self::UnknownAccount,
        Self::AccountExists,
        Self::AccountClosed,
        Self::Conflict,
        Self::HeadMoved,
        Self::Invalid,
        Self::Held,
        Self::MailboxGone,
        Self::RateLimited,
        Self::QuotaExceeded,
        Self::Unavailable,
        Self::Internal,
    ];

    /// Returns the `type` member, a relative reference that means the same on every server.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::BadRequest => "/problems/bad-request",
            Self::TooLarge => "/problems/too-large",
            Self::NotFound => "/problems/not-found",
            Self::MethodNotAllowed => "/problems/method-not-allowed",
            Self::Unauthorized => "/problems/unauthorized",
            Self::NotAMember => "/problems/not-a-member",
            Self::NotInvited => "/problems/not-invited",
            Self::UnknownAccount => "/problems/unknown-account",
            Self::AccountExists => "/problems/account-exists",
            Self::AccountClosed => "/problems/account-closed",
            Self::Conflict => "/problems/conflict",
            Self::HeadMoved => "/problems/head-moved",
            Self::Invalid => "/problems/invalid",
            Self::Held => "/problems/held",
            Self::MailboxGone => "/problems/mailbox-gone",
            Self::RateLimited => "/problems/rate-limited",
            Self::QuotaExceeded => "/problems/quota-exceeded",
            Self::Unavailable => "/problems/unavailable",
            Self::Internal => "/problems/internal",
        }
    }

    /// Returns the HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Unauthorized => 401,
            Self::NotAMember | Self::NotInvited => 403,
            Self::NotFound | Self::UnknownAccount => 404,
            Self::MethodNotAllowed => 405,
            Self::AccountExists | Self::Conflict | Self::HeadMoved => 409,
            Self::AccountClosed | Self::MailboxGone => 410,
            Self::TooLarge => 413,
            Self::Invalid => 422,
            Self::Held => 423,
            Self::RateLimited => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
            Self::QuotaExceeded => 507,
        }
    }

    /// Finds the problem with this `type`; an unknown one is none of ours.
    #[must_use]
    pub fn from_kind(kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|problem| problem.kind() == kind)
    }
}
