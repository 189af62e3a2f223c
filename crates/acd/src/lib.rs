//! Decides who gets which contact, when, and why; it never connects.
//!
//! A [`Room`] holds the agents and the lines of the queues. Its owner reports each event that frees an agent or brings
//! a contact, together with the time. In the same step the room matches them, records why in a `Decision`, and outputs
//! an [`Offer`]: a token that can be neither copied nor made elsewhere, so that each offer is settled once. The room
//! knows no calls: the owner rings the phone and reports the outcome.
//!
//! Facts are output in the order in which they happened, each ahead of what it allows.

mod after;
mod agent;
mod ahead;
mod beside;
mod breaks;
mod callback;
mod clocks;
mod contact;
mod deadline;
mod dialling_ahead;
mod durable;
mod expected_wait;
mod experts;
mod handling_marks;
mod handling_target;
mod in_hand;
mod interrupting;
mod keeping;
mod kept;
mod line;
mod lines;
mod lining_up;
mod matching;
mod offer;
mod on_agent;
mod on_contact;
mod on_deadline;
mod on_offer;
mod oracle;
mod output;
mod overlooked;
mod presence;
mod pulling;
mod reach;
mod replan;
mod request;
mod room;
mod selection;
mod staffing;
mod stepping;
mod supervising;
mod taking_over;
mod voicemail;
mod watchdog;
mod why_not;
mod wrapping_up;

pub use breaks::{BreakAnswer, BreakSeen, BreakStand, NoBreak};
pub use durable::RoomForm;
pub use expected_wait::{ExpectedWait, SHARE};
pub use offer::Offer;
pub use oracle::Oracle;
pub use output::{Arrival, RoomOutput};
pub use overlooked::Overlooked;
pub use pulling::PULL_SPAN;
pub use request::{CannotExtend, CannotPull, NoContact, TakesEffect};
pub use room::Room;
pub use why_not::Reasons;
