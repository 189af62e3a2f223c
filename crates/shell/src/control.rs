//! The control socket and its answers.
//!
//! `socket` accepts connections, `talk` reads a request and `api` answers it; `acting` passes commands to the engine,
//! `bans` lists the banned sources, `waiting` callbacks and breaks, `facts` streams facts, `writing` writes the lines of an answer.

pub(crate) mod acting;
pub(crate) mod api;
pub(crate) mod bans;
pub(crate) mod facts;
#[cfg(test)]
mod facts_tests;
pub(crate) mod listed;
mod look_up;
mod skills;
pub(crate) mod socket;
pub(crate) mod talk;
mod waiting;
pub(crate) mod writing;
