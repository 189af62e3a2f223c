//! The whole minutes in which a wait is told.

use core::time::Duration;

/// The longest wait that is told in minutes; a longer one is told as more than two hours.
pub const TOLD_MINUTES_MAX: u32 = 120;

/// Waits of more minutes than this are told in steps of five minutes.
const SINGLE_MINUTES_MAX: u32 = 15;

/// The whole minutes in which a wait is told: rounded up, and above 15 minutes up to a multiple of five. `None` is a
/// wait of less than a minute; each wait longer than [`TOLD_MINUTES_MAX`] gives one minute more than that.
///
/// Two waits are told by the same sentence if this is the same for both.
pub fn told_minutes(wait: Duration) -> Option<u32> {
    let seconds = wait.as_secs();
    if seconds < 60 {
        return None;
    }
    let minutes = u32::try_from(seconds.div_ceil(60)).unwrap_or(u32::MAX);
    let told = if minutes <= SINGLE_MINUTES_MAX { minutes } else { minutes.div_ceil(5).saturating_mul(5) };
    Some(told.min(TOLD_MINUTES_MAX + 1))
}
