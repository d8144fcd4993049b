//! The person at the device: asked for a touch, or verified by the device itself.

/// Asks the person; the transport's and the user interface's side of a device.
///
/// While one of these futures is pending, the transport reports "user presence needed" (CTAPHID `STATUS_UPNEEDED`), at all
/// other times of a command "processing". A `CTAPHID_CANCEL` ends the pending future with `Cancelled`: a cancel at any other
/// time has nothing to cancel. An implementation bounds the wait; 30 seconds is what the standard suggests.
#[expect(async_fn_in_trait, reason = "browsers' futures are not Send, and no caller needs them to be")]
pub trait Person {
    /// Asks for a touch: evidence of user interaction.
    async fn touch(&mut self, question: &Question<'_>) -> Touch;

    /// Whether the device can verify the person without the platform's help: by passphrase, fingerprint, an operating
    /// system's prompt.
    fn built_in(&self) -> BuiltIn {
        BuiltIn::None
    }

    /// Verifies the person, who thereby also agrees. It is called only where [`Person::built_in`] says [`BuiltIn::Ready`].
    async fn verify(&mut self, question: &Question<'_>) -> Verified {
        let _ = question;
        Verified::Failed
    }
}

/// What the person is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question<'a> {
    /// What for.
    pub purpose: Purpose,
    /// The relying party, where there is one.
    pub rp_id: Option<&'a str>,
    /// The account's name, where one is known.
    pub user_name: Option<&'a str>,
}

/// What a person's agreement is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// A new credential.
    Create,
    /// A new credential that takes the place of an older one of the same account.
    Replace,
    /// Signing in.
    SignIn,
    /// Choosing this device among several (`authenticatorSelection`).
    Select,
    /// Erasing everything with a touch of at least [`Purpose::LONG_TOUCH`].
    ResetByLongTouch,
    /// Erasing everything with any touch.
    Reset,
    /// Letting a platform act for the person for a while: a `pinUvAuthToken`.
    GrantToken,
    /// Setting the PIN by which platforms will speak for the person.
    SetPin,
    /// Deleting a credential.
    Delete,
    /// Giving the account of a credential other names.
    Rename,
}

impl Purpose {
    /// How long a long touch lasts (CTAP 2.3 section 6.6).
    pub const LONG_TOUCH: std::time::Duration = std::time::Duration::from_secs(10);
}

/// The answer to a request for a touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// The person agreed.
    Given,
    /// The person declined.
    Declined,
    /// Nobody answered in time.
    TimedOut,
    /// The platform withdrew the request.
    Cancelled,
}

/// Whether a device can verify the person by itself: the `uv` option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuiltIn {
    /// It cannot.
    None,
    /// It can, once the person set it up.
    NotSetUp,
    /// It can.
    Ready,
}

/// The outcome of a built-in verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// It is the person, who agrees.
    Passed,
    /// The check did not pass; a try is used up.
    Failed,
    /// The person declined.
    Declined,
    /// Nobody answered in time.
    TimedOut,
    /// The platform withdrew the request.
    Cancelled,
}
