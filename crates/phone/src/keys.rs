//! A phone's SRTP settings.

use turno_media_plan::{KeyMint, SrtpPolicy, Suite};

/// Whether and how a phone encrypts.
#[derive(Debug)]
pub(crate) struct Keys {
    pub(crate) policy: SrtpPolicy,
    pub(crate) suites: Vec<Suite>,
    pub(crate) mint: KeyMint,
}
