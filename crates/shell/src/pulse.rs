//! The engine thread's sign of life, for whoever asks after its health.

use core::time::Duration;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use turno_ground::Moment;

/// An engine that has given no sign for so long is stuck: it gives one every second.
const SILENCE_SPAN_MAX: Duration = Duration::from_secs(5);

/// When the engine's thread last came round; cheap to clone.
#[derive(Clone)]
pub(crate) struct Pulse(Arc<AtomicU64>);

impl Pulse {
    /// Beaten once, at `now`.
    pub(crate) fn new(now: Moment) -> Self {
        Self(Arc::new(AtomicU64::new(now.as_micros())))
    }

    /// The thread is here.
    pub(crate) fn beat(&self, now: Moment) {
        self.0.store(now.as_micros(), Ordering::Relaxed);
    }

    /// Whether the thread has been here lately.
    pub(crate) fn is_alive(&self, now: Moment) -> bool {
        now.since(Moment::from_micros(self.0.load(Ordering::Relaxed))) <= SILENCE_SPAN_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_that_stands_still_is_no_longer_healthy() {
        let pulse = Pulse::new(Moment::from_secs(100));
        assert!(pulse.is_alive(Moment::from_secs(105)));
        assert!(!pulse.is_alive(Moment::from_secs(106)));
        pulse.beat(Moment::from_secs(106));
        assert!(pulse.is_alive(Moment::from_secs(107)));
    }
}
