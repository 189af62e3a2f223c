//! A media plane without media, which only checks ports and streams.

use std::collections::{BTreeMap, BTreeSet};

use turno_media_plan::{Direction, MediaCommand, MediaEvent, StreamId, StreamReport};

/// The streams that are open.
#[derive(Debug, Default)]
pub(crate) struct Plane {
    /// For each stream, turno's port, and whether the peer should send.
    streams: BTreeMap<StreamId, (u16, bool)>,
    known: BTreeSet<StreamId>,
    closed: Vec<StreamId>,
    reserved: Vec<u16>,
}

impl Plane {
    /// Carries out a command of the engine.
    ///
    /// # Panics
    /// If it opens a port that is taken.
    pub(crate) fn obey(&mut self, command: &MediaCommand) {
        match command {
            MediaCommand::Open { stream, local } => {
                let port = local.port();
                assert!(port.is_multiple_of(2), "RTP takes the even port: {local}");
                let is_free = self.streams.values().all(|(taken, _)| *taken != port);
                assert!(is_free, "{local} was opened twice");
                assert!(self.known.insert(*stream), "{stream:?} was opened twice");
                self.streams.insert(*stream, (port, false));
            }
            MediaCommand::OpenWeb { stream, .. } => {
                assert!(self.known.insert(*stream), "{stream:?} was opened twice");
                self.streams.insert(*stream, (0, false));
            }
            MediaCommand::Reserve { local } => self.reserved.push(local.port()),
            MediaCommand::Agree { stream, direction, .. } => {
                if let Some((_, is_missed)) = self.streams.get_mut(stream) {
                    *is_missed = matches!(direction, Direction::SendRecv | Direction::RecvOnly);
                }
            }
            MediaCommand::Close { stream } => {
                if self.streams.remove(stream).is_some() {
                    self.closed.push(*stream);
                }
            }
            MediaCommand::Secure { .. }
            | MediaCommand::Kept { .. }
            | MediaCommand::Bridge { .. }
            | MediaCommand::Play { .. }
            | MediaCommand::Hush { .. }
            | MediaCommand::Speak { .. }
            | MediaCommand::Judge { .. }
            | MediaCommand::Mix { .. }
            | MediaCommand::SendDigit { .. } => {}
        }
    }

    /// The next event: a reserved port, or the figures of a closed stream.
    pub(crate) fn told(&mut self) -> Option<MediaEvent> {
        if let Some(port) = self.reserved.pop() {
            return Some(MediaEvent::Reserved { port });
        }
        let stream = self.closed.pop()?;
        Some(MediaEvent::Closed { stream, report: StreamReport::default() })
    }

    /// Every open stream.
    pub(crate) fn open(&self) -> Vec<StreamId> {
        self.streams.keys().copied().collect()
    }

    /// The open streams whose peers should send, so that their silence is noticed.
    pub(crate) fn missed(&self) -> Vec<StreamId> {
        self.streams.iter().filter(|(_, (_, is_missed))| *is_missed).map(|(stream, _)| *stream).collect()
    }
}
