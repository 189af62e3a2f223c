//! What is said over the control socket: typed requests and answers, and how they stand on lines.
//!
//! A client sends two lines, the [`Opening`] with the version of this protocol and one [`Request`] as JSON, and hears
//! [`Answer`]s, one a line, until the connection ends. A [`Request::TakeOver`] alone goes on otherwise: the two turnos hand over on
//! that connection. What can't be understood is answered with a [`BadRequest`] in words. Nothing here reads a socket: the shell and
//! the command line bring lines.

mod answer;
mod bans;
mod facts;
mod opening;
mod request;
#[cfg(test)]
mod tests;

pub use answer::{ANSWER_BYTES_MAX, Answer};
pub use bans::{BanRow, ban_table};
pub use facts::{FactsAsk, FactsBegin, PlacedFact};
pub use opening::{BadRequest, Opening, REQUEST_BYTES_MAX};
pub use request::{Ask, HAND_OVER_PROTOCOL, Request, TakeOver, What};
