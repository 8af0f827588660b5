-- The station's tables, version 1. Ids are 16 bytes, hashes and keys 32. Times are UTC milliseconds of the station's clock.
-- All of it is truth; the station keeps no views.

-- Keys and facts of the station itself.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Every directory ever signed.
CREATE TABLE directory_version (
    version      INTEGER PRIMARY KEY,
    signed       BLOB    NOT NULL,
    hash         BLOB    NOT NULL,                 -- of the signed bytes, as laptops name what they hold
    signed_at_ms INTEGER NOT NULL,
    act          TEXT    NOT NULL                  -- what was done, as a code with arguments
) STRICT;

-- Directories of a life that was lost in a restore, whose version means another one here.
CREATE TABLE directory_lost (
    version INTEGER NOT NULL,
    hash    BLOB    NOT NULL,                      -- of the signed bytes
    signed  BLOB    NOT NULL,
    PRIMARY KEY (version, hash)
) STRICT, WITHOUT ROWID;

-- Enrolment tokens given out. The token itself is never here.
CREATE TABLE token (
    token_hash    BLOB    PRIMARY KEY,
    officer       BLOB    NOT NULL,
    replica       BLOB    NOT NULL UNIQUE,
    laptop_label  TEXT    NOT NULL,
    issued_at_ms  INTEGER NOT NULL,
    used_at_ms    INTEGER,
    refused_uses  INTEGER NOT NULL DEFAULT 0       -- attempts after the first use
) STRICT, WITHOUT ROWID;

-- Where the station is in each lane.
CREATE TABLE lane (
    replica           BLOB    PRIMARY KEY,
    head_index        INTEGER NOT NULL,
    head_hash         BLOB    NOT NULL,
    directory_version INTEGER NOT NULL             -- highest one an entry of the lane has named
) STRICT, WITHOUT ROWID;

-- The last exchange with each replica.
CREATE TABLE contact (
    replica           BLOB    PRIMARY KEY,
    seen_at_ms        INTEGER NOT NULL,
    device_at_ms      INTEGER NOT NULL,            -- the laptop's clock then
    directory_version INTEGER NOT NULL,            -- held by the laptop then
    behind            INTEGER NOT NULL             -- entries it still had to fetch after the answer
) STRICT, WITHOUT ROWID;

