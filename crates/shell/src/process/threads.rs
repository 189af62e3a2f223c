//! Threads with names, which `top -H` and a panic's message show.

use std::thread::JoinHandle;

use crate::refusal::StartRefused;

/// A thread of turno's own.
///
/// # Errors
/// [`StartRefused::Thread`] where the system has none.
pub(crate) fn thread(
    name: &'static str,
    body: impl FnOnce() + Send + 'static,
) -> Result<JoinHandle<()>, StartRefused> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(body)
        .map_err(|error| StartRefused::Thread { name, error })
}
