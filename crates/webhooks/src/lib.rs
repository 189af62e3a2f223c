//! Outgoing webhooks: facts for other programs, as CloudEvents in the form of Standard Webhooks.
//!
//! A [`Queue`] keeps what each hook must still be sent, in a file, with the position up to which facts were taken, in one
//! transaction: a kill loses nothing and doubles nothing that was taken. What a receiver has got but not confirmed is sent
//! again under the same id. [`event`] makes the body, [`signing`] the headers, [`schedule`] the times of further tries, and
//! [`target`] refuses inner addresses. Sockets are the shell's.

pub mod event;
mod queue;
pub mod schedule;
pub mod signing;
pub mod target;
mod trouble;

#[cfg(test)]
mod queue_tests;

pub use queue::{Figures, Letter, Queue, Stored};
pub use trouble::Trouble;
