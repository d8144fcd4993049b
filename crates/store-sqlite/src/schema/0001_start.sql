-- Every table of an account is keyed first by the account, so that accounts can be spread later.
-- Times are milliseconds since 1970. Tokens are stored as their SHA-256.

-- The server's own secrets: one row.
CREATE TABLE server (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    receipt_seed  BLOB NOT NULL CHECK (length(receipt_seed) = 32),
    challenge_key BLOB NOT NULL CHECK (length(challenge_key) = 32)
) STRICT;

-- Where the chains of an account are, and what it holds. The counts follow `records`.
CREATE TABLE accounts (
    account      BLOB PRIMARY KEY CHECK (length(account) = 32),
    log_seq      INTEGER NOT NULL CHECK (log_seq >= 1),
    log_id       BLOB NOT NULL CHECK (length(log_id) = 32),
    vault_seq    INTEGER NOT NULL CHECK (vault_seq >= 0),
    vault_id     BLOB NOT NULL CHECK (length(vault_id) = 32),
    -- The log entry that the newest commit names; 0 before the first.
    vault_log    INTEGER NOT NULL CHECK (vault_log BETWEEN 0 AND log_seq),
    records      INTEGER NOT NULL CHECK (records >= 0),
    record_bytes INTEGER NOT NULL CHECK (record_bytes >= 0)
) STRICT, WITHOUT ROWID;

-- The trust log: signed entries as they came, with the epoch headers that they open.
CREATE TABLE entries (
    account BLOB NOT NULL REFERENCES accounts,
    seq     INTEGER NOT NULL CHECK (seq >= 1),
    entry   BLOB NOT NULL,
    header  BLOB,
    PRIMARY KEY (account, seq)
) STRICT;

-- Epoch keys, each wrapped for one device.
CREATE TABLE wraps (
    account BLOB NOT NULL,
    seq     INTEGER NOT NULL,
    device  BLOB NOT NULL CHECK (length(device) = 32),
    wrap    BLOB NOT NULL,
    PRIMARY KEY (account, seq, device),
    FOREIGN KEY (account, seq) REFERENCES entries
) STRICT;

-- The vault's history: signed commits as they came.
CREATE TABLE commits (
    account BLOB NOT NULL REFERENCES accounts,
    seq     INTEGER NOT NULL CHECK (seq >= 1),
    signed  BLOB NOT NULL,
    PRIMARY KEY (account, seq)
) STRICT;

-- The latest record of each item.
CREATE TABLE records (
    account    BLOB NOT NULL REFERENCES accounts,
    item       BLOB NOT NULL CHECK (length(item) = 16),
    revision   INTEGER NOT NULL CHECK (revision >= 1),
    -- The commit that put it there.
    changed_by INTEGER NOT NULL CHECK (changed_by >= 1),
    record     BLOB NOT NULL,
    PRIMARY KEY (account, item)
) STRICT;

-- A pull asks for what changed after a commit.
CREATE INDEX records_changed ON records (account, changed_by, item);

CREATE TABLE sessions (
    token   BLOB PRIMARY KEY CHECK (length(token) = 32),
    account BLOB NOT NULL REFERENCES accounts,
    member  BLOB NOT NULL CHECK (length(member) = 32),
    -- The key that signed the proof: a session ends when the device renews it.
    write   BLOB NOT NULL CHECK (length(write) = 32),
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_of_member ON sessions (account, member, expires);
CREATE INDEX sessions_over ON sessions (expires);

-- Challenges that opened a session, remembered until they are too old to serve.
CREATE TABLE spent_challenges (
    challenge BLOB PRIMARY KEY CHECK (length(challenge) = 32),
    expires   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Devices whose revocation met a conflict, and go first for a while.
CREATE TABLE holds (
    account BLOB NOT NULL REFERENCES accounts,
    device  BLOB NOT NULL CHECK (length(device) = 32),
    since   INTEGER NOT NULL,
    until   INTEGER NOT NULL,
    PRIMARY KEY (account, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE mailboxes (
    number   INTEGER PRIMARY KEY,
    member   BLOB NOT NULL CHECK (length(member) = 32),
    newcomer BLOB CHECK (length(newcomer) = 32),
    expires  INTEGER NOT NULL
) STRICT;

-- Messages count from 1 up on each side.
CREATE TABLE mailbox_messages (
    mailbox       INTEGER NOT NULL REFERENCES mailboxes ON DELETE CASCADE,
    from_newcomer INTEGER NOT NULL CHECK (from_newcomer IN (0, 1)),
    number        INTEGER NOT NULL CHECK (number >= 1),
    body          BLOB NOT NULL,
    PRIMARY KEY (mailbox, from_newcomer, number)
) STRICT;
