//! What waits for an engine that stands still.

use std::collections::VecDeque;

use bytes::Bytes;
use turno_ground::{Flow, Transport};
use turno_media_plan::MediaEvent;
use turno_model::Command;

use crate::action::Standstill;

/// One thing that the engine is to be told.
#[derive(Debug)]
pub(crate) enum HeldInput {
    Datagram(Flow, Bytes),
    /// A connection is gone.
    Closed(Flow),
    Media(MediaEvent),
    Command(Command),
    /// The site was edited.
    Plan,
}

/// How many wait; of datagrams, sockets lose the rest.
const LETTERS_MAX: usize = 512;

/// Everything that waits, in order.
#[derive(Debug, Default)]
pub(crate) struct HeldInputs(VecDeque<HeldInput>);

impl HeldInputs {
    /// The media plane and those who command stand still with the process, and nothing of theirs is lost.
    pub(crate) fn take(&mut self, letter: HeldInput, what: Standstill) {
        let is_lost = match letter {
            HeldInput::Datagram(flow, _) if flow.transport == Transport::Udp => {
                what == Standstill::Machine || self.0.len() >= LETTERS_MAX
            }
            // A connection brings all of it later.
            HeldInput::Datagram(..) | HeldInput::Closed(_) => false,
            HeldInput::Media(_) | HeldInput::Command(_) | HeldInput::Plan => false,
        };
        if !is_lost {
            self.0.push_back(letter);
        }
    }

    /// All of them.
    pub(crate) fn all(self) -> VecDeque<HeldInput> {
        self.0
    }
}
