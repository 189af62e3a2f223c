//! The control socket and its answers.
//!
//! `socket` is where questions come in; `answering` tells contacts and reloads; `bans` shows and changes who is shut out.

pub(crate) mod answering;
pub(crate) mod bans;
pub(crate) mod socket;
