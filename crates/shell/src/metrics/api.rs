//! Metrics of the HTTP API: what was answered, and who was cut.

use prometheus::{IntCounter, IntCounterVec, Registry};
use turno_api::Counted;

use crate::metrics::{counter, counters};

/// Classes of answers, by the first digit of the status.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The metrics, updated by the API.
pub(crate) struct ApiMeters {
    answered: IntCounterVec,
    slow: IntCounter,
}

impl ApiMeters {
    /// Registers the metrics.
    pub(crate) fn new(registry: &Registry) -> Self {
        let answered = counters(
            registry,
            "turno_api_requests_total",
            "Requests to the HTTP API that were answered, by the class of the status.",
            &["status"],
        );
        CLASSES.iter().for_each(|class| drop(answered.with_label_values(&[class])));
        let slow = counter(
            registry,
            "turno_api_slow_readers_total",
            "Readers of events that took nothing for 30 s and were cut. They may go on after their cursor.",
        );
        Self { answered, slow }
    }

    /// Counts something.
    pub(crate) fn count(&self, what: Counted) {
        match what {
            Counted::Answered(status) => {
                let class = usize::from(status / 100).saturating_sub(1);
                if let Some(class) = CLASSES.get(class) {
                    self.answered.with_label_values(&[class]).inc();
                }
            }
            Counted::SlowReader => self.slow.inc(),
        }
    }
}
