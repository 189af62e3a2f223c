//! WhatsApp's Business Platform (Cloud API): its webhooks, requests, errors and limits as data.
//!
//! - In: the bytes of a webhook are checked ([`is_signed`]) and read into [`Event`]s ([`read`]).
//! - Out: a [`Letter`](crate::Letter) becomes one or more requests ([`requests`]), and the answer becomes an
//!   [`Outcome`](crate::Outcome) ([`judge`]).
//! - Limits: [`Pace`] says when the next message may leave, [`Breaker`] whether it is worth trying.
//!
//! The connector has the HTTP around it.

mod answer;
mod breaker;
mod choices;
mod clean;
mod codes;
mod cutting;
mod event;
mod letter;
mod media;
mod message;
mod pace;
mod signature;
mod status;
mod verdict;
mod webhook;

#[cfg(test)]
mod letter_tests;
#[cfg(test)]
mod pace_tests;
#[cfg(test)]
mod webhook_tests;

pub use answer::{Answer, GraphError, MediaPlace, Uploaded, media_id, media_place};
pub use breaker::Breaker;
pub use clean::{file_name, person_name};
pub use codes::code_in;
pub use event::{Event, Notice, NoticeKind, What};
pub use letter::{CANNOT_BE_SENT, Wording, mark_seen, needs_upload, requests};
pub use media::{MediaClass, class_of, kind_of};
pub use pace::{Pace, Scope};
pub use signature::{challenge, is_signed, signature};
pub use verdict::{Hold, Verdict, WINDOW_SECS, is_outside_window, judge, outside_window};
pub use webhook::{Unread, read};
