//! Joins legs into calls: it connects, and never decides.
//!
//! A *leg* is one SIP session with one media stream. A *call* has an A leg (which came in, or answered our call), at
//! most one B leg (connected to the A leg), legs that ring, and guests. All that hear each other are members of its
//! *bridge*: the two sides talk, a guest listens, whispers or talks, a recorder records, an announcement plays a clip.
//! The owner decides whom to ring, what to play and what a transfer means. The [`Switchboard`] carries it out and
//! reports with [`CallEvent`].

mod announcing;
mod answering;
mod aside;
mod bridge;
mod call;
mod calls;
mod cannot;
mod confirmation;
mod confirming;
mod continuing;
mod deadline;
mod dtmf;
mod durable;
mod event;
mod guests;
mod leaving;
mod leg;
mod legs;
mod lines;
mod media_settings;
mod menu;
mod number;
mod on_deadline;
mod on_media;
mod on_offer;
mod on_session;
mod parking;
mod picking_up;
mod ports;
mod refusal;
mod ring;
mod second_try;
mod sound;
mod switchboard;

mod target;
mod transfer;

pub use call::{CallId, GuestRole, Menu, Ringing};
pub use cannot::CannotTalk;
pub use confirmation::Confirmation;
pub use durable::CallForm;
pub use event::{CallEvent, Gone, Side, TransferAsked};
pub use guests::CannotJoin;
pub use media_settings::{MediaSettings, WebAddress};
pub use number::normalised;
pub use on_media::retry_later;
pub use ports::NoPort;
pub use refusal::Refusal;
pub use switchboard::Switchboard;
pub use target::Target;
