//! Inputs that wait for an engine that stands still.

use std::collections::VecDeque;

use bytes::Bytes;
use turno_engine::RecordingEvent;
use turno_ground::{Flow, Transport};
use turno_media_plan::MediaEvent;
use turno_model::{AgentId, Asker, Command};

use crate::action::Standstill;

/// One input for the engine.
#[derive(Debug)]
pub(crate) enum HeldInput {
    Datagram(Flow, Bytes),
    /// A connection is gone.
    Closed(Flow),
    /// A page's person is signed in, or no more.
    Session(Flow, Option<AgentId>),
    Media(MediaEvent),
    Recording(RecordingEvent),
    Command(Asker, Command),
    /// The site was edited.
    Plan,
}

/// How many inputs wait at most; sockets drop datagrams beyond that.
const HELD_INPUTS_MAX: usize = 512;

/// All waiting inputs, in order.
#[derive(Debug, Default)]
pub(crate) struct HeldInputs(VecDeque<HeldInput>);

impl HeldInputs {
    /// The media plane and the askers of commands stand still with the process, so their inputs are not lost.
    pub(crate) fn take(&mut self, held_input: HeldInput, what: Standstill) {
        let is_lost = match held_input {
            HeldInput::Datagram(flow, _) if flow.transport == Transport::Udp => {
                what == Standstill::Machine || self.0.len() >= HELD_INPUTS_MAX
            }
            // A connection delivers everything later.
            HeldInput::Datagram(..) | HeldInput::Closed(_) | HeldInput::Session(..) => false,
            HeldInput::Media(_) | HeldInput::Recording(_) | HeldInput::Command(..) | HeldInput::Plan => false,
        };
        if !is_lost {
            self.0.push_back(held_input);
        }
    }

    /// All of them.
    pub(crate) fn all(self) -> VecDeque<HeldInput> {
        self.0
    }
}
