//! The recorder's side of the media plane: the tape that it reads, and the messages that it lends.

use std::sync::Arc;

use turno_media_plan::SoundId;

use crate::clip::{Clip, End, Sound};
use crate::orders::Order;
use crate::plane::Plane;
use crate::tape::Tape;

impl Plane {
    /// Puts what recorders hear on this tape from now on.
    pub fn record_to(&self, tape: Tape) {
        self.order(Order::Record(tape), "nothing is recorded");
    }

    /// Encodes a sound on the calling thread and keeps it until it is played, once, as
    /// [`turno_media_plan::Audio::Sound`]. False if the media thread does not keep up.
    pub fn lend(&self, id: SoundId, sound: &Sound) -> bool {
        let clip = Arc::new(Clip::new(sound, End::Silence));
        self.order(Order::Lend(id, clip), "a message is not heard")
    }
}
