//! What a peer hears.

use serde::{Deserialize, Serialize};
use turno_media_plan::Audio;

/// What the media plane does for a leg besides its bridge, as far as it must be told again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sound {
    /// What is played to the peer.
    pub(crate) playing: Option<Audio>,
}
