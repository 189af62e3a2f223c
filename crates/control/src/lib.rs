//! The control socket's protocol: typed requests and answers, one a line.
//!
//! A client sends two lines: the [`Opening`] with the protocol's version, and one [`Request`] as JSON. It receives
//! [`Answer`]s, one a line, until the connection ends. Only [`Request::TakeOver`] continues differently: the two turnos
//! do the hand-over on that connection. A line that can't be parsed is answered with a [`BadRequest`] in words. This
//! crate does not read sockets; the shell and the command line pass it lines.

mod answer;
mod bans;
mod facts;
mod listed;
mod opening;
mod request;
mod skills;
#[cfg(test)]
mod tests;
mod waiting;

pub use answer::{ANSWER_BYTES_MAX, Answer};
pub use bans::{BanRow, ban_table};
pub use facts::{FactsAsk, FactsBegin, PlacedFact, hide_number};
pub use listed::{AddedRow, ListedAsk, ListedRow, listed_table};
pub use opening::{BadRequest, Opening, REQUEST_BYTES_MAX};
pub use request::{Ask, HAND_OVER_PROTOCOL, Request, TakeOver, What};
pub use skills::{SkillRow, skill_table};
pub use waiting::{BreakRow, CallbackRow};
