//! Voices, twenty milliseconds at a time.
//!
//! The [`Plane`] runs a thread of its own: [`turno_media_plan::MediaCommand`]s go in and never wait,
//! [`turno_media_plan::MediaEvent`]s come out through the callback that it was started with.
//!
//! `exchange` is the whole machine, without sockets and clocks: packets, commands and the time go in, packets and
//! events come out. It holds a `stream` for each peer and does three things. What a peer says it passes to the
//! other members of its `bridge`: where these are one, by `relay`, rewritten in place while the codecs agree, through
//! `transcode` while they don't or a tone is mixed in; where they are more, as a mix. Recorders get each voice apart
//! through a `tape`. What we play ourselves it sends from one tick (`tick`), from sounds that were encoded once. What it
//! counted it reports by RTCP (`report`). Whatever a peer is sent, it comes from one source with one running sequence
//! (`identity`), and whoever is no peer is not listened to (`latch`).
//!
//! `plane` is the thread around it, with `sockets` and a `clock`.

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
mod latch;
mod library;
mod mixer;
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
#[cfg(test)]
mod shielded_tests;
mod shortage;
mod slots;
mod sockets;
mod srtp;
#[cfg(test)]
mod stage_tests;
mod stream;
mod tape;
#[cfg(test)]
mod tape_tests;
mod tick;
mod tone;
mod transcode;

pub use clip::Sound;
pub use exchange::{Exchange, Wire};
pub use gauges::PlaneGauges;
pub use library::Library;
pub use plane::Plane;
pub use port_pairs::PortPair;
pub use refused::MediaRefused;
pub use settings::PlaneSettings;
pub use tape::{Tape, TapeReader, Taped, tape};
