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

/// How our tag in a refusal begins that nobody remembers: by this alone its ACK is known. No tag of a call has a hyphen.
const TURNED_AWAY: &[u8] = b"turned-away-";

/// Whether a To is the one of a refusal that nobody remembers.
pub fn is_turned_away(to: &[u8]) -> bool {
    memchr::memmem::find(to, b";tag=").is_some_and(|at| to[at + 5..].starts_with(TURNED_AWAY))
}

/// Our tag in the refusal of the request that `key` belongs to.
pub(crate) fn turned_away_tag(key: Key) -> String {
    let mut tag = String::from_utf8_lossy(TURNED_AWAY).into_owned();
    tag.push_str(&key.tag());
    tag
}

/// When to come back, in seconds: spread, so that those who were refused together don't come back together, and the
/// same for each copy of a request.
pub(crate) fn retry_after(key: Key, (least, most): (Duration, Duration)) -> u64 {
    let (least, most) = (least.as_secs(), most.as_secs());
    least + key.number() % (most.saturating_sub(least) + 1)
}
