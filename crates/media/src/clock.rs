//! The media thread's clock: the only place of this crate that reads one.

use std::time::{Instant, SystemTime};

use turno_ground::Moment;

/// Wall time at the start, carried on by a clock that never steps back.
pub(crate) struct Clock {
    started: Instant,
    base: Moment,
}

impl Clock {
    /// A clock that shows the wall's time now.
    #[expect(
        clippy::disallowed_methods,
        reason = "the media thread is a shell of its own: it paces voices by this clock"
    )]
    pub(crate) fn start() -> Self {
        let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self { started: Instant::now(), base: Moment::default() + since_epoch }
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
