//! A softphone and a caller as machines that speak through rsip: the other end of every test and of the demo.
//!
//! A [`Phone`] registers, rings, answers, holds, transfers and hangs up, and a phone that never registers is a caller
//! on a trunk. It has no socket and no clock: datagrams and the time go in, datagrams and [`PhoneEvent`]s come out, so
//! twenty of them stand in a test as easily as in the demo. It builds and reads its messages with rsip and shares no
//! line with turno's own SIP, so that each call between them is two parsers that meet; whatever it finds against the
//! rules becomes [`PhoneEvent::Confused`], and a test asks that there be none. [`Voice`] is its ear and mouth: RTP with
//! a tone or a babble in G.711, and a measure of what is heard.

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
pub use phone::Phone;
pub use settings::{Behaviour, Identity, PhoneSettings};
pub use sound::Sound;
pub use voice::Voice;
