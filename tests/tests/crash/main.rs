//! A real turno with real calls, killed with SIGKILL: nothing may be lost or duplicated.

mod load;
mod voices;

#[expect(clippy::disallowed_types, reason = "tests of one binary wait for each other; nothing of turno does")]
mod turns {
    use std::sync::{Mutex, MutexGuard, PoisonError};

    /// Runs the tests one after the other: a machine that runs both at once causes gaps in voices.
    pub(crate) fn alone() -> MutexGuard<'static, ()> {
        static ALONE: Mutex<()> = Mutex::new(());
        ALONE.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
