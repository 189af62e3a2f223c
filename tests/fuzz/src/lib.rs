//! What hostile bytes may not do: one function for each target, to which any bytes may be given.
//!
//! Each panics when something is true that must never be. libFuzzer looks for bytes that do it (`make fuzz`); the
//! ordinary tests give them the kept corpus, and `replay` one file. Most are about one reader: `wire`, `framing`,
//! `uri`, `sdp`, `digest`, `rtp`, `configuration`, `journal`. The last, `sequence`, reads its bytes as a small language: what
//! agents, callers, carriers and strangers do to an engine over hours, with the engine's invariants, the rules of its
//! facts and an empty house at the end as the judge.

mod configuration;
mod digest;
mod framing;
mod journal;
mod raw;
mod rtp;
mod sdp;
mod sequence;
mod uri;
mod wire;

pub use configuration::configuration;
pub use digest::digest;
pub use framing::framing;
pub use journal::journal;
pub use rtp::rtp;
pub use sdp::sdp;
pub use sequence::{sequence, tell};
pub use uri::uri;
pub use wire::wire;

/// A target: bytes that may be anything go in, a panic says that a rule is broken.
pub type Target = fn(&[u8]);

/// Every target by its name, which is also that of its folder in the corpus.
pub const TARGETS: [(&str, Target); 9] = [
    ("wire", wire),
    ("framing", framing),
    ("uri", uri),
    ("sdp", sdp),
    ("digest", digest),
    ("rtp", rtp),
    ("configuration", configuration),
    ("journal", journal),
    ("sequence", sequence),
];
