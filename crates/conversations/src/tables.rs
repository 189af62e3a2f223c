//! The tables of the file.

/// The version of the tables.
pub(crate) const VERSION: i64 = 1;

/// All tables. Bodies, authors and addresses are JSON; a delivery is the place of its name in `Delivery`.
pub(crate) const TABLES: &str = "CREATE TABLE taken_until (one INTEGER PRIMARY KEY CHECK (one = 1), run_us INTEGER NOT NULL,
  number INTEGER NOT NULL);
CREATE TABLE conversation (id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, address TEXT NOT NULL, person TEXT NOT NULL,
  person_also TEXT, name TEXT, subject TEXT, language TEXT, queue TEXT, begun_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL,
  person_wrote_ms INTEGER, state TEXT, stage TEXT NOT NULL DEFAULT 'new', agent TEXT, contact INTEGER, due_ms INTEGER,
  is_done INTEGER NOT NULL DEFAULT 0, agent_seen INTEGER NOT NULL DEFAULT 0, person_seen INTEGER NOT NULL DEFAULT 0, rating INTEGER, rating_words TEXT);
CREATE INDEX conversation_person ON conversation (channel, person);
CREATE INDEX conversation_also ON conversation (channel, person_also) WHERE person_also IS NOT NULL;
CREATE INDEX conversation_due ON conversation (due_ms) WHERE due_ms IS NOT NULL;
CREATE INDEX conversation_contact ON conversation (contact) WHERE contact IS NOT NULL;
CREATE INDEX conversation_open ON conversation (is_done, changed_ms);
CREATE TABLE message (id INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER NOT NULL REFERENCES conversation (id),
  channel TEXT NOT NULL, person TEXT NOT NULL, is_ours INTEGER NOT NULL, author TEXT NOT NULL, at_ms INTEGER NOT NULL,
  body TEXT NOT NULL, delivery INTEGER NOT NULL, failure TEXT, scope TEXT NOT NULL, external TEXT, client TEXT, part_of INTEGER,
  replies_to TEXT, marks TEXT, file TEXT, due_ms INTEGER NOT NULL DEFAULT 0, put_ms INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
  is_automatic INTEGER NOT NULL DEFAULT 0, is_handled INTEGER NOT NULL DEFAULT 1, is_elsewhere INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX message_known ON message (channel, scope, external) WHERE external IS NOT NULL AND is_ours = 0;
CREATE UNIQUE INDEX message_client ON message (conversation, client) WHERE client IS NOT NULL;
CREATE INDEX message_external ON message (external) WHERE external IS NOT NULL;
CREATE INDEX message_part ON message (part_of) WHERE part_of IS NOT NULL;
CREATE INDEX message_conversation ON message (conversation, id);
CREATE INDEX message_leaves ON message (channel, person, id) WHERE delivery < 2 AND is_ours = 1;
CREATE INDEX message_fresh ON message (conversation, id) WHERE is_handled = 0;
CREATE INDEX message_file ON message (file) WHERE file IS NOT NULL;
CREATE INDEX message_elsewhere ON message (channel, id) WHERE is_elsewhere = 1;
CREATE TABLE also_named (external TEXT PRIMARY KEY, message INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX also_named_message ON also_named (message);
CREATE TABLE early (external TEXT NOT NULL, at_ms INTEGER NOT NULL, what TEXT NOT NULL, put_ms INTEGER NOT NULL);
CREATE INDEX early_external ON early (external);
CREATE TABLE price (message INTEGER NOT NULL, category TEXT NOT NULL, channel TEXT NOT NULL, conversation INTEGER NOT NULL,
  is_billed INTEGER NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY (message, category)) WITHOUT ROWID;
CREATE TABLE errand (id INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER NOT NULL, what TEXT NOT NULL);
CREATE TABLE draft (conversation INTEGER NOT NULL, agent TEXT NOT NULL, text TEXT NOT NULL, at_ms INTEGER NOT NULL,
  PRIMARY KEY (conversation, agent)) WITHOUT ROWID;";
