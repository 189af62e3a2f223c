//! One contact, told: who spoke SIP with whom, what was decided meanwhile and why, how it sounded.
//!
//! [`CapturedMessage`]s are messages that passed, kept in a bounded [`Ring`]; facts are what the engine decided. A [`Assembler`]
//! joins both to [`Entry`]s, as they come or afterwards, and a [`ContactTrace`] is all entries of one contact. Entries are
//! plain words: what must not be read (credentials, most of a caller's number) is gone before they exist, so that a
//! story can be printed, shown as a page, saved and read again. Nothing here reads a clock or touches a file.

#[macro_use]
mod say;

mod asked_by;
mod assembler;
mod called_back;
mod captured_message;
mod column;
mod contact_trace;
mod decode;
mod entry;
mod handled;
mod html;
mod json;
mod known;
mod ladder;
mod menu_steps;
mod names;
mod passed;
mod phoned;
mod raw;
mod reasons;
mod recent;
mod recorded;
mod redaction;
mod ring;
mod safe;
mod sdp;
mod sentence;
mod stepped;
mod supervision;
mod surveyed;
mod text;
mod voicemailed;
pub mod why;

pub use assembler::Assembler;
pub use captured_message::{CapturedMessage, Way};
pub use column::{Column, Kind};
pub use contact_trace::ContactTrace;
pub use entry::{End, Entry, Head, Message, Note, Tone};
pub use json::Unreadable;
pub use ladder::ladder;
pub use recent::{Recent, Row, recent, table};
pub use redaction::Numbers;
pub use ring::{Ring, RingLimits};
pub use safe::line as safe_line;
pub use text::{Ladder, TextOptions};
