//! Sounds that were lent to the media plane and wait to be played once.

use std::collections::VecDeque;
use std::sync::Arc;

use turno_media_plan::SoundId;

use crate::clip::Clip;

/// Most sounds that wait. Each is played in the moment in which it comes, unless the agent has just left; three minutes take 4.3 MB.
const LENT_MAX: usize = 32;

/// The sounds, in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Lent(VecDeque<(SoundId, Arc<Clip>)>);

impl Lent {
    /// Puts a sound, in place of an earlier one of its number. The oldest goes if there are too many.
    pub(crate) fn put(&mut self, sound: SoundId, clip: Arc<Clip>) {
        self.0.retain(|(known, _)| *known != sound);
        if self.0.len() == LENT_MAX {
            self.0.pop_front();
        }
        self.0.push_back((sound, clip));
    }

    /// Takes a sound.
    pub(crate) fn take(&mut self, sound: SoundId) -> Option<Arc<Clip>> {
        let at = self.0.iter().position(|(known, _)| *known == sound)?;
        self.0.remove(at).map(|(_, clip)| clip)
    }
}
