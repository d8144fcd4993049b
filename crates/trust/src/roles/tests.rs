use super::{Kind, Standing, judge};
use crate::Refusal;

/// One test a cell: kind, standing, verdict.
macro_rules! cells {
    ($($name:ident: $kind:ident by $standing:ident => $verdict:expr;)+) => {
        $(#[test]
        fn $name() {
            assert_eq!(judge(Kind::$kind, Standing::$standing), $verdict);
        })+

        #[test]
        fn every_cell_has_its_test() {
            let mut cells = vec![$((Kind::$kind, Standing::$standing)),+];
            cells.sort_unstable();
            cells.dedup();
            assert_eq!(cells.len(), 10 * 8);
        }
    };
}

cells! {
    a_founder_founds: Genesis by Founder => Ok(());
    a_member_founds_no_second_time: Genesis by Member => Err(Refusal::SecondGenesis);
    a_member_that_owes_an_epoch_founds_no_second_time: Genesis by MemberOwingEpoch => Err(Refusal::SecondGenesis);
    one_that_left_founds_nothing: Genesis by Left => Err(Refusal::Left);
    one_revoked_founds_nothing: Genesis by Revoked => Err(Refusal::Revoked);
    a_stranger_founds_nothing: Genesis by Stranger => Err(Refusal::Stranger);

    nobody_adds_before_the_genesis: AddDevice by Founder => Err(Refusal::NoGenesis);
    a_member_adds: AddDevice by Member => Ok(());
    a_member_that_owes_an_epoch_adds: AddDevice by MemberOwingEpoch => Ok(());
    one_that_left_adds_nobody: AddDevice by Left => Err(Refusal::Left);
    one_revoked_adds_nobody: AddDevice by Revoked => Err(Refusal::Revoked);
    a_stranger_adds_nobody: AddDevice by Stranger => Err(Refusal::Stranger);

    nobody_revokes_before_the_genesis: RevokeDevices by Founder => Err(Refusal::NoGenesis);
    a_member_revokes: RevokeDevices by Member => Ok(());
    a_member_that_owes_an_epoch_revokes: RevokeDevices by MemberOwingEpoch => Ok(());
    one_that_left_revokes_nobody: RevokeDevices by Left => Err(Refusal::Left);
    one_revoked_revokes_nobody: RevokeDevices by Revoked => Err(Refusal::Revoked);
    a_stranger_revokes_nobody: RevokeDevices by Stranger => Err(Refusal::Stranger);

    nobody_leaves_before_the_genesis: Leave by Founder => Err(Refusal::NoGenesis);
    a_member_leaves: Leave by Member => Ok(());
    nobody_leaves_while_an_epoch_is_owed: Leave by MemberOwingEpoch => Err(Refusal::EpochOwed);
    nobody_leaves_twice: Leave by Left => Err(Refusal::Left);
    one_revoked_leaves_no_more: Leave by Revoked => Err(Refusal::Revoked);
    a_stranger_has_nothing_to_leave: Leave by Stranger => Err(Refusal::Stranger);

    nobody_rotates_before_the_genesis: Rotate by Founder => Err(Refusal::NoGenesis);
    a_member_rotates: Rotate by Member => Ok(());
    a_member_that_owes_an_epoch_rotates: Rotate by MemberOwingEpoch => Ok(());
    one_that_left_rotates_nothing: Rotate by Left => Err(Refusal::Left);
    one_revoked_rotates_nothing: Rotate by Revoked => Err(Refusal::Revoked);
    a_stranger_rotates_nothing: Rotate by Stranger => Err(Refusal::Stranger);

    nobody_renews_before_the_genesis: RenewKeys by Founder => Err(Refusal::NoGenesis);
    a_member_renews: RenewKeys by Member => Ok(());
    a_member_that_owes_an_epoch_renews: RenewKeys by MemberOwingEpoch => Ok(());
    one_that_left_renews_nothing: RenewKeys by Left => Err(Refusal::Left);
    one_revoked_renews_nothing: RenewKeys by Revoked => Err(Refusal::Revoked);
    a_stranger_renews_nothing: RenewKeys by Stranger => Err(Refusal::Stranger);

    nobody_raises_the_suite_before_the_genesis: SetMinSuite by Founder => Err(Refusal::NoGenesis);
    a_member_raises_the_suite: SetMinSuite by Member => Ok(());
    nobody_raises_the_suite_while_an_epoch_is_owed: SetMinSuite by MemberOwingEpoch => Err(Refusal::EpochOwed);
    one_that_left_never_raises_the_suite: SetMinSuite by Left => Err(Refusal::Left);
    one_revoked_never_raises_the_suite: SetMinSuite by Revoked => Err(Refusal::Revoked);
    a_stranger_never_raises_the_suite: SetMinSuite by Stranger => Err(Refusal::Stranger);

    nobody_closes_before_the_genesis: Close by Founder => Err(Refusal::NoGenesis);
    a_member_closes: Close by Member => Ok(());
    nobody_closes_while_an_epoch_is_owed: Close by MemberOwingEpoch => Err(Refusal::EpochOwed);
    one_that_left_never_closes: Close by Left => Err(Refusal::Left);
    one_revoked_never_closes: Close by Revoked => Err(Refusal::Revoked);
    a_stranger_never_closes: Close by Stranger => Err(Refusal::Stranger);

    nobody_calls_a_closing_off_before_the_genesis: CancelClose by Founder => Err(Refusal::NoGenesis);
    a_member_calls_a_closing_off: CancelClose by Member => Ok(());
    nobody_calls_a_closing_off_while_an_epoch_is_owed: CancelClose by MemberOwingEpoch => Err(Refusal::EpochOwed);
    one_that_left_never_calls_a_closing_off: CancelClose by Left => Err(Refusal::Left);
    one_revoked_never_calls_a_closing_off: CancelClose by Revoked => Err(Refusal::Revoked);
    a_stranger_never_calls_a_closing_off: CancelClose by Stranger => Err(Refusal::Stranger);

    nobody_sets_recovery_before_the_genesis: SetRecovery by Founder => Err(Refusal::NoGenesis);
    a_member_sets_recovery: SetRecovery by Member => Ok(());
    a_member_that_owes_an_epoch_sets_recovery: SetRecovery by MemberOwingEpoch => Ok(());
    one_that_left_sets_no_recovery: SetRecovery by Left => Err(Refusal::Left);
    one_revoked_sets_no_recovery: SetRecovery by Revoked => Err(Refusal::Revoked);
    a_stranger_sets_no_recovery: SetRecovery by Stranger => Err(Refusal::Stranger);

    a_recovery_authority_adds: AddDevice by Authority => Ok(());
    a_recovery_authority_founds_nothing: Genesis by Authority => Err(Refusal::AuthorityOnlyAdds);
    a_recovery_authority_never_revokes: RevokeDevices by Authority => Err(Refusal::AuthorityOnlyAdds);
    a_recovery_authority_never_leaves: Leave by Authority => Err(Refusal::AuthorityOnlyAdds);
    a_recovery_authority_never_rotates: Rotate by Authority => Err(Refusal::AuthorityOnlyAdds);
    a_recovery_authority_never_renews: RenewKeys by Authority => Err(Refusal::AuthorityOnlyAdds);
    a_recovery_authority_never_sets_recovery: SetRecovery by Authority => Err(Refusal::AuthorityOnlyAdds);
    a_recovery_authority_never_raises_the_suite: SetMinSuite by Authority => Err(Refusal::AuthorityOnlyAdds);
    a_recovery_authority_never_closes: Close by Authority => Err(Refusal::AuthorityOnlyAdds);
    a_recovery_authority_never_calls_a_closing_off: CancelClose by Authority => Err(Refusal::AuthorityOnlyAdds);

    a_replaced_authority_never_founds: Genesis by AuthorityGone => Err(Refusal::AuthorityGone);
    a_replaced_authority_never_adds: AddDevice by AuthorityGone => Err(Refusal::AuthorityGone);
    a_replaced_authority_never_revokes: RevokeDevices by AuthorityGone => Err(Refusal::AuthorityGone);
    a_replaced_authority_never_leaves: Leave by AuthorityGone => Err(Refusal::AuthorityGone);
    a_replaced_authority_never_rotates: Rotate by AuthorityGone => Err(Refusal::AuthorityGone);
    a_replaced_authority_never_renews: RenewKeys by AuthorityGone => Err(Refusal::AuthorityGone);
    a_replaced_authority_never_sets_recovery: SetRecovery by AuthorityGone => Err(Refusal::AuthorityGone);
    a_replaced_authority_never_raises_the_suite: SetMinSuite by AuthorityGone => Err(Refusal::AuthorityGone);
    a_replaced_authority_never_closes: Close by AuthorityGone => Err(Refusal::AuthorityGone);
    a_replaced_authority_never_calls_a_closing_off: CancelClose by AuthorityGone => Err(Refusal::AuthorityGone);
}
