-- Truth: never dropped, migrated only by addition. Times are UTC milliseconds (…_at). Ids are 16 bytes, hashes 32.

-- Every lane entry this replica wrote or pulled. The key of a change is (document, hash). A place of a lane is unique by its
-- header: where copies of one disk wrote on, a lane has branches, and all of them are kept. The own lane has one.
CREATE TABLE entry (
    id                INTEGER PRIMARY KEY,           -- order of arrival here
    replica           BLOB    NOT NULL,              -- who wrote it
    lane_index        INTEGER NOT NULL,              -- place in the writer's lane, from 1
    scope             TEXT    NOT NULL,
    document          BLOB    NOT NULL,
    kind              INTEGER NOT NULL,              -- sync::lane::EntryKind
    act               BLOB    NOT NULL,
    officer           BLOB    NOT NULL,
    directory_version INTEGER NOT NULL,
    device_at         INTEGER NOT NULL,
    header            BLOB    NOT NULL,              -- the signed chain covers these bytes
    header_hash       BLOB    NOT NULL,              -- what the chain, receipts and scope logs call the entry
    salt              BLOB    NOT NULL,              -- per-document key of the commitment
    body              BLOB    NOT NULL,              -- one uncompressed automerge change, as received
    hash              BLOB    NOT NULL,              -- of the change; of the header for controls
    actor             BLOB    NOT NULL,              -- empty for controls
    refused           INTEGER,                       -- sync::receipt refusal reason, NULL when accepted or not yet judged
    UNIQUE (replica, lane_index, header_hash),
    UNIQUE (document, hash)
) STRICT;
CREATE INDEX entry_by_act ON entry (act);
CREATE INDEX entry_refused ON entry (refused) WHERE refused IS NOT NULL;

