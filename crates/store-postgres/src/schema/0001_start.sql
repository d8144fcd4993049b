-- Every table of an account is keyed first by the account, so that accounts can be spread over machines, and no
-- transaction touches two of them. What has no account (the server's secrets, mailboxes, invitations) is small.
-- Times are milliseconds since 1970. Tokens are stored as their SHA-256.

-- The server's own secrets: one row, the same for every instance.
CREATE TABLE server (
    id            BIGINT PRIMARY KEY CHECK (id = 1),
    receipt_seed  BYTEA NOT NULL CHECK (octet_length(receipt_seed) = 32),
    challenge_key BYTEA NOT NULL CHECK (octet_length(challenge_key) = 32)
);

-- Where the chains of an account are, and what it holds. The counts follow records.
-- A change to an account locks its row first.
CREATE TABLE accounts (
    account         BYTEA PRIMARY KEY CHECK (octet_length(account) = 32),
    log_seq         BIGINT NOT NULL CHECK (log_seq >= 1),
    log_id          BYTEA NOT NULL CHECK (octet_length(log_id) = 32),
    vault_seq       BIGINT NOT NULL CHECK (vault_seq >= 0),
    vault_id        BYTEA NOT NULL CHECK (octet_length(vault_id) = 32),
    -- The log entry that the newest commit names; 0 before the first.
    vault_log       BIGINT NOT NULL CHECK (vault_log >= 0 AND vault_log <= log_seq),
    records         BIGINT NOT NULL CHECK (records >= 0),
    record_bytes    BIGINT NOT NULL CHECK (record_bytes >= 0),
    -- When the log closes the account for good; never, if it is not closed.
    deletes_at      BIGINT,
    -- Up to when the growth of the history is taken.
    history_full_at BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX accounts_due ON accounts (deletes_at) WHERE deletes_at IS NOT NULL;

-- What remains of an account: nobody starts it again.
CREATE TABLE deleted_accounts (
    account BYTEA PRIMARY KEY CHECK (octet_length(account) = 32),
    since   BIGINT NOT NULL
);

-- The trust log: signed entries as they came, with the epoch headers that they open.
CREATE TABLE entries (
    account BYTEA NOT NULL REFERENCES accounts,
    seq     BIGINT NOT NULL CHECK (seq >= 1),
    entry   BYTEA NOT NULL,
    header  BYTEA,
    PRIMARY KEY (account, seq)
);

-- Epoch keys, each wrapped for one device.
CREATE TABLE wraps (
    account BYTEA NOT NULL,
    seq     BIGINT NOT NULL,
    device  BYTEA NOT NULL CHECK (octet_length(device) = 32),
    wrap    BYTEA NOT NULL,
    PRIMARY KEY (account, seq, device),
    FOREIGN KEY (account, seq) REFERENCES entries (account, seq)
);

-- The vault's history: signed commits as they came.
CREATE TABLE commits (
    account BYTEA NOT NULL REFERENCES accounts,
    seq     BIGINT NOT NULL CHECK (seq >= 1),
    signed  BYTEA NOT NULL,
    PRIMARY KEY (account, seq)
);

-- The latest record of each item.
CREATE TABLE records (
    account    BYTEA NOT NULL REFERENCES accounts,
    item       BYTEA NOT NULL CHECK (octet_length(item) = 16),
    revision   BIGINT NOT NULL CHECK (revision >= 1),
    -- The commit that put it there.
    changed_by BIGINT NOT NULL CHECK (changed_by >= 1),
    record     BYTEA NOT NULL,
    PRIMARY KEY (account, item)
);

-- A pull asks for what changed after a commit.
CREATE INDEX records_changed ON records (account, changed_by, item);

CREATE TABLE sessions (
    account BYTEA NOT NULL REFERENCES accounts,
    token   BYTEA NOT NULL CHECK (octet_length(token) = 32),
    member  BYTEA NOT NULL CHECK (octet_length(member) = 32),
    -- The key that signed the proof: a session ends when the device renews it.
    write   BYTEA NOT NULL CHECK (octet_length(write) = 32),
    expires BIGINT NOT NULL,
    PRIMARY KEY (account, token)
);

CREATE INDEX sessions_of_member ON sessions (account, member, expires);
CREATE INDEX sessions_over ON sessions (expires);

-- Challenges that opened a session, remembered until they are too old to serve, with the session.
CREATE TABLE spent_challenges (
    account   BYTEA NOT NULL,
    challenge BYTEA NOT NULL CHECK (octet_length(challenge) = 32),
    token     BYTEA NOT NULL CHECK (octet_length(token) = 32),
    expires   BIGINT NOT NULL,
    PRIMARY KEY (account, challenge)
);

CREATE INDEX spent_challenges_over ON spent_challenges (expires);

-- Devices whose revocation met a conflict, and go first for a while.
CREATE TABLE holds (
    account BYTEA NOT NULL REFERENCES accounts,
    device  BYTEA NOT NULL CHECK (octet_length(device) = 32),
    since   BIGINT NOT NULL,
    until   BIGINT NOT NULL,
    PRIMARY KEY (account, device)
);

-- The latest signed statement of each device.
CREATE TABLE heartbeats (
    account BYTEA NOT NULL REFERENCES accounts,
    device  BYTEA NOT NULL CHECK (octet_length(device) = 32),
    signed  BYTEA NOT NULL,
    PRIMARY KEY (account, device)
);

CREATE TABLE mailboxes (
    number   BIGINT PRIMARY KEY,
    -- Whose member opened it.
    account  BYTEA NOT NULL CHECK (octet_length(account) = 32),
    member   BYTEA NOT NULL CHECK (octet_length(member) = 32),
    newcomer BYTEA CHECK (octet_length(newcomer) = 32),
    expires  BIGINT NOT NULL
);

CREATE INDEX mailboxes_of_account ON mailboxes (account, expires);

-- Messages count from 1 up on each side.
CREATE TABLE mailbox_messages (
    mailbox       BIGINT NOT NULL REFERENCES mailboxes ON DELETE CASCADE,
    from_newcomer BOOLEAN NOT NULL,
    number        BIGINT NOT NULL CHECK (number >= 1),
    body          BYTEA NOT NULL,
    PRIMARY KEY (mailbox, from_newcomer, number)
);

-- Each lets one account start.
CREATE TABLE invitations (
    token   BYTEA PRIMARY KEY CHECK (octet_length(token) = 32),
    expires BIGINT NOT NULL,
    -- The account that used it.
    account BYTEA CHECK (octet_length(account) = 32)
);
