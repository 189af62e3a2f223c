//! Sounds from outside the library, such as messages, for the media plane.

use std::sync::Arc;

use turno_media_plan::SoundId;

use crate::clip::{Clip, End, Sound};
use crate::orders::Order;
use crate::plane::Plane;

impl Plane {
    /// Encodes a sound on the calling thread and keeps it until it is played, once, as
    /// [`turno_media_plan::Audio::Sound`]. False if the media thread does not keep up.
    pub fn lend(&self, id: SoundId, sound: &Sound) -> bool {
        let clip = Arc::new(Clip::new(sound, End::Silence));
        self.order(Order::Lend(id, clip), "a message is not heard")
    }
}
