//! When the engine was gone or stood still, and for how long.

use core::time::Duration;

use turno_ground::Moment;

/// Every absence of the engine.
#[derive(Debug)]
pub(crate) struct Absences {
    spans: Vec<(Moment, Duration)>,
    /// By the engine's time, when the last of them began.
    since: Moment,
}

impl Absences {
    /// None up to now.
    pub(crate) const fn new(begin: Moment) -> Self {
        Self { spans: Vec::new(), since: begin }
    }

    /// By its own time, the engine has stopped.
    pub(crate) const fn begin(&mut self, told: Moment) {
        self.since = told;
    }

    /// Nobody finds it for so long.
    pub(crate) fn last(&mut self, now: Moment, span: Duration) {
        self.spans.push((now, span));
    }

    /// By the engine's time, when the last one began.
    pub(crate) const fn since(&self) -> Moment {
        self.since
    }

    /// How long the last one is.
    pub(crate) fn span(&self) -> Option<Duration> {
        self.spans.last().map(|(_, span)| *span)
    }

    /// How long those were together that began in the last `memory`.
    pub(crate) fn of_late(&self, now: Moment, memory: Duration) -> Duration {
        self.spans.iter().filter(|(at, _)| now.since(*at) < memory).map(|(_, span)| *span).sum()
    }

    /// How long those were together that were not over at `begin`.
    pub(crate) fn after(&self, begin: Moment) -> Duration {
        self.spans.iter().filter(|(at, span)| *at + *span >= begin).map(|(_, span)| *span).sum()
    }

    /// Whether one was over less than `span` ago.
    pub(crate) fn ended_within(&self, now: Moment, within: Duration) -> bool {
        self.spans.iter().any(|(at, span)| now.since(*at + *span) < within)
    }
}
