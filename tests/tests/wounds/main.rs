//! The known wounds of the field, one test each: none may ever occur in turno.

#![expect(clippy::wildcard_enum_match_arm, reason = "a look for one fact among all that there may ever be")]

mod agents;
mod arrivals;
mod codes;
mod gone;
mod holding;
mod moving;
mod own_calls;
mod phones;
mod ports;
mod serving;
mod transfers;
