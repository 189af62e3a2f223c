//! What a phone knows of SRTP.

use turno_media_plan::{KeyMint, SrtpPolicy, Suite};

/// Whether it encrypts, and how.
#[derive(Debug)]
pub(crate) struct Keys {
    pub(crate) policy: SrtpPolicy,
    pub(crate) suites: Vec<Suite>,
    pub(crate) mint: KeyMint,
}
