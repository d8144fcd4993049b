-- The tree over the records of an account, in pages: what a commit's root is held against. An account from before has
-- none, and gets it with its next commit.
CREATE TABLE tree (
    account BYTEA NOT NULL REFERENCES accounts,
    -- The half-bytes that the keys below begin with, a byte each.
    path    BYTEA NOT NULL CHECK (octet_length(path) <= 64),
    page    BYTEA NOT NULL,
    PRIMARY KEY (account, path)
);
