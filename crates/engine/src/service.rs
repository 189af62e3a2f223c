//! Whether new calls are taken, and when the process may end.

use core::time::Duration;

use turno_ground::Moment;

/// How long the last BYEs may take to be answered before the process ends.
const STOP_SPAN: Duration = Duration::from_millis(500);

/// How long the same may take after a drain, which is in no hurry: a lost BYE is repeated three times meanwhile.
const LAST_WORDS_SPAN: Duration = Duration::from_secs(4);

/// How far the service has come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ServiceState {
    /// New calls are taken.
    Open,
    /// New calls are not taken; the process ends when the last call ends.
    Draining,
    /// The last call has ended; the peers answer our last messages.
    LastWords,
    /// Every call was ended; the last messages are on their way.
    Stopping,
    /// The shell has been told.
    Stopped,
}

/// Whether new calls are taken, and when the process may end.
#[derive(Debug)]
pub(crate) struct Service {
    stage: ServiceState,
    /// When the last messages have had their time to be answered.
    over_at: Option<Moment>,
}

impl Service {
    /// New calls are taken.
    pub(crate) const fn open() -> Self {
        Self { stage: ServiceState::Open, over_at: None }
    }

    /// No new calls from now on; the process ends after the last call.
    pub(crate) const fn drain(&mut self) {
        self.stage = ServiceState::Draining;
    }

    /// All calls are to end now. False if that was said before.
    pub(crate) fn stop(&mut self) -> bool {
        let is_new = !matches!(self.stage, ServiceState::Stopping | ServiceState::Stopped);
        if is_new {
            self.stage = ServiceState::Stopping;
        }
        is_new
    }

    /// The last messages of a stop are on their way.
    pub(crate) fn waits_for_answers(&mut self, now: Moment) {
        self.over_at = Some(now + STOP_SPAN);
    }

    /// The last call of a drain has ended, and its last messages are on their way.
    pub(crate) fn begin_last_words(&mut self, now: Moment) {
        self.stage = ServiceState::LastWords;
        self.over_at = Some(now + LAST_WORDS_SPAN);
    }

    /// The process may end. True the first time.
    pub(crate) fn end(&mut self) -> bool {
        let is_new = self.stage != ServiceState::Stopped;
        self.stage = ServiceState::Stopped;
        is_new
    }

    /// The earliest deadline.
    pub(crate) const fn next_deadline(&self) -> Option<Moment> {
        self.over_at
    }

    /// Whether the last messages have had their time; true once.
    pub(crate) fn pop_due(&mut self, now: Moment) -> bool {
        self.over_at.take_if(|at| *at <= now).is_some()
    }

    /// Whether new calls are taken.
    pub(crate) fn is_open(&self) -> bool {
        self.stage == ServiceState::Open
    }

    /// Whether the process ends after the last call.
    pub(crate) fn is_draining(&self) -> bool {
        self.stage == ServiceState::Draining
    }

    /// Whether calls go on, and those who talk may begin others.
    pub(crate) const fn takes_calls(&self) -> bool {
        matches!(self.stage, ServiceState::Open | ServiceState::Draining)
    }

    /// Whether nothing but the answers to our last messages is waited for.
    pub(crate) const fn is_ending(&self) -> bool {
        matches!(self.stage, ServiceState::LastWords | ServiceState::Stopping)
    }
}
