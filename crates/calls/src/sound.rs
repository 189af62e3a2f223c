//! What a peer hears besides the bridge.

use serde::{Deserialize, Serialize};
use turno_media_plan::Audio;

/// Playback to a leg, kept so that it can be restarted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sound {
    /// What plays to the peer.
    pub(crate) playing: Option<Audio>,
    /// Whether others hear the peer live.
    #[serde(default)]
    pub(crate) speaks: bool,
}
