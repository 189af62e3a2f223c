//! Inputs of the engine.

use turno_ground::{Datagram, Flow};
use turno_media_plan::MediaEvent;
use turno_model::{AgentId, Asker, Command, Why};

use crate::recording_order::RecordingEvent;

/// One input of the engine.
#[derive(Debug)]
pub enum Input<'a> {
    /// Only time has passed: a deadline given in [`crate::Output::Idle`] may be due.
    Wake,
    /// A SIP message; by UDP, one packet.
    Datagram(Datagram<'a>),
    /// A stream was closed, or could not be opened.
    FlowClosed(Flow),
    /// A connection whose person has signed in as this agent: it comes before what the connection says.
    SignedIn(Flow, AgentId),
    /// The session of that person has ended; the connection goes on.
    SignedOut(Flow),
    /// An event from the media plane.
    Media(MediaEvent),
    /// A command, and the reason that a person gave for it. The `u64` comes back in [`crate::Reply`].
    Command(u64, Asker, Command, Why),
    /// An answer of the recorder.
    Recording(RecordingEvent),
}
