//! Conversations and their messages in an SQLite file: what has come, what must leave, and how far each conversation is.
//!
//! The file stands beside the journal. Whatever a method reports as done is on the disk, so a kill or a power loss loses
//! nothing that a channel was told, and a second copy of a message is known by the channel's name for it.
//!
//! - `taking`: what has come. `saying`: what turno's people, the bot and turno itself say. `leaving`: what must leave, in order.
//!   `reporting`: what channels say about messages later.
//! - `stepping`: a conversation's next state with all that follows from it, in one transaction, beside the position of facts.
//! - `naming` and `fetching`: further names of letters and persons, files that a channel still keeps.
//! - `reading`: lists for people. `questions`: what people have asked the bot. `files`: files by their SHA-256. `forgetting`: what is deleted, and when.

mod conversation;
mod drafts;
mod fetching;
mod files;
mod forgetting;
mod kind;
mod leaving;
mod naming;
mod questions;
mod reading;
mod reporting;
mod saying;
mod stepping;
mod store;
mod tables;
mod taking;
#[cfg(test)]
mod tests;
mod trouble;

pub use conversation::{Beginner, Kept, Standing};
pub use drafts::Draft;
pub use files::Files;
pub use forgetting::Forgotten;
pub use kind::kind_of;
pub use questions::Asked;
pub use reading::{Figures, Line, Oldest};
pub use saying::{Said, Say};
pub use stepping::{Errand, Step};
pub use store::{Limits, Store};
pub use trouble::Trouble;
