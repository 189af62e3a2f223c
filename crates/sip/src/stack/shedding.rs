//! What is refused with 503 while there is more work than time: nothing is remembered of it, and its ACK finds nothing.

use core::time::Duration;

use crate::transaction::key::Key;

/// Which requests outside dialogs are refused now. Whatever belongs to a dialog or a transaction goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shedding {
    /// New calls.
    pub calls: bool,
    /// Everything else: registrations, OPTIONS and what strangers try.
    pub others: bool,
}

/// When to come back, in seconds: spread, so that those who were refused together don't come back together, and the
/// same for each copy of a request.
pub(crate) fn retry_after(key: Key, (least, most): (Duration, Duration)) -> u64 {
    let (least, most) = (least.as_secs(), most.as_secs());
    least + key.number() % (most.saturating_sub(least) + 1)
}
