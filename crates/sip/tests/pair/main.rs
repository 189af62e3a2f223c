//! Tests of two stacks that call each other over a simulated wire in virtual time.

#![expect(clippy::unwrap_used, reason = "what is missing in a test fails it")]
#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks for one event among all")]

mod basic;
mod bench;
mod by_hand;
mod chance;
mod changes;
mod coming_back;
mod cuts;
mod errors;
mod floods;
mod forks;
mod invitations;
mod loss;
mod offers;
mod streams;
mod subscriptions;
mod timers;
mod transfers;
mod unnoticed;
mod ways;
