-- The growth of the history that is not paid back, and as of when: a time to come, as it was kept before, is far off once a
-- clock is set back. What is owed from before is forgiven.
ALTER TABLE accounts ADD COLUMN history_owed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN history_as_of BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts DROP COLUMN history_full_at;
