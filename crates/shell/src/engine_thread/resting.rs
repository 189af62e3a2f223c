//! Pauses the engine thread while another turno process reads the journal: nothing changes and nothing is sent.

use std::sync::mpsc::RecvTimeoutError;

use core::time::Duration;

use turno_ground::Moment;

use crate::engine_thread::inbox::Verdict;
use crate::engine_thread::{Ending, EngineThread};

/// How long the thread may take to handle what was received before the pause.
pub(super) const FINISH_SPAN_MAX: Duration = Duration::from_secs(1);

/// How long the disk thread may take for its orders.
const DISK_SPAN_MAX: Duration = Duration::from_secs(1);

/// How often a paused thread gives a sign of life.
const BEAT_INTERVAL: Duration = Duration::from_millis(500);

impl EngineThread {
    /// Pauses if this was requested and everything received is handled. True if there was a pause: messages may have
    /// arrived meanwhile.
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
                Err(RecvTimeoutError::Timeout) => self.watchdog.beat(self.clock.now()),
            }
        }
        // Messages that came meanwhile have waited since the pause began, not since the sockets were last empty.
        let now = self.clock.now();
        self.receive_queue.sockets.iter_mut().for_each(|socket| *socket = (true, now));
        self.receive_queue.inbox_empty_at = now;
        true
    }
}
