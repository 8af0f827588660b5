-- Views: derived from `entry` alone; dropped and rebuilt whenever the projection version changes. Ids are hyphenated
-- text here, because screens and reports read them. A projection does not depend on the order of arrival: base columns are
-- read from the record alone, derived ones (marked) are SQL over the base columns of the rows linked (see `project/derive.rs`).
-- Indexes whose name ends in _link lead from a record to those that name it; the others sort lists.

-- One row a document: what every list needs to know of it.
CREATE TABLE document (
    id          TEXT PRIMARY KEY,
    kind        TEXT    NOT NULL,
    scope       TEXT    NOT NULL,
    cell        TEXT,
    heads       BLOB    NOT NULL,                     -- sorted change hashes, 32 bytes each
    changes     INTEGER NOT NULL,
    last_entry  INTEGER NOT NULL,                     -- entry.id of the newest by (device_at, hash)
    last_at     INTEGER NOT NULL,
    title       TEXT    NOT NULL                      -- how lists and links name it; derived
) STRICT, WITHOUT ROWID;
CREATE INDEX document_by_kind ON document (kind, last_at);

CREATE TABLE address (
    id TEXT PRIMARY KEY, cell TEXT, village TEXT, kind TEXT, name TEXT, parent TEXT, plate_code TEXT, full TEXT,
    lon_e7 INTEGER, lat_e7 INTEGER,
    sort_key TEXT NOT NULL                            -- full address with numbers padded, for natural order
) STRICT, WITHOUT ROWID;
CREATE INDEX address_link ON address (parent);
CREATE INDEX address_text_link ON address (village, "full");

