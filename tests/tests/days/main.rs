//! Whole days in virtual time.

#![expect(clippy::wildcard_enum_match_arm, reason = "a look for one fact among all that there may ever be")]

mod chance;
mod quito;
