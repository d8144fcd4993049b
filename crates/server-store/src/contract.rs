//! What every backend keeps, as tests that it calls: `contract_tests!` makes one test of each.

pub mod accounts;
pub mod chains;
pub mod guests;
mod objects;

/// Makes a test of each claim of the contract. `$make` is an expression that opens a fresh, empty
/// store: a value that dereferences to it and keeps what it rests on.
#[macro_export]
macro_rules! contract_tests {
    ($make:expr) => {
        $crate::contract_tests!(@ $make, chains:
            a_genesis_makes_its_account,
            an_entry_that_does_not_build_on_the_newest_is_a_conflict,
            the_newest_entry_is_accepted_again,
            what_others_built_on_is_accepted_again,
            bundles_carry_only_the_wraps_of_the_one_who_asks,
            a_commit_moves_the_head_and_replaces_records,
            a_commit_that_names_an_older_log_entry_is_a_conflict,
            a_commit_that_does_not_build_on_the_head_is_a_conflict,
            a_revision_that_does_not_rise_is_refused_whole,
            a_wrong_count_is_refused_whole,
            a_wrong_root_is_refused_whole,
            a_root_is_over_every_record,
            a_full_quota_is_an_outcome,
            of_concurrent_commits_one_wins,
            accounts_do_not_meet,
            a_pull_of_another_head_is_refused,
            a_pull_gives_what_changed_since,
            pages_of_a_pull_add_up_to_the_whole,
        );
        $crate::contract_tests!(@ $make, guests:
            the_first_secrets_stay,
            a_session_admits_until_it_expires,
            a_challenge_opens_one_session,
            the_oldest_sessions_of_a_device_give_way,
            a_hold_is_seen_until_it_is_over,
            a_device_does_not_hold_again_and_again,
            a_mailbox_joins_two_sides,
            a_mailbox_is_claimed_once,
            a_full_mailbox_takes_no_more,
            a_stranger_reads_writes_and_closes_no_mailbox,
            a_mailbox_that_is_over_frees_its_number,
            the_oldest_mailboxes_of_an_account_give_way,
            a_sweep_leaves_what_is_alive,
            a_fresh_store_passes_its_check,
        );
        $crate::contract_tests!(@ $make, accounts:
            an_invitation_serves_one_account,
            an_invitation_ends,
            the_latest_heartbeat_of_a_device_stays,
            an_export_sees_every_wrap,
            every_account_is_listed_once,
            an_account_is_due_when_its_log_says_so,
            a_deleted_account_is_gone_for_good,
            a_deletion_that_has_begun_is_not_called_off,
            a_history_that_grows_too_fast_waits,
            what_was_lost_comes_back_whole,
            a_restore_that_does_not_fit_changes_nothing,
        );
    };
    (@ $make:expr, $part:ident: $($claim:ident,)+) => {$(
        #[tokio::test]
        async fn $claim() {
            $crate::contract::$part::$claim(&*$make).await;
        }
    )+};
}
