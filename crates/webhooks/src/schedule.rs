//! When a delivery that failed is tried again, and when it is given up.

use core::time::Duration;

/// The pauses between the tries: about three days in all, as Standard Webhooks advises.
const PAUSES: [Duration; 10] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
    Duration::from_hours(14),
    Duration::from_hours(20),
    Duration::from_hours(24),
];

/// The longest pause that a receiver may ask for by `Retry-After`.
const ASKED_MAX: Duration = Duration::from_hours(24);

/// The pause after so many failures, at least what the receiver asked for; `None`: it is given up.
pub fn pause(failures: u32, asked: Option<Duration>) -> Option<Duration> {
    let at = usize::try_from(failures).ok()?.checked_sub(1)?;
    let pause = *PAUSES.get(at)?;
    Some(asked.map_or(pause, |asked| pause.max(asked.min(ASKED_MAX))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_after_about_three_days() {
        let all: Vec<Duration> = (1..).map_while(|failures| pause(failures, None)).collect();
        assert!(all.windows(2).all(|two| two[0] < two[1]));
        let whole: Duration = all.iter().sum();
        assert!((Duration::from_hours(72)..Duration::from_hours(80)).contains(&whole), "{whole:?}");
        assert_eq!(pause(0, None), None);
    }

    #[test]
    fn a_receiver_may_ask_for_a_longer_pause_but_not_for_ever() {
        let asked = |seconds| pause(1, Some(Duration::from_secs(seconds)));
        assert_eq!(asked(1), Some(Duration::from_secs(5)));
        assert_eq!(asked(120), Some(Duration::from_secs(120)));
        assert_eq!(asked(u64::MAX), Some(Duration::from_hours(24)));
    }
}
