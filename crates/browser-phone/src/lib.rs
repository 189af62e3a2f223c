//! A simulated phone in a browser: the other end of turno's browser legs in tests and the demo, without a browser.
//!
//! Its SIP is that of `turno-phone`, which reads and writes with rsip; its voice is the peer connection of webrtc-rs. So each
//! simulated call is a test between two SIP parsers and two WebRTC stacks. The phone inside knows plain RTP alone: what it
//! writes gets the peer connection's description in place of its own, and what it reads gets a plain one ([`BrowserPhone`]).
//!
//! It has no sockets and no clock: messages for the WebSocket and packets for one UDP socket go in and out, with the time.

mod body;
mod phone;
mod voice;

pub use phone::BrowserPhone;
pub use voice::{Voice, VoiceFault};
