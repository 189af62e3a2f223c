//! Named threads; `top -H` and panic messages show the names.

use std::thread::JoinHandle;

use crate::refusal::StartRefused;

/// Starts a thread with this name.
///
/// # Errors
/// [`StartRefused::Thread`] if the system gives none.
pub(crate) fn thread(
    name: &'static str,
    body: impl FnOnce() + Send + 'static,
) -> Result<JoinHandle<()>, StartRefused> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(body)
        .map_err(|error| StartRefused::Thread { name, error })
}
