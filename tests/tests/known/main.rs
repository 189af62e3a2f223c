//! Callers who are known: those who call again, and those who are on lists.

#![expect(clippy::wildcard_enum_match_arm, reason = "a look for one fact among all that there may ever be")]

mod kept;
mod last_agent;
mod lists;
mod own_numbers;
