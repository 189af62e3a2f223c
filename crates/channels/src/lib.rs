//! What people write, on every channel, as machines without sockets, files, clocks or random numbers of their own.
//!
//! A [`Message`] is one thing that was said, a conversation is all that one person said and was told on one channel, and a
//! contact is the matter for which the room finds an agent: a conversation may have one, none, or several in turn.
//!
//! - `joint`: what a connector (a program's edge: HTTP, IMAP, SMTP, sockets) and the keeper of conversations tell each other.
//! - `whatsapp`: webhooks and requests of its Business Platform.
//! - `mail`: bytes of mails as what has come, letters as bytes of mails, and when turno may write by itself.
//! - `conversation`: how far one conversation is, and what follows from what happens.
//! - `bot`: answers with procedures, asks which is meant, and hands over to a person.

mod address;
mod body;
mod joint;
mod message;
mod time;

pub mod bot;
pub mod conversation;
pub mod mail;
pub mod whatsapp;

pub use address::Address;
pub use body::{Body, Choice, Choices, FileHere, FileId};
pub use joint::{Elsewhere, Incoming, Letter, NotTaken, Outcome, Post, Report, Reported, Taken};
pub use message::{Author, ConversationId, Delivery, Message, MessageId};
pub use time::Millis;
