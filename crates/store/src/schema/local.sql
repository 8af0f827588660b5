-- Local: of this laptop alone, never synced, not rebuilt.
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE draft (key TEXT PRIMARY KEY, at INTEGER NOT NULL, json TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE sync_run (
    at        INTEGER PRIMARY KEY,
    took_ms   INTEGER NOT NULL,
    outcome   TEXT    NOT NULL,
    received  INTEGER NOT NULL,
    of        INTEGER NOT NULL,
    fetched   INTEGER NOT NULL,
    bytes_out INTEGER NOT NULL,
    bytes_in  INTEGER NOT NULL,
    detail    TEXT
) STRICT;
CREATE TABLE clock_seen (one INTEGER PRIMARY KEY CHECK (one = 1), station_at INTEGER NOT NULL, device_at INTEGER NOT NULL) STRICT;
-- Time counted since the station was heard, and an extension typed in. One row.
CREATE TABLE lease (
    one            INTEGER PRIMARY KEY CHECK (one = 1),
    heard_at       INTEGER,                           -- station time of the contact counted from
    counted        INTEGER NOT NULL,                  -- milliseconds
    looked_at      INTEGER NOT NULL,                  -- device time of the last look
    extended_until TEXT
) STRICT;
-- Bundles written on sticks, in the order of writing. The key opens the answer and goes once that is in.
CREATE TABLE bundle (
    bundle      BLOB    NOT NULL UNIQUE,
    replica     BLOB    NOT NULL,
    at          INTEGER NOT NULL,           -- device time
    medium      TEXT    NOT NULL,           -- label
    file        TEXT    NOT NULL,
    entries     INTEGER NOT NULL,
    bytes       INTEGER NOT NULL,
    reply_key   BLOB,
    asked       BLOB    NOT NULL,           -- what the station had asked for when it was packed
    answered_at INTEGER,                    -- device time
    received    INTEGER NOT NULL DEFAULT 0,
    set_aside   INTEGER NOT NULL DEFAULT 0,
    fetched     INTEGER NOT NULL DEFAULT 0,
    fault       TEXT                        -- code of what the station could not take
) STRICT;
-- What the station asked for with its last answer by hand: goes along with the next bundle. At most one row.
CREATE TABLE bundle_pending (one INTEGER PRIMARY KEY CHECK (one = 1), asked BLOB NOT NULL) STRICT;
-- Scopes that may be shown. None at all: nobody has said yet, and everything is.
CREATE TABLE held_scope (scope TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
-- Scopes that were held and are no longer; dropped_at once their records are out of the file.
CREATE TABLE left_scope (
    scope TEXT PRIMARY KEY, since INTEGER NOT NULL, dropped_at INTEGER
) STRICT, WITHOUT ROWID;
-- What lists called a record when a move took it out of the scopes held.
CREATE TABLE departed (document BLOB PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL) STRICT, WITHOUT ROWID;
-- Which projection the views were made by; 0 while they are being made.
CREATE TABLE projection (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL) STRICT;
