//! The outside edge of the written channels: what speaks HTTP, IMAP and SMTP with other machines.
//!
//! A connector knows one channel. It gives what comes to the [`turno_channels::Post`] and sends what the post has for it.

mod failures;
pub mod mail;
pub mod model;
pub mod whatsapp;

pub use failures::Failures;