CREATE TABLE household (
    id TEXT PRIMARY KEY, cell TEXT, address TEXT, number TEXT, head TEXT, head_name TEXT, kind TEXT, phone TEXT,
    next_visit_on TEXT, notes TEXT,
    own_head_name TEXT, own_head_sort TEXT,           -- as this record says; head_name is the resident's where one is linked
    own_address_text TEXT, own_address_sort TEXT,     -- as this record says, for laptops that do not hold the address
    -- derived: copied from the linked rows so that lists sort and page by one index
    address_sort TEXT NOT NULL DEFAULT '', address_text TEXT NOT NULL DEFAULT '', village TEXT,
    head_sort TEXT NOT NULL DEFAULT '',               -- full pinyin of the head's name
    members INTEGER NOT NULL DEFAULT 0, visited_at INTEGER NOT NULL DEFAULT 0, missing INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX household_by_address ON household (address_sort, id);
CREATE INDEX household_by_head ON household (head_sort, id);
CREATE INDEX household_by_visit ON household (visited_at, id);
CREATE INDEX household_by_members ON household (members, id);
CREATE INDEX household_by_cell ON household (cell, address_sort, id);
CREATE INDEX household_by_cell_head ON household (cell, head_sort, id);
CREATE INDEX household_by_cell_visit ON household (cell, visited_at, id);
CREATE INDEX household_by_cell_members ON household (cell, members, id);
CREATE INDEX household_by_village ON household (village, address_sort, id);
CREATE INDEX household_address_link ON household (address);
CREATE INDEX household_head_link ON household (head);
CREATE INDEX household_next_visit ON household (next_visit_on) WHERE next_visit_on IS NOT NULL;

CREATE TABLE resident (
    id TEXT PRIMARY KEY, cell TEXT, name TEXT, former_name TEXT, sex TEXT, birth_on TEXT, id_kind TEXT, id_number TEXT,
    ethnic TEXT, phone TEXT, education TEXT, marital TEXT, employer TEXT, registered_address TEXT, kind TEXT,
    registered_on TEXT, permit_until_on TEXT, notes TEXT,
    name_sort TEXT NOT NULL DEFAULT '',               -- full pinyin of the name
    -- derived: of the main residence
    household TEXT, address_sort TEXT NOT NULL DEFAULT '', address_text TEXT NOT NULL DEFAULT '', village TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX resident_by_name ON resident (name_sort, id);
CREATE INDEX resident_by_birth ON resident (birth_on, id);
CREATE INDEX resident_by_address ON resident (address_sort, id);
CREATE INDEX resident_by_cell ON resident (cell, name_sort, id);
CREATE INDEX resident_by_cell_birth ON resident (cell, birth_on, id);
CREATE INDEX resident_by_cell_address ON resident (cell, address_sort, id);
CREATE INDEX resident_by_village ON resident (village, name_sort, id);
CREATE INDEX resident_id_number_link ON resident (id_number) WHERE id_number IS NOT NULL;

CREATE TABLE residence (
    id TEXT PRIMARY KEY, cell TEXT, resident TEXT, household TEXT, relation TEXT, from_on TEXT, to_on TEXT,
    resident_name TEXT                                -- as this record says, for laptops that do not hold the resident
) STRICT, WITHOUT ROWID;
CREATE INDEX residence_household_link ON residence (household);
CREATE INDEX residence_resident_link ON residence (resident);

CREATE TABLE visit (
    id TEXT PRIMARY KEY, cell TEXT, village TEXT, kind TEXT, household TEXT, place TEXT, at INTEGER, notes TEXT, wishes TEXT,
    findings TEXT, next_on TEXT, officers TEXT NOT NULL  -- JSON list of names
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_by_at ON visit (at, id);
CREATE INDEX visit_household_link ON visit (household, at);

CREATE TABLE patrol (
    id TEXT PRIMARY KEY, cell TEXT, mode TEXT, start_at INTEGER, end_at INTEGER, minutes INTEGER, route TEXT,
    people_checked INTEGER, vehicles_checked INTEGER, sites_checked INTEGER, dissuaded INTEGER, notes TEXT,
    crew TEXT NOT NULL, cells TEXT NOT NULL, findings INTEGER NOT NULL  -- crew names and cell codes as JSON lists
) STRICT, WITHOUT ROWID;
CREATE INDEX patrol_by_start ON patrol (start_at, id);

CREATE TABLE patrol_finding (
    patrol TEXT NOT NULL, item TEXT NOT NULL, cell TEXT, at INTEGER, what TEXT, place TEXT, hazard INTEGER, due_on TEXT,
    PRIMARY KEY (patrol, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX patrol_finding_by_at ON patrol_finding (at, patrol, item);

CREATE TABLE dispute (
    id TEXT PRIMARY KEY, cell TEXT, village TEXT, number TEXT, title TEXT, category TEXT, source TEXT, scale TEXT, grade TEXT,
    grade_reason TEXT, tier TEXT, state TEXT NOT NULL, closed INTEGER NOT NULL, place TEXT, address TEXT, people_count INTEGER,
    police_mediation INTEGER, money_at_stake_fen INTEGER, money_settled_fen INTEGER, found_at INTEGER, accepted_at INTEGER,
    concluded_at INTEGER, agreed INTEGER NOT NULL,     -- concluded with an agreement
    agreement_on TEXT, perform_by_on TEXT, performed_on TEXT, revisit_on TEXT,
    first_session_at INTEGER, last_session_at INTEGER, sessions INTEGER NOT NULL,
    due_on TEXT NOT NULL,                              -- the clock that ends first, '9999-12-31' when none
    clock TEXT,                                        -- that clock as JSON, so that a list opens no record
    opened_at INTEGER NOT NULL                         -- accepted, else found, else written
) STRICT, WITHOUT ROWID;
CREATE INDEX dispute_address_link ON dispute (address);
CREATE INDEX dispute_by_due ON dispute (closed, due_on, id);
CREATE INDEX dispute_by_opened ON dispute (closed, opened_at, id);
CREATE INDEX dispute_by_grade ON dispute (closed, coalesce(grade, ''), id);
CREATE INDEX dispute_opened ON dispute (opened_at);
CREATE INDEX dispute_concluded ON dispute (concluded_at) WHERE concluded_at IS NOT NULL;

CREATE TABLE dispute_party (
    dispute TEXT NOT NULL, item TEXT NOT NULL, role TEXT, name TEXT, resident TEXT,
    PRIMARY KEY (dispute, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX dispute_party_by_resident ON dispute_party (resident) WHERE resident IS NOT NULL;

CREATE TABLE dispute_mediator (
    dispute TEXT NOT NULL, item TEXT NOT NULL, mediator TEXT, name TEXT, host INTEGER,
    PRIMARY KEY (dispute, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX dispute_mediator_by_mediator ON dispute_mediator (mediator) WHERE mediator IS NOT NULL;

CREATE TABLE mediator (
    id TEXT PRIMARY KEY, name TEXT, kind TEXT, skills TEXT, languages TEXT, areas TEXT, phone TEXT, available INTEGER
) STRICT, WITHOUT ROWID;

-- Every losing, unequal value, with the one shown (rank 0).
CREATE TABLE conflict (
    document TEXT NOT NULL, key TEXT NOT NULL, rank INTEGER NOT NULL, value TEXT NOT NULL,  -- JSON scalar
    change BLOB NOT NULL,
    PRIMARY KEY (document, key, rank)
) STRICT, WITHOUT ROWID;

-- Fields settled by a decision, newest decision a field.
CREATE TABLE decision (
    document TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, entry INTEGER NOT NULL,
    PRIMARY KEY (document, key)
) STRICT, WITHOUT ROWID;

-- Cross-record rules broken: shown as work, never rewritten.
CREATE TABLE work_item (
    rule TEXT NOT NULL,                               -- `id_number_twice`, `two_main_residences`
    key TEXT NOT NULL,                                -- the ID number, the resident
    document TEXT NOT NULL, other TEXT NOT NULL,      -- the record, and the one it clashes with
    PRIMARY KEY (rule, key, document, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX work_item_of_document ON work_item (document);

-- Search: shadow columns (single characters, pairs, full pinyin, initials) in FTS5; numbers reversed, so that "ends with" is
-- a range of an index. Every token begins with a letter for its column (see `search/words.rs`), so that a common word of
-- addresses costs nothing when names are asked for. The rows of a kind stand side by side (see `search/slot.rs`), so that one
-- pass over the index fills a page of each kind and jumps over the rest.
CREATE TABLE search_row (
    rowid INTEGER PRIMARY KEY, document TEXT NOT NULL UNIQUE, scope TEXT NOT NULL, title TEXT NOT NULL, detail TEXT NOT NULL,
    household TEXT, village TEXT, id_tail TEXT, phone_tail TEXT, plate TEXT,
    digest INTEGER NOT NULL                           -- of all that is searched: what reads as before is not written again
) STRICT;
CREATE INDEX search_by_id_tail ON search_row (id_tail) WHERE id_tail IS NOT NULL;
CREATE INDEX search_by_phone_tail ON search_row (phone_tail) WHERE phone_tail IS NOT NULL;
CREATE INDEX search_by_plate ON search_row (plate) WHERE plate IS NOT NULL;
CREATE VIRTUAL TABLE search USING fts5 (
    name, pinyin, initials, address, words,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0', detail = 'none'
);
