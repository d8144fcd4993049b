-- What running a server for others needs.

-- When the account is deleted, if its log says so.
ALTER TABLE accounts ADD COLUMN deletes_at INTEGER;
-- When the growth that its history has taken in advance is paid back.
ALTER TABLE accounts ADD COLUMN history_full_at INTEGER NOT NULL DEFAULT 0;

CREATE INDEX accounts_due ON accounts (deletes_at) WHERE deletes_at IS NOT NULL;

-- What remains of an account: its identifier, so that nobody starts it again.
CREATE TABLE deleted_accounts (
    account BLOB PRIMARY KEY CHECK (length(account) = 32),
    since   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Leave to start one account each.
CREATE TABLE invitations (
    token   BLOB PRIMARY KEY CHECK (length(token) = 32),
    expires INTEGER NOT NULL,
    -- Who used it.
    account BLOB CHECK (length(account) = 32)
) STRICT, WITHOUT ROWID;

-- The latest heartbeat of each device, signed bytes as they came.
CREATE TABLE heartbeats (
    account BLOB NOT NULL REFERENCES accounts,
    device  BLOB NOT NULL CHECK (length(device) = 32),
    signed  BLOB NOT NULL,
    PRIMARY KEY (account, device)
) STRICT;

-- Mailboxes know whose member opened them. They live ten minutes: none is worth carrying over.
DROP TABLE mailbox_messages;
DROP TABLE mailboxes;

CREATE TABLE mailboxes (
    number   INTEGER PRIMARY KEY,
    account  BLOB NOT NULL REFERENCES accounts,
    member   BLOB NOT NULL CHECK (length(member) = 32),
    newcomer BLOB CHECK (length(newcomer) = 32),
    expires  INTEGER NOT NULL
) STRICT;

CREATE INDEX mailboxes_of_account ON mailboxes (account, expires);

-- Messages count from 1 up on each side.
CREATE TABLE mailbox_messages (
    mailbox       INTEGER NOT NULL REFERENCES mailboxes ON DELETE CASCADE,
    from_newcomer INTEGER NOT NULL CHECK (from_newcomer IN (0, 1)),
    number        INTEGER NOT NULL CHECK (number >= 1),
    body          BLOB NOT NULL,
    PRIMARY KEY (mailbox, from_newcomer, number)
) STRICT;
