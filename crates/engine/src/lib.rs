//! The one owner of all state: one input in, all its consequences out.
//!
//! [`Engine::handle`] takes bytes, media events, commands and the time; [`Engine::poll_output`] gives back facts,
//! messages to send and media commands, in the order in which the shell must carry them out: a [`Output::Record`]
//! stands ahead of what it allows.

mod engine;
mod input;
mod output;

pub use engine::{Engine, SipCounters};
pub use input::Input;
pub use output::{Output, Reply};
