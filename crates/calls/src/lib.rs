//! Legs joined into calls: connects, never decides.
//!
//! A *leg* is one SIP session with one media stream. A *call* has a A leg (the one that came in, or that answered a
//! call of ours), at most one B leg (the one it talks to), legs that ring, and guests. Those who are heard are the
//! members of its *bridge*: the two sides talk, a guest listens, whispers or talks, a recorder takes it down, an announcer
//! says a clip. Who rings, what is played and what a transfer means is decided above; the [`Switchboard`] does it and tells
//! by [`CallEvent`] what became of it.

mod announcing;
mod answering;
mod bridge;
mod call;
mod calls;
mod cannot;
mod deadline;
mod dtmf;
mod durable;
mod event;
mod guests;
mod leaving;
mod leg;
mod legs;
mod media_settings;
mod menu;
mod number;
mod on_deadline;
mod on_media;
mod on_offer;
mod on_session;
mod otherwise;
mod ports;
mod refusal;
mod ring;
mod sound;
mod switchboard;
mod transfer;

pub use call::{CallId, GuestRole, Menu, Ringing};
pub use cannot::CannotTalk;
pub use durable::CallForm;
pub use event::{CallEvent, Gone, Side, TransferAsked};
pub use guests::CannotJoin;
pub use media_settings::MediaSettings;
pub use number::normalised;
pub use on_media::retry_later;
pub use ports::NoPort;
pub use refusal::Refusal;
pub use ring::Target;
pub use switchboard::Switchboard;
