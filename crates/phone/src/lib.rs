//! A simulated softphone and caller, built on rsip: the other end of the tests and of the demo.
//!
//! A [`Phone`] registers, rings, answers, holds, transfers and hangs up. A phone that never registers is a caller on a
//! trunk. It has no socket and no clock: datagrams and the time go in, datagrams and [`PhoneEvent`]s come out, so a
//! test can run twenty phones as easily as the demo can. It builds and reads its messages with rsip and shares no code
//! with turno's own SIP, so that every call between them tests two independent parsers. A message that breaks the rules
//! becomes [`PhoneEvent::Confused`], and tests assert that there is none. [`Voice`] sends and receives its RTP: a tone
//! or a babble in G.711, and measurements of what is heard.

mod answering;
mod asking;
mod base;
mod call;
mod calls;
mod client;
mod deadline;
mod deciding;
mod dialling;
mod digest;
mod event;
mod g711;
mod keys;
mod listening;
mod on_request;
mod on_response;
mod page;
mod page_verbs;
mod phone;
mod reading;
mod registration;
mod server;
mod settings;
mod sound;
mod station;
mod verbs;
mod voice;
mod wire;
mod writing;

pub use event::{CallId, PhoneEvent};
pub use listening::Heard;
pub use page::Page;
pub use page_verbs::Dialog;
pub use phone::Phone;
pub use settings::{Behaviour, Identity, PhoneSettings};
pub use sound::Sound;
pub use voice::Voice;
