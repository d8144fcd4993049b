//! The attacks, the tests that stand for each, and the mutants by which those are tested themselves.
//!
//! A test is `PACKAGE PATH`, as `cargo test -p roamkey-PACKAGE -- PATH` finds it. A mutant is the name of a check in the code,
//! with the tests that have to fail once it is taken out. What an attack still waits for is `pending`: it counts as such, and
//! never as passed.

/// An attack.
pub(super) struct Attack {
    pub(super) id: u32,
    pub(super) claim: &'static str,
    /// Capabilities that are not built yet, without which part of the attack cannot even be tried.
    pub(super) pending: &'static [&'static str],
    pub(super) tests: &'static [&'static str],
    pub(super) mutants: &'static [Mutant],
    /// Journeys of the extension's end-to-end tests that show the same in a browser.
    pub(super) journeys: &'static [&'static str],
}

/// A check that can be taken out, and the tests that fail then.
pub(super) struct Mutant {
    pub(super) name: &'static str,
    pub(super) killed_by: &'static [&'static str],
}

const NONE: Attack = Attack { id: 0, claim: "", pending: &[], tests: &[], mutants: &[], journeys: &[] };

const fn mutant(name: &'static str, killed_by: &'static [&'static str]) -> Mutant {
    Mutant { name, killed_by }
}

pub(super) const ATTACKS: [Attack; 50] = [
    Attack {
        id: 1,
        claim: "a server cannot choose how hard a passphrase is to guess",
        tests: &["sealing unlock::tests::a_stretch_that_is_not_on_the_list_is_refused_before_any_work"],
        mutants: &[mutant(
            "unlock.cost-is-compiled-in",
            &["sealing unlock::tests::the_stretch_is_argon2id_with_64_mib_and_three_passes_whatever_lies_beside_it"],
        )],
        ..NONE
    },
    Attack {
        id: 2,
        claim: "no library chooses the stretch by default",
        mutants: &[mutant(
            "unlock.no-library-default",
            &["sealing unlock::tests::the_stretch_is_argon2id_with_64_mib_and_three_passes_whatever_lies_beside_it"],
        )],
        ..NONE
    },
    Attack {
        id: 3,
        claim: "no version or suite is talked down",
        mutants: &[
            mutant("log.suite-never-falls", &["trust log::tests::order::the_least_suite_never_falls"]),
            mutant("log.suite-is-known", &["trust log::tests::order::an_unknown_suite_is_refused"]),
            mutant(
                "log.newer-is-signed-by-a-member",
                &["trust log::tests::order::what_no_member_signed_is_no_newer_version"],
            ),
            mutant(
                "commit.newer-is-signed-by-a-member",
                &["trust commit::tests::what_no_member_signed_is_no_newer_version"],
            ),
            mutant(
                "server.speaks-our-version",
                &["client evil::wire::a_server_that_speaks_older_versions_only_is_not_spoken_to"],
            ),
        ],
        ..NONE
    },
    Attack {
        id: 4,
        claim: "unknown suites and algorithms are refused before a key is used",
        mutants: &[
            mutant(
                "record.known-suite",
                &["sealing record::tests::a_record_that_a_member_sealed_under_an_unknown_suite_is_refused"],
            ),
            mutant("signature.of-this-algorithm-and-key", &["trust sign1::tests::any_flipped_byte_is_refused"]),
        ],
        ..NONE
    },
    Attack {
        id: 5,
        claim: "no ciphertext opens under two keys",
        mutants: &[mutant(
            "record.key-commitment",
            &["sealing record::tests::a_ciphertext_that_opens_under_the_key_is_refused_without_the_commitment"],
        )],
        ..NONE
    },
    Attack {
        id: 6,
        claim: "a server with the whole database guesses no PIN",
        pending: &["realms in servers and clients"],
        tests: &[
            "sealing recovery::pin::tests::one_realm_with_all_that_it_holds_cannot_tell_a_right_pin_from_a_wrong_one",
            "realm key::tests::each_account_version_and_salt_has_a_key_of_its_own",
        ],
        mutants: &[mutant(
            "pin.short-ones-need-others",
            &["sealing recovery::pin::tests::a_short_pin_needs_realms_that_the_servers_operator_does_not_control"],
        )],
        ..NONE
    },
    Attack { id: 7, claim: "a sign-in alone gives no ciphertext, wrap or share", pending: &["handles"], ..NONE },
    Attack {
        id: 8,
        claim: "a code serves one try and tells nothing",
        mutants: &[mutant(
            "pairing.key-is-confirmed",
            &["client evil::pairing::a_code_serves_one_try_and_a_wrong_one_gets_nothing"],
        )],
        ..NONE
    },
    Attack {
        id: 9,
        claim: "flipped bits, cut and lengthened answers are never applied",
        tests: &[
            "client evil::wire::an_answer_with_a_flipped_bit_is_never_applied",
            "client evil::wire::truncated_and_lengthened_answers_are_never_applied",
            "sealing record::tests::every_single_bit_is_bound",
        ],
        mutants: &[
            mutant("wire.one-form", &["proto tests::decoding::every_other_way_to_write_an_object_is_refused"]),
            mutant("record.one-padding", &["sealing record::tests::a_body_with_another_padding_is_refused"]),
        ],
        ..NONE
    },
    Attack {
        id: 10,
        claim: "a record swapped between items or accounts is refused",
        tests: &["sealing record::tests::a_record_moved_to_another_account_is_refused"],
        mutants: &[
            mutant("record.of-this-item", &["sealing record::tests::a_record_moved_to_another_item_is_refused"]),
            mutant("pull.record-is-the-named-one", &["client evil::records::a_swapped_record_is_refused"]),
            mutant("pull.record-of-this-account", &["client evil::records::a_record_of_another_account_is_refused"]),
        ],
        journeys: &["lying-server"],
        ..NONE
    },
    Attack {
        id: 11,
        claim: "edited metadata of a record is refused",
        tests: &[
            "sealing record::tests::a_record_with_another_revision_is_refused",
            "sealing record::tests::a_record_relabelled_to_another_epoch_is_refused",
        ],
        mutants: &[mutant(
            "pull.record-is-the-named-one",
            &["client evil::records::edited_metadata_of_a_record_is_refused"],
        )],
        ..NONE
    },
    Attack {
        id: 12,
        claim: "no fetch carries where somebody has an account",
        tests: &["client evil::wire::every_request_goes_to_the_one_server"],
        mutants: &[mutant(
            "items.no-look-up-of-an-icon",
            &["client evil::wire::no_host_name_of_an_item_leaves_the_device"],
        )],
        ..NONE
    },
    Attack {
        id: 13,
        claim: "a relabelled passkey signs nothing and is no PRF oracle",
        tests: &[
            "authenticator relabelled::a_passkey_of_another_relying_party_never_signs",
            "authenticator relabelled::what_a_store_lists_beyond_the_question_is_not_shown",
        ],
        mutants: &[mutant(
            "passkey.body-is-the-one-asked-for",
            &[
                "authenticator relabelled::a_passkey_whose_body_names_another_relying_party_never_signs",
                "authenticator relabelled::a_passkey_whose_body_names_another_id_never_signs",
                "authenticator relabelled::a_passkey_relabelled_to_the_attackers_relying_party_is_no_prf_oracle",
            ],
        )],
        ..NONE
    },
    Attack {
        id: 14,
        claim: "an old version of a record is refused",
        mutants: &[
            mutant("pull.record-is-the-named-one", &["client evil::records::an_old_version_of_a_record_is_refused"]),
            mutant("pull.revision-rises", &["sync rogue::a_revision_that_does_not_rise_is_refused"]),
        ],
        journeys: &["lying-server"],
        ..NONE
    },
    Attack {
        id: 15,
        claim: "records and deletions are neither dropped nor doubled",
        tests: &[
            "client evil::records::a_doubled_record_is_refused",
            "client evil::records::a_record_that_no_commit_names_is_refused",
        ],
        mutants: &[
            mutant(
                "pull.no-record-missing",
                &[
                    "client evil::records::a_dropped_record_is_missed",
                    "client evil::records::a_dropped_deletion_is_missed",
                ],
            ),
            mutant("pull.root-and-count", &["sync attacks::a_record_dropped_from_a_first_pull_is_missed"]),
            mutant("push.root-is-that-of-the-records", &["server push::a_commit_that_is_not_right_is_refused"]),
        ],
        ..NONE
    },
    Attack {
        id: 16,
        claim: "a vault or log rolled back is noticed",
        pending: &["recovery by PIN and contacts"],
        mutants: &[
            mutant(
                "heads.not-behind-the-pin",
                &[
                    "client evil::history::a_vault_rolled_back_is_noticed",
                    "client evil::history::a_log_rolled_back_to_before_a_revocation_is_noticed",
                ],
            ),
            mutant("recovery.not-behind-the-kit", &["sync recovery::a_history_from_before_the_kit_is_refused"]),
        ],
        journeys: &["gone-back"],
        ..NONE
    },
    Attack {
        id: 17,
        claim: "two histories, or a withheld tail, come to light",
        tests: &[
            "client evil::history::two_devices_that_were_shown_different_histories_find_out_when_they_meet",
            "client evil::history::a_withheld_log_is_missed",
            "client evil::delays::an_answer_to_the_question_before_is_not_taken_for_one_to_this",
            "sync keys::devices_say_where_they_are_daily_and_silence_shows",
            "client evil::history::entries_out_of_order_are_refused",
            "sync attacks::a_withheld_tail_is_noticed_by_who_has_met_another_device",
        ],
        mutants: &[
            mutant("heads.not-beside-the-pin", &["client evil::history::a_head_beside_the_pin_is_a_fork"]),
            mutant("commit.follows-the-one-before", &["client evil::history::a_dropped_commit_is_missed"]),
            mutant("commit.signed-by-its-author", &["client evil::history::an_edited_commit_is_refused"]),
            mutant(
                "receipt.of-this-account-and-chain",
                &["client evil::history::a_receipt_of_the_other_chain_is_refused"],
            ),
            mutant(
                "witness.same-commits",
                &["sync witness::a_commit_of_another_history_is_noticed_by_who_has_gone_on"],
            ),
            mutant("witness.same-log", &["sync witness::an_entry_of_another_history_is_noticed_by_who_has_gone_on"]),
            mutant(
                "witness.server-not-beside",
                &["sync attacks::two_devices_that_were_shown_different_histories_find_out_when_they_meet"],
            ),
            mutant("receipt.for-what-was-sent", &["client evil::history::a_receipt_for_something_else_is_refused"]),
            mutant(
                "witness.server-not-behind",
                &["sync attacks::a_withheld_tail_is_noticed_by_who_has_met_another_device"],
            ),
            mutant("witness.with-the-servers-word", &["sync keys::a_member_alone_accuses_nobody"]),
            mutant("evidence.proofs-apart", &["sync restores::no_number_of_faults_pushes_a_proof_out_of_what_is_kept"]),
        ],
        journeys: &["lying-server"],
        ..NONE
    },
    Attack {
        id: 18,
        claim: "a vault of the server's making is refused",
        pending: &["organisations"],
        tests: &["trust log::tests::order::an_account_is_the_hash_of_its_genesis"],
        mutants: &[
            mutant("log.of-this-account", &["client evil::members::an_account_of_the_servers_making_is_refused"]),
            mutant("commit.of-this-account", &["trust commit::tests::a_commit_of_another_account_is_refused"]),
            mutant(
                "recovery.account-certifies-its-log",
                &["sync recovery::a_server_that_shows_the_log_of_another_account_is_refused"],
            ),
        ],
        ..NONE
    },
    Attack {
        id: 19,
        claim: "no key of a peer is replaced",
        pending: &["organisations", "sharing"],
        tests: &["client evil::members::a_replaced_key_of_a_newcomer_is_refused"],
        mutants: &[mutant(
            "log.newcomer-holds-its-keys",
            &["trust log::tests::membership::a_newcomer_shows_that_it_holds_both_keys"],
        )],
        ..NONE
    },
    Attack { id: 20, claim: "no escrow without consent", pending: &["organisations"], ..NONE },
    Attack {
        id: 21,
        claim: "no recipient is slipped in when keys change",
        mutants: &[mutant(
            "epoch.header-is-the-signed-one",
            &["client evil::members::a_recipient_slipped_into_a_header_is_refused"],
        )],
        ..NONE
    },
    Attack {
        id: 22,
        claim: "nothing that the server says is shown",
        mutants: &[mutant("api.no-text-of-the-server", &["client evil::wire::nothing_that_the_server_says_is_shown"])],
        ..NONE
    },
    Attack {
        id: 23,
        claim: "what was checked is what is used",
        mutants: &[
            mutant(
                "pull.leads-to-the-head",
                &[
                    "client evil::history::an_answer_that_changes_between_two_reads_is_not_believed",
                    "client evil::history::a_head_that_no_commits_lead_to_is_refused",
                ],
            ),
            mutant("log.leads-to-its-head", &["client evil::history::a_log_head_that_no_entries_lead_to_is_refused"]),
        ],
        ..NONE
    },
    Attack {
        id: 24,
        claim: "no ghost, no omission, one key for all recipients",
        tests: &[
            "client evil::members::an_omitted_wrap_is_missed",
            "sync healing::a_key_that_was_not_sent_shuts_a_device_out_and_revoking_who_opened_the_epoch_ends_it",
            "sync healing::whoever_shuts_everyone_out_and_leaves_shuts_nobody_out_for_good",
            "trust log::tests::epochs::an_omitted_recipient_is_refused",
        ],
        mutants: &[
            mutant("epoch.recipients-are-the-members", &["trust log::tests::epochs::a_ghost_recipient_is_refused"]),
            mutant(
                "epoch.wrap-is-the-signed-one",
                &["client evil::members::a_wrap_that_is_not_the_signed_one_is_refused"],
            ),
            mutant(
                "heartbeat.when-shut-out",
                &["sync healing::a_device_that_is_shut_out_says_so_and_is_let_in_by_who_is_not"],
            ),
            mutant("epoch.header-of-this-place", &["trust log::tests::epochs::a_header_of_another_place_is_refused"]),
            mutant(
                "epoch.key-commitment",
                &["sealing epoch::tests::a_key_that_the_header_does_not_commit_to_is_refused"],
            ),
        ],
        ..NONE
    },
    Attack {
        id: 25,
        claim: "the server adds, hides and approves no device",
        tests: &["client evil::members::a_hidden_device_is_missed"],
        mutants: &[mutant(
            "log.signed-by-its-author",
            &["client evil::members::a_device_that_the_server_adds_is_refused"],
        )],
        journeys: &["lying-server"],
        ..NONE
    },
    Attack {
        id: 26,
        claim: "no number of prompts adds a device",
        mutants: &[mutant(
            "pairing.nobody-is-let-in-unasked",
            &["client evil::pairing::no_prompt_and_no_number_of_them_adds_a_device"],
        )],
        ..NONE
    },
    Attack {
        id: 27,
        claim: "whoever sits in between a pairing gets nothing",
        tests: &[
            "client evil::pairing::whoever_sits_in_between_is_noticed_before_any_payload",
            "client evil::pairing::messages_replayed_swapped_or_sent_back_end_the_pairing",
            "sealing pairing::tests::a_members_own_proof_sent_back_proves_nothing",
        ],
        mutants: &[
            mutant(
                "pairing.key-is-confirmed",
                &["sealing pairing::tests::a_guessed_code_fails_before_any_payload_on_both_sides"],
            ),
            mutant(
                "pairing.same-newcomer-after-a-conflict",
                &["sealing pairing::tests::after_a_conflict_no_other_device_slips_in"],
            ),
            mutant("pairing.messages-are-counted", &["sealing pairing::channel::tests::a_replayed_message_is_refused"]),
        ],
        ..NONE
    },
    Attack {
        id: 28,
        claim: "a newcomer is led into no foreign vault",
        tests: &[
            "client evil::pairing::a_newcomer_is_not_led_into_a_foreign_vault",
            "client evil::pairing::a_newcomer_is_not_shown_a_vault_from_before_its_pairing",
        ],
        mutants: &[
            mutant("log.of-this-account", &["client evil::pairing::a_newcomer_is_not_led_into_a_foreign_vault"]),
            mutant(
                "pairing.account-certifies-its-log",
                &["client pairing::joining::tests::an_account_certifies_its_own_log"],
            ),
            mutant(
                "pairing.log-leads-to-the-pin",
                &["client pairing::joining::tests::a_log_leads_to_where_the_member_says_that_it_stands"],
            ),
        ],
        journeys: &["let-in"],
        ..NONE
    },
    Attack {
        id: 29,
        claim: "a revoked device writes nothing that is read, and stays out",
        tests: &[
            "client evil::members::a_revoked_device_that_the_server_lets_write_is_not_read",
            "sync members::after_a_revocation_every_record_is_under_a_key_that_the_device_never_had",
        ],
        mutants: &[
            mutant("log.revoked-is-out", &["trust log::tests::membership::a_revoked_device_does_nothing_more"]),
            mutant("log.no-key-twice", &["trust log::tests::membership::no_device_enters_twice"]),
            mutant(
                "commit.of-the-newest-epoch",
                &["trust commit::tests::a_commit_is_of_the_newest_epoch_where_it_stands"],
            ),
            mutant("commit.author-is-active", &["trust commit::tests::only_members_commit"]),
        ],
        journeys: &["lying-server"],
        ..NONE
    },
    Attack {
        id: 30,
        claim: "changes of the members that meet come to one order",
        tests: &[
            "client evil::races::of_two_devices_that_revoke_each_other_the_first_stays",
            "client evil::races::a_revocation_that_meets_an_addition_takes_the_planted_device_along",
            "client evil::races::edits_that_meet_a_revocation_are_kept",
            "sync convergence::all_devices_end_in_the_same_state_and_nothing_typed_is_lost",
            "client evil::fleets::fleets_carry_on_whatever_the_server_did",
        ],
        mutants: &[
            mutant(
                "log.builds-on-the-head",
                &["trust log::tests::order::an_entry_that_builds_on_another_history_is_a_conflict"],
            ),
            mutant("commit.log-never-regresses", &["trust commit::tests::commits_do_not_go_back_in_the_log"]),
        ],
        ..NONE
    },
    Attack {
        id: 31,
        claim: "another signature for an entry is no other history",
        tests: &[
            "client evil::history::another_signature_for_an_entry_is_the_same_entry",
            "trust keys::tests::a_key_of_small_order_verifies_nothing",
        ],
        mutants: &[mutant(
            "log.id-without-the-signature",
            &["trust log::tests::order::a_malleable_twin_of_a_signature_does_not_fork_the_log"],
        )],
        ..NONE
    },
    Attack {
        id: 32,
        claim: "a restored server is brought up to date, and no old recovery version serves",
        pending: &["recovery by PIN and contacts"],
        tests: &[
            "client evil::history::a_server_restored_from_a_backup_gets_back_what_it_lost",
            "sync healing::a_revocation_that_a_server_lost_comes_back_even_beside_another_history_of_the_vault",
        ],
        mutants: &[
            mutant("journal.no-log-goes-back", &["server journal::a_removed_device_does_not_go_first_after_a_restore"]),
            mutant(
                "journal.learns-where-logs-are",
                &["server journal::a_journal_that_is_set_later_learns_where_logs_are"],
            ),
            mutant("restore.given-back-whole", &["server restore::what_does_not_fit_changes_nothing"]),
            mutant(
                "restore.newest-epoch-is-whole",
                &["sync healing::whoever_gives_back_anothers_epoch_leaves_nobody_without_the_newest_key"],
            ),
            mutant(
                "epoch.heals-once-a-day",
                &["sync healing::a_server_that_shows_an_older_log_again_and_again_gets_one_epoch_a_day_for_it"],
            ),
            mutant("recovery.gone-is-out", &["trust log::tests::recovery::a_replaced_authority_lets_nobody_in"]),
            mutant("recovery.authority-is-live", &["sync recovery::a_replaced_kit_says_that_it_was"]),
            mutant("recovery.no-key-twice", &["trust log::tests::recovery::no_key_of_an_authority_enters_twice"]),
            mutant(
                "realm.restored-version-is-gone",
                &["realm counting::rows_that_are_put_back_do_not_bring_an_old_version_back"],
            ),
            mutant(
                "realm.replaced-version-is-gone",
                &["realm setting::a_version_that_was_replaced_or_removed_serves_no_more"],
            ),
        ],
        ..NONE
    },
    Attack {
        id: 33,
        claim: "no guess counter is refilled",
        pending: &["realms in servers and clients"],
        tests: &[
            "realm counting::no_more_is_evaluated_than_may_be_whatever_fails",
            "realm counting::all_that_may_be_is_evaluated_where_nothing_fails",
            "realm counting::marks_that_are_put_back_do_not_bring_guesses_back",
            "realm mark::tests::an_older_mark_never_refills",
        ],
        mutants: &[
            mutant(
                "realm.counts-first",
                &["realm counting::a_guess_is_written_in_two_places_before_anything_comes_of_it"],
            ),
            mutant("realm.guesses-are-bounded", &["realm counting::ten_guesses_are_evaluated_and_the_eleventh_is_not"]),
            mutant("realm.guesses-are-counted", &["realm counting::ten_guesses_are_evaluated_and_the_eleventh_is_not"]),
            mutant("realm.marks-by-itself", &["realm counting::rows_that_are_put_back_do_not_bring_guesses_back"]),
            mutant("realm.restored-counts-on", &["realm counting::rows_that_are_put_back_do_not_bring_guesses_back"]),
            mutant("realm.one-at-a-time", &["realm counting::of_two_guesses_at_once_each_counts"]),
            mutant("realm.version-is-new", &["realm setting::a_version_never_comes_again"]),
            mutant("realm.forgives-what-was", &["realm counting::a_reset_is_by_the_secret_and_serves_once"]),
            mutant("realm.forgives-who-knows", &["realm counting::a_reset_is_by_the_secret_and_serves_once"]),
        ],
        ..NONE
    },
    Attack {
        id: 34,
        claim: "realms below the threshold get nothing by lying",
        pending: &["realms in servers and clients"],
        tests: &[
            "sealing recovery::pin::tests::a_realm_that_evaluates_by_another_key_is_told_from_a_wrong_pin",
            "realm bounds::tests::no_way_to_spend_the_guesses_of_all_realms_is_better_than_the_bound",
        ],
        mutants: &[
            mutant(
                "pin.registration-is-committed",
                &["sealing recovery::pin::tests::a_registration_is_the_one_that_the_log_commits_to"],
            ),
            mutant("pin.secret-is-the-authoritys", &["sealing recovery::pin::tests::a_wrong_pin_opens_nothing"]),
            mutant(
                "realm.evaluates-by-its-key",
                &["realm setting::a_pin_that_was_set_at_three_realms_comes_back_with_any_two"],
            ),
        ],
        ..NONE
    },
    Attack {
        id: 35,
        claim: "no recovery onto a log from before a revocation",
        pending: &["recovery by PIN and contacts"],
        tests: &[
            "sync recovery::a_server_that_withholds_the_end_of_the_log_or_the_wrap_is_noticed",
            "sync recovery::a_server_with_another_key_is_not_the_kits",
            "realm logs::a_log_beside_the_known_one_is_refused",
        ],
        mutants: &[
            mutant("realm.log-goes-on", &["realm logs::a_log_from_before_is_refused"]),
            mutant("recovery.log-through-the-kits-pin", &["sync recovery::another_history_than_the_kits_is_refused"]),
            mutant("recovery.newest-commit", &["sync recovery::another_commit_than_the_head_is_refused"]),
            mutant("recovery.no-device-was-further", &["sync recovery::a_device_that_was_further_on_is_a_witness"]),
            mutant("recovery.no-device-was-elsewhere", &["sync recovery::a_device_that_was_elsewhere_is_a_witness"]),
        ],
        ..NONE
    },
    Attack {
        id: 36,
        claim: "no silent takeover by recovery",
        pending: &["requests, waits and vetoes in servers and clients"],
        tests: &[
            "sync recovery::the_other_devices_see_who_came_back",
            "realm asking::devices_see_each_attempt_with_what_is_left",
            "realm asking::only_the_device_that_asked_is_served",
            "client evil::recovery::who_comes_back_and_hears_nothing_is_in_once",
        ],
        mutants: &[
            mutant("realm.waits", &["realm asking::before_the_wait_is_over_the_right_pin_yields_nothing"]),
            mutant("realm.veto-holds", &["realm asking::a_veto_of_an_active_device_ends_a_request_for_good"]),
            mutant(
                "recovery.authority-only-adds",
                &["trust log::tests::recovery::an_authority_adds_and_does_nothing_else"],
            ),
            mutant("recovery.by-the-authors-way", &["trust log::tests::recovery::each_way_in_is_its_authors"]),
            mutant("recovery.one-device-a-request", &["trust log::tests::recovery::a_request_lets_one_device_in"]),
            mutant(
                "server.recovery-gets-its-own-reads",
                &["server recovery::an_authority_reads_and_lets_a_device_in_and_does_nothing_else"],
            ),
            mutant(
                "server.recovery-reads-no-record",
                &["server recovery::an_authority_reads_and_lets_a_device_in_and_does_nothing_else"],
            ),
        ],
        ..NONE
    },
    Attack { id: 37, claim: "contacts neither replace a share nor collude", pending: &["contacts"], ..NONE },
    Attack { id: 38, claim: "no administrator widens a grant", pending: &["organisations"], ..NONE },
    Attack {
        id: 39,
        claim: "lengths tell nothing within a bucket",
        mutants: &[mutant(
            "record.padded-to-a-bucket",
            &["client evil::wire::texts_within_a_bucket_are_uploads_of_one_size"],
        )],
        ..NONE
    },
    Attack {
        id: 40,
        claim: "strangers learn of no account",
        pending: &["handles"],
        mutants: &[mutant(
            "sign-in.strangers-get-the-same",
            &["client evil::wire::what_is_not_there_is_answered_like_what_is"],
        )],
        ..NONE
    },
    Attack {
        id: 41,
        claim: "no verification is claimed that was not made",
        tests: &["authenticator consent::a_consent_for_one_page_is_none_for_another"],
        mutants: &[
            mutant(
                "uv.only-after-a-check",
                &["authenticator consent::uv_says_whether_the_person_was_verified_whatever_the_site_wanted"],
            ),
            mutant("consent.for-this-request", &["authenticator consent::a_consent_is_good_for_its_own_request_only"]),
            mutant("consent.verified-where-required", &["authenticator consent::required_verification_is_required"]),
            mutant("ctap.changes-are-asked-for", &["authenticator vault::no_program_changes_a_vault_by_a_token_alone"]),
            mutant(
                "ctap.vault-tells-nothing-silently",
                &["authenticator vault::a_vault_tells_nothing_of_its_accounts_without_its_owner"],
            ),
            mutant("ctap.always-uv", &["authenticator always_uv::nothing_goes_unverified"]),
            mutant("ctap.large-blobs-are-whole", &["authenticator large_blobs::a_broken_array_is_not_taken"]),
            mutant("ctap.new-pin-ends-tokens", &["authenticator tokens::it_dies_with_the_pin_and_with_the_power"]),
            mutant(
                "ctap.passkey-needs-uv",
                &["authenticator verification::a_protected_device_makes_no_passkey_unverified"],
            ),
            mutant("ctap.permission", &["authenticator tokens::each_permission_opens_its_own_command"]),
            mutant("ctap.pin-is-right", &["authenticator config::the_shortest_pin_only_grows"]),
            mutant("ctap.pin-uv-auth-param", &["authenticator config::a_token_serves_its_own_parameters_only"]),
            mutant("ctap.reset-window", &["authenticator reset::it_takes_a_plug_that_was_just_pulled"]),
            mutant(
                "ctap.three-wrong-pins-block",
                &["authenticator new_pin::three_wrong_pins_in_a_row_take_a_power_cycle_and_eight_a_reset"],
            ),
            mutant("ctap.token-ends", &["authenticator verification::by_a_token_that_is_over_or_was_never_one"]),
            mutant("ctap.token-is-for-its-site", &["authenticator tokens::a_token_is_for_its_site"]),
            mutant(
                "ctap.message-is-of-its-connection",
                &["authenticator transports::ctaphid::tests::processing::another_connection_withdraws_nothing"],
            ),
        ],
        ..NONE
    },
    Attack {
        id: 42,
        claim: "no site passes for another",
        tests: &[
            "authenticator vectors::origins_are_judged_as_in_the_vectors",
            "client login_page::tests::what_many_people_share_is_nobodys_site",
            "client login_page::tests::an_app_is_no_site",
        ],
        mutants: &[
            mutant("rp-id.of-the-origin", &["authenticator vectors::relying_party_ids_are_judged_as_in_the_vectors"]),
            mutant("rp-id.whole-labels", &["authenticator vectors::relying_party_ids_are_judged_as_in_the_vectors"]),
            mutant(
                "rp-id.no-public-suffix",
                &["authenticator vectors::relying_party_ids_are_judged_as_in_the_vectors"],
            ),
            mutant("fill.own-site-alone", &["client login_page::tests::a_login_serves_at_its_own_site_alone"]),
            mutant("fill.no-foreign-frame", &["client login_page::tests::a_frame_is_filled_only_within_its_own_site"]),
            mutant(
                "fill.encrypted-alone",
                &["client login_page::tests::nothing_is_typed_where_anyone_on_the_way_reads_it"],
            ),
        ],
        journeys: &["hostile", "fill"],
        ..NONE
    },
    Attack {
        id: 43,
        claim: "a copied profile of a locked device starts nothing",
        tests: &[
            "client evil::theft::a_copied_profile_of_a_locked_device_shows_nothing",
            "client evil::theft::a_copied_profile_does_not_open_with_another_passphrase",
        ],
        mutants: &[mutant(
            "epoch.tied-to-the-key-before",
            &["sealing epoch::tests::whoever_does_not_know_the_key_before_starts_no_epoch"],
        )],
        journeys: &["at-rest"],
        ..NONE
    },
    Attack {
        id: 44,
        claim: "what a lost device planted goes, or stays in so many words",
        tests: &[
            "client evil::members::a_revocation_names_or_keeps_what_the_lost_device_planted",
            "sync recovery::a_kit_that_a_lost_device_planted_goes_with_it",
            "trust log::tests::recovery::a_slot_that_is_named_takes_along_who_came_by_it",
        ],
        mutants: &[
            mutant(
                "log.revocation-names-or-keeps",
                &["trust log::tests::membership::what_a_lost_device_planted_goes_or_is_kept_in_so_many_words"],
            ),
            mutant(
                "recovery.revocation-names-or-keeps-slots",
                &["trust log::tests::recovery::what_a_lost_device_set_goes_or_is_kept_in_so_many_words"],
            ),
            mutant(
                "recovery.emptied-slot-gets-no-key",
                &["trust log::tests::recovery::what_a_lost_device_set_goes_or_is_kept_in_so_many_words"],
            ),
        ],
        ..NONE
    },
    Attack {
        id: 45,
        claim: "a backdated commit waits for whoever revoked",
        mutants: &[
            mutant(
                "commit.of-the-gone-awaits-the-remover",
                &["client evil::members::a_commit_backdated_before_the_revocation_waits_for_the_remover"],
            ),
            mutant(
                "commit.first-after-removal-by-the-remover",
                &["trust commit::tests::the_first_commit_after_a_removal_is_by_the_remover"],
            ),
            mutant(
                "restore.of-the-gone-by-the-remover",
                &["server restore::what_a_removed_device_signed_comes_back_by_its_remover"],
            ),
        ],
        ..NONE
    },
    Attack {
        id: 46,
        claim: "an entry and its header come together, once",
        tests: &[
            "client evil::members::an_entry_shown_twice_is_refused",
            "client evil::members::a_revocation_whose_answer_is_lost_is_sent_again_byte_for_byte",
            "client evil::delays::a_revocation_that_arrives_late_is_the_one_that_was_signed",
            "trust log::tests::membership::a_cancelled_addition_is_not_replayed",
        ],
        mutants: &[
            mutant(
                "epoch.header-comes-with-its-entry",
                &["client evil::members::an_entry_without_its_header_is_refused"],
            ),
            mutant("edits.rest-before-they-are-told", &["sync crashes::an_edit_survives_a_crash_at_any_effect"]),
            mutant("epoch.header-is-the-signed-one", &["client evil::members::a_header_of_another_entry_is_refused"]),
            mutant(
                "epoch.no-header-without-its-entry",
                &["trust log::tests::epochs::a_header_without_an_epoch_is_refused"],
            ),
        ],
        ..NONE
    },
    Attack {
        id: 47,
        claim: "a busy thief does not starve its revocation",
        mutants: &[
            mutant(
                "server.revocations-go-first",
                &["client evil::members::a_thief_that_came_first_does_not_come_first_again"],
            ),
            mutant(
                "takeover.by-the-own-clock",
                &["sync healing::a_remover_whose_clock_is_years_ahead_holds_nobody_up_for_more_than_a_day"],
            ),
            mutant(
                "server.recovery-goes-first",
                &["server recovery::a_thief_that_fills_the_log_keeps_nobody_from_coming_back"],
            ),
        ],
        ..NONE
    },
    Attack {
        id: 48,
        claim: "nobody is talked into adding a thief's device",
        mutants: &[mutant(
            "pairing.emoji-was-picked",
            &["client evil::pairing::who_read_the_code_over_a_shoulder_is_told_by_the_emoji"],
        )],
        journeys: &["let-in", "newcomer"],
        ..NONE
    },
    Attack {
        id: 49,
        claim: "a device that left knows no later key",
        tests: &["client evil::members::a_device_that_left_knows_no_later_key"],
        mutants: &[mutant(
            "commit.none-while-an-epoch-is-owed",
            &["trust commit::tests::nobody_commits_while_an_epoch_is_owed"],
        )],
        ..NONE
    },
    Attack {
        id: 50,
        claim: "races are no evidence, and forks are",
        tests: &[
            "client evil::history::a_race_is_not_taken_for_a_fork",
            "client evil::delays::a_push_that_arrives_late_is_taken_once_or_refused",
            "client evil::history::a_fork_is_not_taken_for_a_race",
            "sync repair::a_device_goes_over_to_the_servers_history_and_what_was_typed_goes_along",
            "sync repair::a_repair_survives_a_crash_after_any_request",
            "sync repair::the_branch_that_is_right_is_rid_of_what_the_other_said_once_a_person_says_so",
            "sync repair::the_branch_that_is_given_up_is_kept_as_evidence_that_blames_no_honest_device",
        ],
        mutants: &[
            mutant(
                "pull.all-of-it-before-evidence",
                &["client evil::history::records_that_do_not_match_are_asked_for_in_full_before_they_are_evidence"],
            ),
            mutant(
                "repair.revocations-first",
                &[
                    "sync repair::whoever_was_revoked_in_the_history_that_is_given_up_is_revoked_before_anything_is_written",
                    "sync repair::a_way_back_that_was_taken_away_in_the_history_that_is_given_up_does_not_serve_again",
                ],
            ),
            mutant(
                "repair.the-history-that-was-picked",
                &["sync repair::a_history_that_the_person_was_not_shown_is_not_taken"],
            ),
            mutant(
                "repair.shared-commits-stand-in-the-log",
                &["sync repair::a_vault_that_was_written_under_another_log_is_no_history_to_go_over_to"],
            ),
            mutant(
                "repair.only-with-the-newest-key",
                &["sync repair::nobody_goes_over_to_a_history_whose_newest_key_is_kept_from_them"],
            ),
            mutant(
                "repair.all-that-differs",
                &["sync repair::what_was_written_there_before_a_device_joined_goes_over_with_it"],
            ),
            mutant(
                "repair.revocations-outlive-the-next",
                &["sync repair::a_revocation_that_is_owed_outlives_a_second_repair"],
            ),
            mutant(
                "repair.leads-to-the-head",
                &["sync repair::a_server_that_lies_about_the_history_that_was_picked_changes_nothing"],
            ),
            mutant(
                "repair.root-and-count",
                &["sync repair::a_server_that_lies_about_the_history_that_was_picked_changes_nothing"],
            ),
            mutant(
                "closing.not-before-its-time",
                &["sync keys::a_server_that_closes_an_account_before_its_time_ends_nothing"],
            ),
        ],
        journeys: &["two-histories"],
        ..NONE
    },
];
