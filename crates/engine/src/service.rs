//! Whether new calls are accepted, and when the process may end.

use core::time::Duration;

use turno_ground::Moment;

/// How long the process waits for responses to its last BYEs before it stops.
const STOP_SPAN: Duration = Duration::from_millis(500);

/// The same after a drain, which is in no hurry: a lost BYE is retransmitted three times meanwhile.
const LAST_WORDS_SPAN: Duration = Duration::from_secs(4);

/// States of the service, from open to stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ServiceState {
    /// New calls are accepted.
    Open,
    /// New calls are refused; the process ends when the last call ends.
    Draining,
    /// The last call of a drain has ended; the responses to our last messages are awaited.
    LastWords,
    /// All calls were ended by a stop; the responses to our last messages are awaited.
    Stopping,
    /// The shell was told that the process may end.
    Stopped,
}

/// The service and its end.
#[derive(Debug)]
pub(crate) struct Service {
    stage: ServiceState,
    /// When to stop waiting for the last responses.
    over_at: Option<Moment>,
}

impl Service {
    /// An open service.
    pub(crate) const fn open() -> Self {
        Self { stage: ServiceState::Open, over_at: None }
    }

    /// Refuses new calls from now on; the process ends after the last call.
    pub(crate) const fn drain(&mut self) {
        self.stage = ServiceState::Draining;
    }

    /// Ends all calls now. False if that was asked before.
    pub(crate) fn stop(&mut self) -> bool {
        let is_new = !matches!(self.stage, ServiceState::Stopping | ServiceState::Stopped);
        if is_new {
            self.stage = ServiceState::Stopping;
        }
        is_new
    }

    /// The last messages of a stop were sent.
    pub(crate) fn waits_for_answers(&mut self, now: Moment) {
        self.over_at = Some(now + STOP_SPAN);
    }

    /// The last call of a drain has ended, and its last messages were sent.
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

    /// Whether the wait for the last responses is over; true once.
    pub(crate) fn pop_due(&mut self, now: Moment) -> bool {
        self.over_at.take_if(|at| *at <= now).is_some()
    }

    /// Whether new calls are accepted.
    pub(crate) fn is_open(&self) -> bool {
        self.stage == ServiceState::Open
    }

    /// Whether the process ends after the last call.
    pub(crate) fn is_draining(&self) -> bool {
        self.stage == ServiceState::Draining
    }

    /// Whether calls go on, and people in a call may begin others.
    pub(crate) const fn takes_calls(&self) -> bool {
        matches!(self.stage, ServiceState::Open | ServiceState::Draining)
    }

    /// Whether only the responses to our last messages are awaited.
    pub(crate) const fn is_ending(&self) -> bool {
        matches!(self.stage, ServiceState::LastWords | ServiceState::Stopping)
    }
}
