//! The fuzz targets: one function each, which accepts any bytes and panics if a rule is broken.
//!
//! libFuzzer searches for bytes that make a target panic (`make fuzz`); the ordinary tests run the kept corpus, and
//! `replay` runs one file. Most targets test one parser: `wire`, `framing`, `uri`, `sdp`, `digest`, `rtp`,
//! `browsers`, `configuration`, `journal`, `procedure`, `mail`, `whatsapp`,
//! `websocket`. The last, `sequence`, reads its bytes as a small language: actions of agents, callers,
//! carriers and unknown sources against an engine over hours. It checks the engine's invariants, the rules of its
//! facts, and that nothing is left at the end.

mod browsers;
mod configuration;
mod digest;
mod framing;
mod journal;
mod mail;
mod procedure;
mod raw;
mod rtp;
mod sdp;
mod sequence;
mod uri;
mod websocket;
mod whatsapp;
mod wire;

pub use browsers::browsers;
pub use configuration::configuration;
pub use digest::digest;
pub use framing::framing;
pub use journal::journal;
pub use mail::mail;
pub use procedure::procedure;
pub use rtp::rtp;
pub use sdp::sdp;
pub use sequence::{sequence, tell};
pub use uri::uri;
pub use websocket::websocket;
pub use whatsapp::whatsapp;
pub use wire::wire;

/// A target: it accepts any bytes and panics if a rule is broken.
pub type Target = fn(&[u8]);

/// All targets by name; the corpus folder of a target has the same name.
pub const TARGETS: [(&str, Target); 14] = [
    ("wire", wire),
    ("framing", framing),
    ("uri", uri),
    ("sdp", sdp),
    ("digest", digest),
    ("rtp", rtp),
    ("browsers", browsers),
    ("configuration", configuration),
    ("journal", journal),
    ("procedure", procedure),
    ("mail", mail),
    ("whatsapp", whatsapp),
    ("websocket", websocket),
    ("sequence", sequence),
];
