//! Facts as the lines of Asterisk's queue_log, for report tools that read it.
//!
//! A [`QueueLog`] takes facts in order and gives lines: `epoch|callid|queue|agent|event|…`. What later lines need (who waits
//! since when, who talks with whom) is its state, which can be stored and read again, so that a file is continued after
//! a kill. Only calls are in it, and contacts that are called back: Asterisk knows no other channels.

mod line;
mod names;
mod open;
mod queue_log;

#[cfg(test)]
mod tests;

pub use names::LogNames;
pub use queue_log::QueueLog;