-- The replica that used an automerge actor first.
CREATE TABLE actor (
    actor   BLOB PRIMARY KEY,
    replica BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Where each document is.
CREATE TABLE document (
    document BLOB    PRIMARY KEY,
    scope    TEXT    NOT NULL,
    erased   INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Scopes a document was moved out of.
CREATE TABLE former_scope (
    document BLOB NOT NULL,
    scope    TEXT NOT NULL,
    PRIMARY KEY (document, scope)
) STRICT, WITHOUT ROWID;

-- The moves that named a document: they go with it when it moves on, so that its way is known wherever it is.
CREATE TABLE movement (
    document BLOB    NOT NULL,
    entry    INTEGER NOT NULL,
    PRIMARY KEY (document, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX movement_by_entry ON movement (entry);

-- Every entry of every lane the station has given a receipt for, set aside ones too. A place of a lane is unique by its
-- header: where copies of one disk wrote on, a lane has branches; all are kept, and `lane` says which one goes on.
CREATE TABLE entry (
    id             INTEGER PRIMARY KEY,            -- order of arrival
    replica        BLOB    NOT NULL,
    lane_index     INTEGER NOT NULL,
    header_hash    BLOB    NOT NULL,
    header         BLOB    NOT NULL,               -- as hashed and signed
    salt           BLOB,                           -- NULL with body once erased
    body           BLOB,
    document       BLOB    NOT NULL,
    act            BLOB    NOT NULL,
    change_hash    BLOB,                           -- of well-formed changes
    actor          BLOB,
    actor_number   INTEGER,
    outcome        INTEGER NOT NULL,               -- 0 in a scope log, 1 held from another lane, 2 set aside
    reason         INTEGER,                        -- why set aside
    received_at_ms INTEGER NOT NULL,
    UNIQUE (replica, lane_index, header_hash)
) STRICT;
CREATE INDEX entry_by_change ON entry (document, change_hash);
CREATE INDEX entry_by_actor_number ON entry (document, actor, actor_number) WHERE outcome = 0;
CREATE INDEX entry_refused_act ON entry (act, replica) WHERE outcome = 2;

-- The scope logs: the order of accepted entries, without gaps, one chain through all epochs.
CREATE TABLE log (
    scope TEXT    NOT NULL,
    seq   INTEGER NOT NULL,
    chain BLOB    NOT NULL,                        -- hash of the chain after this entry
    entry INTEGER NOT NULL REFERENCES entry (id),
    PRIMARY KEY (scope, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX log_by_entry ON log (entry, scope);

-- Heads of the scope logs.
CREATE TABLE scope (
    scope TEXT    PRIMARY KEY,
    head  INTEGER NOT NULL,
    chain BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

-- Signed receipts, as sent.
CREATE TABLE receipt (
    replica       BLOB    NOT NULL,
    last_index    INTEGER NOT NULL,
    first_index   INTEGER NOT NULL,
    signed        BLOB    NOT NULL,
    station_at_ms INTEGER NOT NULL,
    PRIMARY KEY (replica, last_index)
) STRICT, WITHOUT ROWID;

-- Every log epoch; the newest is the setting of that name.
CREATE TABLE epoch (
    epoch        INTEGER PRIMARY KEY,
    opened_at_ms INTEGER NOT NULL,
    cause        TEXT    NOT NULL                  -- founded, restored, noticed
) STRICT;

-- Places of logs that were lost in a restore, up to which laptops have given everything back.
CREATE TABLE given_back (
    scope TEXT    NOT NULL,
    seq   INTEGER NOT NULL,
    chain BLOB    NOT NULL,
    whole INTEGER NOT NULL,                        -- 0: the laptop no longer held all of it
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (scope, seq, chain)
) STRICT, WITHOUT ROWID;

-- Lanes of which more was received than this database holds, as receipts shown prove.
CREATE TABLE lane_lost (
    replica    BLOB    PRIMARY KEY,
    last_index INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Branches of lanes that the station does not follow: how they stood when their laptops were last told.
CREATE TABLE fork (
    replica    BLOB    NOT NULL,
    head_hash  BLOB    NOT NULL,
    head_index INTEGER NOT NULL,
    told_at_ms INTEGER NOT NULL,
    grown      INTEGER NOT NULL,                   -- times it has grown although its laptop had heard
    PRIMARY KEY (replica, head_hash)
) STRICT, WITHOUT ROWID;

-- What came back after a restore: one row a replica, way and bringer, counted up.
CREATE TABLE recovery (
    epoch        INTEGER NOT NULL,                 -- the epoch the restore opened
    replica      BLOB    NOT NULL,                 -- whose entries
    source       TEXT    NOT NULL CHECK (source IN ('lane', 'refill')),
    from_replica BLOB    NOT NULL,                 -- who brought them; the replica itself for its lane
    entries      INTEGER NOT NULL,
    at_ms        INTEGER NOT NULL,                 -- the last time some came
    PRIMARY KEY (epoch, replica, source, from_replica)
) STRICT, WITHOUT ROWID;

-- Backups that were read back and found whole.
CREATE TABLE backup (
    at_ms             INTEGER PRIMARY KEY,         -- of the state it holds
    file_name         TEXT    NOT NULL,
    bytes             INTEGER NOT NULL,            -- of the file
    entries           INTEGER NOT NULL,
    lanes             INTEGER NOT NULL,
    epoch             INTEGER NOT NULL,
    directory_version INTEGER NOT NULL
) STRICT;

-- How far the newest verified backup holds each lane.
CREATE TABLE watermark (
    replica    BLOB    PRIMARY KEY,
    lane_index INTEGER NOT NULL,
    at_ms      INTEGER NOT NULL                    -- of the backup
) STRICT, WITHOUT ROWID;

-- Acts set aside that somebody has looked into.
CREATE TABLE review (
    act            BLOB    PRIMARY KEY,
    reviewed_at_ms INTEGER NOT NULL,
    officer        BLOB    NOT NULL,
    note           TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
