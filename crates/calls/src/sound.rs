//! What a peer hears.

use serde::{Deserialize, Serialize};
use turno_media_plan::{Audio, StreamId};

/// What the media plane does for a leg, as far as it must be told again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sound {
    /// What is played to the peer.
    pub(crate) playing: Option<Audio>,
    /// Whose voice the peer hears where nothing is played.
    pub(crate) partner: Option<StreamId>,
}