-- Which records a move names: a record's own entries do not tell where others took it.
CREATE TABLE movement (
    document BLOB    NOT NULL,
    entry    INTEGER NOT NULL,                       -- entry.id of the move
    taken    INTEGER NOT NULL DEFAULT 0,             -- the station took it: it has a place in a scope log
    PRIMARY KEY (document, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_moves ON entry (device_at) WHERE kind = 3;

-- Head of the own lane: the next entry chains to it.
CREATE TABLE lane_head (
    replica BLOB    PRIMARY KEY,
    idx     INTEGER NOT NULL,
    hash    BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

-- Headers that changes have in other lanes than the one they are kept under: a dead lane they were carried over from, or
-- another copy's lane in which the same change came too.
CREATE TABLE carried (
    replica     BLOB    NOT NULL,
    lane_index  INTEGER NOT NULL,
    header_hash BLOB    NOT NULL,
    document    BLOB    NOT NULL,
    hash        BLOB    NOT NULL,
    header      BLOB    NOT NULL,
    PRIMARY KEY (replica, lane_index, header_hash)
) STRICT, WITHOUT ROWID;

-- Signed receipts, as received.
CREATE TABLE receipt (
    first_index INTEGER PRIMARY KEY,
    last_index  INTEGER NOT NULL,
    epoch       INTEGER NOT NULL,
    station_at  INTEGER NOT NULL,
    received_at INTEGER NOT NULL,                    -- device time
    refused     INTEGER NOT NULL,                    -- entries set aside in it
    accepted    INTEGER NOT NULL,                    -- the others, those that an earlier receipt covers too left out
    lane_hash   BLOB    NOT NULL,
    signed      BLOB    NOT NULL
) STRICT;

-- Receipts of the lanes this replica was restored from.
CREATE TABLE receipt_before (
    replica     BLOB    NOT NULL,
    first_index INTEGER NOT NULL,
    last_index  INTEGER NOT NULL,
    epoch       INTEGER NOT NULL,
    station_at  INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    refused     INTEGER NOT NULL,
    accepted    INTEGER NOT NULL,
    lane_hash   BLOB    NOT NULL,
    signed      BLOB    NOT NULL,
    PRIMARY KEY (replica, first_index)
) STRICT, WITHOUT ROWID;

-- What the station last said of itself and of the own lane: one row.
CREATE TABLE station_state (
    one              INTEGER PRIMARY KEY CHECK (one = 1),
    head_index       INTEGER NOT NULL,                -- where it is in the own lane
    head_hash        BLOB    NOT NULL,
    epoch            INTEGER NOT NULL,                -- of its logs
    backup_watermark INTEGER NOT NULL                 -- index up to which a backup of it holds the lane
) STRICT;

-- The scope logs as pulled: which entry has which place, own ones included. A station that lost its log gets it back from here.
CREATE TABLE log (
    scope       TEXT    NOT NULL,
    seq         INTEGER NOT NULL,
    replica     BLOB    NOT NULL,
    lane_index  INTEGER NOT NULL,                    -- 0 when the header cannot be read
    header_hash BLOB    NOT NULL,
    aside       INTEGER,                             -- quarantine.id of an entry kept aside
    PRIMARY KEY (scope, seq)
) STRICT, WITHOUT ROWID;

-- Every signed end of a page pulled, from the log's beginning, or the backlog, to the cursor.
CREATE TABLE checkpoint (
    scope  TEXT    NOT NULL,
    seq    INTEGER NOT NULL,
    epoch  INTEGER NOT NULL,
    chain  BLOB    NOT NULL,
    signed BLOB    NOT NULL,
    PRIMARY KEY (scope, seq)
) STRICT, WITHOUT ROWID;

-- Position in each scope's log: the newest signed checkpoint whose data is here.
CREATE TABLE cursor (
    scope  TEXT    PRIMARY KEY,
    epoch  INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    chain  BLOB    NOT NULL,
    signed BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

-- Where the first sync of a scope has come to on its way back: all from here to the cursor is held, nothing before.
CREATE TABLE backlog (
    scope TEXT    PRIMARY KEY,
    top   INTEGER NOT NULL,                          -- documents with an entry from here down to the place came whole
    epoch INTEGER NOT NULL,
    seq   INTEGER NOT NULL,
    chain BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

-- The station's signed directory, every version seen.
CREATE TABLE directory (
    version     INTEGER PRIMARY KEY,
    received_at INTEGER NOT NULL,
    signed      BLOB    NOT NULL
) STRICT;

-- Peer entries that failed a check: kept with the reason, blocking nothing.
CREATE TABLE quarantine (
    id          INTEGER PRIMARY KEY,
    replica     BLOB    NOT NULL,
    lane_index  INTEGER NOT NULL,                    -- 0 when the header cannot be read
    scope       TEXT    NOT NULL,
    document    BLOB    NOT NULL,                    -- empty when the header cannot be read
    reason      TEXT    NOT NULL,
    header      BLOB    NOT NULL,
    header_hash BLOB    NOT NULL UNIQUE,
    salt        BLOB    NOT NULL,
    body        BLOB    NOT NULL,
    received_at INTEGER NOT NULL
) STRICT;

-- Tombstones: records erased here, so that nothing of them is taken again.
CREATE TABLE erased (
    document BLOB    PRIMARY KEY,
    at       INTEGER NOT NULL,
    officer  BLOB    NOT NULL,
    reason   TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- Acts set aside that were written again by another act.
CREATE TABLE rewritten (
    act    BLOB    PRIMARY KEY,
    by_act BLOB    NOT NULL,
    at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Audit: who did or saw what, chained by hash.
CREATE TABLE audit (
    number   INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    officer  BLOB    NOT NULL,
    action   TEXT    NOT NULL,
    document BLOB,
    field    TEXT,
    reason   TEXT,
    reason_key  BLOB,                                 -- the chain covers the reason by a hash keyed with this: both can go
    reason_hash BLOB,
    previous BLOB    NOT NULL,
    hash     BLOB    NOT NULL
) STRICT;

-- Own identity: one row.
CREATE TABLE identity (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    replica     BLOB NOT NULL,
    officer     BLOB NOT NULL,
    station     BLOB NOT NULL,
    laptop      TEXT NOT NULL,
    signing_key BLOB NOT NULL,                        -- Ed25519 seed; the file around it is encrypted
    enrolment   BLOB NOT NULL,                        -- urls, pin, token: as the enrolment file said
    certified   INTEGER NOT NULL DEFAULT 0,
    refused     TEXT,                                 -- why the station refused this replica for good
    predecessor BLOB,                                 -- replica this one goes on for
    predecessor_key BLOB,                             -- its seed, until the station lists this one
    succession  BLOB                                  -- sync::succession::SignedSuccession, what lists this replica
) STRICT;

-- Each time this database went on as a new replica.
CREATE TABLE succession (
    replica     BLOB    PRIMARY KEY,                  -- the new one
    predecessor BLOB    NOT NULL,
    at          INTEGER NOT NULL,                     -- device time
    cause       TEXT    NOT NULL,                     -- backup, copy
    carried     INTEGER NOT NULL                      -- entries that had not reached the station and went along
) STRICT, WITHOUT ROWID;
