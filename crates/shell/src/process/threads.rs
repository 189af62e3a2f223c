//! Named threads; `top -H` and panic messages show the names.

use std::thread::JoinHandle;

use crate::refusal::StartRefused;

/// Starts a thread with this name.
///
/// # Errors
/// [`StartRefused::Thread`] if the system gives none.
pub(crate) fn thread<T: Send + 'static>(
    name: &'static str,
    body: impl FnOnce() -> T + Send + 'static,
) -> Result<JoinHandle<T>, StartRefused> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(body)
        .map_err(|error| StartRefused::Thread { name, error })
}
