//! The control socket and its answers.
//!
//! `socket` is where questions come in, `talk` reads one and `answering` answers it; `acting` passes commands to the engine, `bans` lists who is shut out.

pub(crate) mod acting;
pub(crate) mod answering;
pub(crate) mod bans;
pub(crate) mod socket;
pub(crate) mod talk;
