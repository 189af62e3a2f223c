//! Tests of the room through its public interface.

#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks for one fact among all")]

mod agents;
mod ahead;
mod beside;
mod breaks;
mod callbacks;
mod handling;
mod interrupting;
mod limits;
mod offers;
mod own_numbers;
mod pulling;
mod random_days;
mod random_events;
mod random_plans;
mod restarts;
mod selection;
mod stage;
mod steps;
mod waits;
mod why_not;
mod wrapping_up;
