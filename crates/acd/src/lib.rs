//! Who gets which contact, when, and why: decides, never connects.
//!
//! A [`Room`] holds the agents and the lines in front of the queues. Whatever frees an agent or brings a contact is told
//! to it together with the time; in the same step it pairs them, says why in a `Decision`, and hands out an [`Offer`]: a
//! token that is neither copied nor made elsewhere, so that each offer is settled once. It knows nothing of calls:
//! somebody above rings the phone, and says what became of it.
//!
//! Facts come out in the order in which they happened, and each stands ahead of what it allows.

mod after;
mod agent;
mod beside;
mod clocks;
mod contact;
mod deadline;
mod durable;
mod handling_target;
mod hands;
mod line;
mod lining_up;
mod matching;
mod offer;
mod on_agent;
mod on_contact;
mod on_deadline;
mod on_offer;
mod oracle;
mod output;
mod replan;
mod request;
mod room;
mod selection;
mod staffing;
mod watchdog;

pub use durable::RoomForm;
pub use offer::Offer;
pub use oracle::Oracle;
pub use output::{Arrival, RoomOutput};
pub use request::{NoContact, TakesEffect};
pub use room::Room;
