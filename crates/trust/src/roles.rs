//! Who may do what: the one table (protocol section 4).

use roamkey_proto::{Op, RecoverySlot, mutant};

use crate::Refusal;

/// What the log says of an entry's author, and whether an epoch is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// The log is empty.
    Founder,
    /// An active device.
    Member,
    /// An active device, just after another one has left.
    MemberOwingEpoch,
    /// A device that has signed itself out.
    Left,
    /// A device that was revoked.
    Revoked,
    /// A recovery authority.
    Authority,
    /// A recovery authority that was replaced or removed.
    AuthorityGone,
    /// Not a device of this account.
    Stranger,
}

/// An operation by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Genesis,
    AddDevice,
    RevokeDevices,
    Leave,
    Rotate,
    RenewKeys,
    SetRecovery,
    SetMinSuite,
    Close,
    CancelClose,
}

impl Kind {
    /// Returns the operation's name, or none for a number that this version does not do.
    pub(crate) fn of(op: &Op) -> Option<Self> {
        Some(match op {
            Op::Genesis(_) => Self::Genesis,
            Op::AddDevice(_) => Self::AddDevice,
            Op::RevokeDevices(_) => Self::RevokeDevices,
            Op::Leave => Self::Leave,
            Op::Rotate => Self::Rotate,
            Op::RenewKeys(_) => Self::RenewKeys,
            Op::SetRecovery(op) if op.slot == RecoverySlot::Organisation => return None,
            Op::SetRecovery(_) => Self::SetRecovery,
            Op::SetMinSuite => Self::SetMinSuite,
            Op::Close(_) => Self::Close,
            Op::CancelClose => Self::CancelClose,
            _ => return None,
        })
    }
}

/// Judges whether an author of this standing may do this.
pub(crate) fn judge(kind: Kind, standing: Standing) -> Result<(), Refusal> {
    use Kind::{
        AddDevice, CancelClose, Close, Genesis, Leave, RenewKeys, RevokeDevices, Rotate, SetMinSuite, SetRecovery,
    };
    use Refusal::{EpochOwed, NoGenesis, SecondGenesis};

    const ALLOW: Result<(), Refusal> = Ok(());
    const LEFT: Result<(), Refusal> = Err(Refusal::Left);
    const REVOKED: Result<(), Refusal> = Err(Refusal::Revoked);
    const STRANGER: Result<(), Refusal> = Err(Refusal::Stranger);
    const ADDS: Result<(), Refusal> = Err(Refusal::AuthorityOnlyAdds);
    const GONE: Result<(), Refusal> = Err(Refusal::AuthorityGone);

    #[rustfmt::skip]
    let row = match kind {
        //                Founder          Member              MemberOwingEpoch    Left  Revoked  Authority  ..Gone  Stranger
        Genesis       => [ALLOW,           Err(SecondGenesis), Err(SecondGenesis), LEFT, REVOKED, ADDS,      GONE,   STRANGER],
        AddDevice     => [Err(NoGenesis),  ALLOW,              ALLOW,              LEFT, REVOKED, ALLOW,     GONE,   STRANGER],
        RevokeDevices => [Err(NoGenesis),  ALLOW,              ALLOW,              LEFT, REVOKED, ADDS,      GONE,   STRANGER],
        Leave         => [Err(NoGenesis),  ALLOW,              Err(EpochOwed),     LEFT, REVOKED, ADDS,      GONE,   STRANGER],
        Rotate        => [Err(NoGenesis),  ALLOW,              ALLOW,              LEFT, REVOKED, ADDS,      GONE,   STRANGER],
        RenewKeys     => [Err(NoGenesis),  ALLOW,              ALLOW,              LEFT, REVOKED, ADDS,      GONE,   STRANGER],
        SetRecovery   => [Err(NoGenesis),  ALLOW,              ALLOW,              LEFT, REVOKED, ADDS,      GONE,   STRANGER],
        SetMinSuite   => [Err(NoGenesis),  ALLOW,              Err(EpochOwed),     LEFT, REVOKED, ADDS,      GONE,   STRANGER],
        Close         => [Err(NoGenesis),  ALLOW,              Err(EpochOwed),     LEFT, REVOKED, ADDS,      GONE,   STRANGER],
        CancelClose   => [Err(NoGenesis),  ALLOW,              Err(EpochOwed),     LEFT, REVOKED, ADDS,      GONE,   STRANGER],
    };
    let [founder, member, owing, left, revoked, authority, gone, stranger] = row;
    mutant!("log.revoked-is-out" => return member);
    match standing {
        Standing::Founder => founder,
        Standing::Member => member,
        Standing::MemberOwingEpoch => owing,
        Standing::Left => left,
        Standing::Revoked => revoked,
        Standing::Authority => mutant!("recovery.authority-only-adds", authority => Ok(())),
        Standing::AuthorityGone => mutant!("recovery.gone-is-out", gone => authority),
        Standing::Stranger => stranger,
    }
}

#[cfg(test)]
mod tests;
