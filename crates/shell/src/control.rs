//! The control socket and its answers.
//!
//! `socket` is where questions come in, `talk` reads one and `answering` answers it; `acting` passes commands to the engine, `bans` lists who is
//! shut out, `facts` tells what happened; `writing` has the lines on their way.

pub(crate) mod acting;
pub(crate) mod api;
pub(crate) mod bans;
pub(crate) mod facts;
#[cfg(test)]
mod facts_tests;
pub(crate) mod socket;
pub(crate) mod talk;
pub(crate) mod writing;
