//! One contact, told: who spoke SIP with whom, what was decided meanwhile and why, how it sounded.
//!
//! [`Passage`]s are messages that passed, kept in a bounded [`Ring`]; facts are what the engine decided. A [`Teller`]
//! joins both to [`Entry`]s, as they come or afterwards, and a [`Story`] is all entries of one contact. Entries are
//! plain words: what must not be read (credentials, most of a caller's number) is gone before they exist, so that a
//! story can be printed, shown as a page, saved and read again. Nothing here reads a clock or touches a file.

mod column;
mod decode;
mod entry;
mod html;
mod json;
mod ladder;
mod names;
mod passage;
mod raw;
mod reasons;
mod recent;
mod ring;
mod safe;
mod sdp;
mod sentence;
mod story;
mod teller;
mod text;
mod veil;

pub use column::{Column, Kind};
pub use entry::{End, Entry, Head, Message, Note, Tone};
pub use json::Unreadable;
pub use ladder::ladder;
pub use passage::{Passage, Way};
pub use recent::{Recent, Row, recent, table};
pub use ring::{Ring, RingLimits};
pub use safe::line as safe_line;
pub use story::Story;
pub use teller::Teller;
pub use text::{Ladder, TextOptions};
pub use veil::Numbers;
