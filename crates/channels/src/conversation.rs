//! How far one conversation is: with the bot, in line, with an agent, laid aside, done. A table of stages without I/O.
//!
//! The machine gives no orders itself: it returns [`Effect`]s, which its owner keeps beside the new state and carries out. Each
//! stay in the room is a contact of its own, told apart by [`Conversation::round`], so an order that is repeated after a kill
//! meets the same contact, and an answer that comes too late meets none.

mod machine;
mod stage;
#[cfg(test)]
mod tests;

pub use machine::Conversation;
pub use stage::{Act, Effect, Event, NotNow, Rules, Silence, Stage};
