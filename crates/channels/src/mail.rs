//! Mail: its bytes as what has come from a person, letters as bytes, and when turno may write by itself.
//!
//! A mail is cut into parts by `parts`, with limits that no nesting passes; `mail-parser` reads headers alone and never a
//! body, because its tree of nested mails is as deep as a sender likes. An agent reads words and never a page: `html` makes
//! text, and nothing else of a page is kept. Archives are files and are never opened.
//!
//! A [`Mailbox`] reads and writes, [`Restraint`] says when turno may answer by itself, [`Subjects`] relates mails when
//! neither a Message-ID of ours nor a signed address does.

mod automatic;
mod bounce;
mod encode;
mod files;
mod head;
mod html;
mod limits;
mod mailbox;
mod marks;
mod parts;
mod quoted;
mod read;
mod restraint;
mod signing;
mod subjects;
mod terms;
mod write;

#[cfg(test)]
mod tests;

pub use automatic::Automatic;
pub use files::{clean_name, kind_of};
pub use head::plain_address;
pub use html::words_of_html;
pub use limits::{DEPTH_MAX, Limits, PARTS_MAX};
pub use mailbox::{Alias, Mailbox};
pub use quoted::without_history;
pub use read::{Mail, Read};
pub use restraint::Restraint;
pub use signing::Signer;
pub use subjects::{Subjects, base_of};
pub use terms::{Kind, Terms, day, due};
pub use write::{Outgoing, Quoted};
