//! The media plane as the engine's thread sees it: commands out, events back as letters.

use turno_media_plan::MediaCommand;
use turno_model::Plan;

use crate::inbox::Inbox;
use crate::refusal::StartRefused;

/// The running media plane.
pub(crate) struct Voices;

impl Voices {
    /// Loads prompts and music, and starts the media threads.
    ///
    /// # Errors
    /// [`StartRefused::Media`] when a prompt or the music can't be read.
    pub(crate) fn start(plan: &Plan, inbox: &Inbox) -> Result<Self, StartRefused> {
        let _ = (plan, inbox);
        Ok(Self)
    }

    /// Hands one command over; never waits.
    pub(crate) fn send(&mut self, command: MediaCommand) {
        let _ = command;
    }
}
