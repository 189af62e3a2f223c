//! A rest of the engine's thread while another turno reads the journal: everything stays as it is, nothing leaves.

use std::sync::mpsc::RecvTimeoutError;

use core::time::Duration;

use turno_ground::Moment;

use crate::engine_thread::inbox::Verdict;
use crate::engine_thread::{Ending, EngineThread};

/// How long what was taken in may take to be finished before the rest.
pub(super) const FINISH_SPAN_MAX: Duration = Duration::from_secs(1);

/// How long the disk's thread may take for what it was asked.
const DISK_SPAN_MAX: Duration = Duration::from_secs(1);

/// How often a thread that rests gives a sign of life.
const BEAT_INTERVAL: Duration = Duration::from_millis(500);

impl EngineThread {
    /// Rests if that is asked for and what was taken in is finished. True if there has been a rest: what came meanwhile
    /// waits.
    pub(super) fn rest_if_quiet(&mut self, more: bool, now: Moment) -> bool {
        let Some((pause, latest)) = self.progress.pause.take() else { return false };
        if more && now < latest {
            self.progress.pause = Some((pause, latest));
            return true;
        }
        self.flush_journal();
        self.wake_media();
        self.hand_over();
        let is_kept = self.journal.as_mut().is_some_and(|it| it.is_kept() && it.rests(DISK_SPAN_MAX));
        if pause.quiet.send(is_kept && self.progress.held.is_empty() && !more).is_err() {
            return true;
        }
        loop {
            match pause.verdict.recv_timeout(BEAT_INTERVAL) {
                Ok(Verdict::End) => {
                    self.progress.ending = Ending::HandedOver;
                    break;
                }
                Ok(Verdict::GoOn) | Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => self.pulse.beat(self.clock.now()),
            }
        }
        // What came meanwhile has waited since the rest began, not since the sockets were last empty.
        let now = self.clock.now();
        self.intake.sockets.iter_mut().for_each(|socket| *socket = (true, now));
        self.intake.inbox_empty_at = now;
        true
    }
}
