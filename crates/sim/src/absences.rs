//! The times when the engine was killed or stood still, and how long each lasted.

use core::time::Duration;

use turno_ground::Moment;

/// All absences of the engine.
#[derive(Debug)]
pub(crate) struct Absences {
    spans: Vec<(Moment, Duration)>,
    /// When the last absence began, in the engine's time.
    since: Moment,
}

impl Absences {
    /// No absences yet.
    pub(crate) const fn new(begin: Moment) -> Self {
        Self { spans: Vec::new(), since: begin }
    }

    /// The engine stopped at `told`, in its own time.
    pub(crate) const fn begin(&mut self, told: Moment) {
        self.since = told;
    }

    /// The engine can't be reached for `span`.
    pub(crate) fn last(&mut self, now: Moment, span: Duration) {
        self.spans.push((now, span));
    }

    /// When the last absence began, in the engine's time.
    pub(crate) const fn since(&self) -> Moment {
        self.since
    }

    /// How long the last absence is.
    pub(crate) fn span(&self) -> Option<Duration> {
        self.spans.last().map(|(_, span)| *span)
    }

    /// Sum of the absences that began in the last `memory`.
    pub(crate) fn of_late(&self, now: Moment, memory: Duration) -> Duration {
        self.spans.iter().filter(|(at, _)| now.since(*at) < memory).map(|(_, span)| *span).sum()
    }

    /// Sum of the absences that were not over at `begin`.
    pub(crate) fn after(&self, begin: Moment) -> Duration {
        self.spans.iter().filter(|(at, span)| *at + *span >= begin).map(|(_, span)| *span).sum()
    }

    /// Whether an absence ended less than `within` ago.
    pub(crate) fn ended_within(&self, now: Moment, within: Duration) -> bool {
        self.spans.iter().any(|(at, span)| now.since(*at + *span) < within)
    }
}
