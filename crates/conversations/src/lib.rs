//! Conversations and their messages in an SQLite file: what has come, what must leave, and how far each conversation is.
