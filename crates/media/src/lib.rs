//! The media plane: RTP streams in 20 ms frames on one thread.
//!
//! The [`Plane`] runs its own thread. [`turno_media_plan::MediaCommand`]s go in and never block;
//! [`turno_media_plan::MediaEvent`]s come out through the callback given at the start.
//!
//! `exchange` is the whole state machine, without sockets and clocks: packets, commands and the time go in, packets and
//! events come out. It holds one `stream` for each peer and has these parts:
//!
//! - `bridge` passes a peer's voice to the other members. With one other member, `relay` rewrites the packet in place
//!   while the codecs agree, and `transcode` converts it when they differ or a tone is mixed in. With more members the
//!   bridge mixes. Recorders get each voice separately through a `tape`.
//! - `tick` sends what we play ourselves, from sounds that are encoded once.
//! - `report` sends the statistics by RTCP.
//! - `rtp_sender` gives everything that a peer is sent one source with one running sequence.
//! - `latch` refuses packets from any source but the peer.
//!
//! - `web` ends ICE and DTLS of browsers, which share one port.
//!
//! `plane` is the handle and `worker` the thread around it, with `sockets` and a `clock`.

#[cfg(test)]
mod attack_tests;
mod binding;
mod bridge;
#[cfg(test)]
mod bridge_tests;
mod bridges;
mod bridging;
mod clip;
mod clock;
mod dtmf;
#[cfg(test)]
mod duty_tests;
mod exchange;
mod frame;
mod g711;
mod gauges;
#[cfg(test)]
mod goertzel;
#[cfg(test)]
mod hold_tests;
mod jitter;
mod judge;
mod judging;
#[cfg(test)]
mod judging_tests;
mod latch;
mod lending;
mod lent;
mod library;
mod live;
#[cfg(test)]
mod live_tests;
mod mixer;
mod opus;
mod opus_ear;
mod orders;
mod packet;
mod plane;
mod player;
mod port_pairs;
mod refused;
mod relay;
mod report;
mod resample;
mod rtp_sender;
mod settings;
mod shortage;
mod slots;
mod sockets;
mod speaking;
mod srtp;
#[cfg(test)]
mod srtp_tests;
#[cfg(test)]
mod stage_tests;
mod stream;
mod tape;
#[cfg(test)]
mod tape_tests;
mod tick;
mod tone;
mod transcode;
mod web;
mod web_sockets;
mod worker;

pub use clip::Sound;
pub use exchange::{Exchange, Wire};
pub use gauges::PlaneGauges;
pub use library::Library;
pub use plane::Plane;
pub use port_pairs::PortPair;
pub use refused::MediaRefused;
pub use settings::PlaneSettings;
pub use tape::{Tape, TapeReader, Taped, tape};
pub use web::{Identity, Unusable, check};
