//! Everything that can happen to the engine.

use turno_ground::{Datagram, Flow};
use turno_media_plan::MediaEvent;
use turno_model::{Asker, Command};

/// One thing that happened in the world.
#[derive(Debug)]
pub enum Input<'a> {
    /// Only time has passed: a deadline told by [`crate::Output::Idle`] may be due.
    Wake,
    /// A SIP message arrived (for UDP: one packet).
    Datagram(Datagram<'a>),
    /// A stream was closed, or could not be opened.
    FlowClosed(Flow),
    /// The media plane noticed something.
    Media(MediaEvent),
    /// Somebody asks for something; `u64` comes back in [`crate::Reply`].
    Command(u64, Asker, Command),
}
