//! Threads with names, which `top -H` and a panic's message show.

use std::thread::JoinHandle;

use crate::refusal::StartRefused;

/// A thread of turno's own.
///
/// # Errors
/// [`StartRefused::System`] where the system has none.
pub(crate) fn thread(
    name: &str,
    body: impl FnOnce() + Send + 'static,
) -> Result<JoinHandle<()>, StartRefused> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(body)
        .map_err(|error| StartRefused::System { what: "a thread", error })
}
