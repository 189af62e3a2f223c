//! The media thread's clock: the only file of this crate that reads one.

use std::time::{Instant, SystemTime};

use turno_ground::Moment;

/// Wall-clock time at the start, continued by a monotonic clock.
pub(crate) struct Clock {
    started: Instant,
    base: Moment,
}

impl Clock {
    /// A clock that starts at the present wall-clock time.
    #[expect(
        clippy::disallowed_methods,
        reason = "the media thread is a shell of its own: it paces voices by this clock"
    )]
    pub(crate) fn start() -> Self {
        let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self { started: Instant::now(), base: Moment::default() + since_epoch }
    }

    /// The same time on both clocks, for what counts in instants.
    pub(crate) const fn same(&self) -> (Instant, Moment) {
        (self.started, self.base)
    }

    /// The time now.
    #[expect(
        clippy::disallowed_methods,
        reason = "the media thread is a shell of its own: it paces voices by this clock"
    )]
    pub(crate) fn now(&self) -> Moment {
        self.base + Instant::now().duration_since(self.started)
    }
}
