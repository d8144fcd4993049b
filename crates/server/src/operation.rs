//! What an endpoint says of itself: the description of the interface is made from it, and the table of routes takes
//! no endpoint without it.

use roamkey_proto::problem::Problem;

/// One method of one path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    /// What it is for, in a sentence.
    pub(crate) summary: &'static str,
    /// Who may.
    pub(crate) access: Access,
    /// A number after the question mark, and what it means.
    pub(crate) query: Option<(&'static str, &'static str)>,
    /// The object in the body: a name among the schemas.
    pub(crate) request: Option<&'static str>,
    /// What comes back when all is well.
    pub(crate) answer: Answer,
    /// The refusals of its own, besides those that [`Operation::refusals`] adds.
    pub(crate) problems: &'static [Problem],
}

/// Who may use an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Anyone, without being counted.
    Open,
    /// Anyone, so many times an address.
    Anyone,
    /// Anyone, or with an invitation, as the operator wants.
    Registration,
    /// A device of the account, with the token of its session.
    Session,
    /// A device of the account, with the token of its session as the first message.
    Socket,
    /// Whoever holds the token of one side of the mailbox.
    Mailbox,
}

/// What comes back when all is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// An object: a name among the schemas.
    Object(&'static str),
    /// 204.
    Nothing,
    /// 200 and a sequence of objects.
    Sequence(&'static str),
    /// 101, and objects as binary messages.
    Socket(&'static str),
}

impl Operation {
    /// Returns every refusal that it may answer with, in the order of [`Problem::ALL`].
    pub(crate) fn refusals(&self) -> Vec<Problem> {
        Problem::ALL.into_iter().filter(|problem| self.may_refuse(*problem)).collect()
    }

    fn may_refuse(&self, problem: Problem) -> bool {
        let is_counted = self.access != Access::Open;
        let has_token = matches!(self.access, Access::Session | Access::Mailbox);
        self.problems.contains(&problem)
            || match problem {
                Problem::Internal | Problem::Unavailable => true,
                Problem::MethodNotAllowed => true,
                Problem::BadRequest => {
                    self.request.is_some() || has_token || self.query.is_some() || self.access == Access::Socket
                }
                Problem::TooLarge => self.request.is_some(),
                Problem::RateLimited => is_counted && self.access != Access::Socket,
                Problem::Unauthorized => has_token,
                Problem::NotAMember => self.access == Access::Session,
                Problem::NotInvited => self.access == Access::Registration,
                Problem::MailboxGone => self.access == Access::Mailbox,
                _ => false,
            }
    }
}
