//! The spans of the transaction timers, all derived from T1 (RFC 3261, table 4).

use core::time::Duration;

use turno_ground::Moment;

use crate::transaction::Timer;

/// Timers that only forget a transaction, and neither send nor report anything, are rounded up to multiples of this: a
/// call leaves half a dozen of them, and an idle process should not wake for each.
const FORGET_GRAIN: Duration = Duration::from_millis(250);

/// The RFC's default for T1.
pub(crate) const T1_DEFAULT: Duration = Duration::from_millis(500);

/// Spans that scale with T1, the estimated round-trip time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    t1: Duration,
}

impl Clock {
    /// Spans for a round-trip time of `t1`.
    pub(crate) const fn new(t1: Duration) -> Self {
        Self { t1 }
    }

    /// T1: the first interval before a retransmission.
    pub(crate) const fn t1(self) -> Duration {
        self.t1
    }

    /// T2: the longest interval between retransmissions; 4 s when T1 is 500 ms.
    pub(crate) fn t2(self) -> Duration {
        self.t1 * 8
    }

    /// T4: how long a message may stay in the network; 5 s when T1 is 500 ms.
    pub(crate) fn t4(self) -> Duration {
        self.t1 * 10
    }

    /// 64*T1: after this span a transaction is given up; 32 s when T1 is 500 ms.
    pub(crate) fn given_up(self) -> Duration {
        self.t1 * 64
    }

    /// The first span of `timer`.
    pub(crate) fn first(self, timer: Timer) -> Duration {
        match timer {
            Timer::A | Timer::E | Timer::G => self.t1,
            Timer::I | Timer::K => self.t4(),
            Timer::B
            | Timer::D
            | Timer::F
            | Timer::H
            | Timer::J
            | Timer::L
            | Timer::M
            | Timer::Unanswered => self.given_up(),
        }
    }

    /// When `timer` expires if it starts at `now`.
    pub(crate) fn due(self, timer: Timer, now: Moment) -> Moment {
        let at = now + self.first(timer);
        match timer {
            Timer::A | Timer::B | Timer::E | Timer::F | Timer::G | Timer::H => at,
            Timer::D | Timer::I | Timer::J | Timer::K | Timer::L | Timer::M | Timer::Unanswered => {
                Moment::from_micros(at.as_micros().next_multiple_of(FORGET_GRAIN.as_micros() as u64))
            }
        }
    }

    /// The span of `timer` after it ran for `last`: Timer A doubles without limit, E and G stop at T2.
    pub(crate) fn longer(self, timer: Timer, last: Duration) -> Duration {
        if timer == Timer::A { last * 2 } else { self.no_longer_than_t2(last * 2) }
    }

    /// `span`, at most T2: for a 2xx or a reliable provisional, which the user agent itself retransmits.
    pub(crate) fn no_longer_than_t2(self, span: Duration) -> Duration {
        span.min(self.t2())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spans_are_the_rfcs_and_shrink_with_t1() {
        // RFC 3261, table 4, with T1 of 500 ms.
        let clock = Clock::new(T1_DEFAULT);
        assert_eq!(clock.first(Timer::A), Duration::from_millis(500));
        assert_eq!((clock.t2(), clock.t4()), (Duration::from_secs(4), Duration::from_secs(5)));
        for timer in [Timer::B, Timer::D, Timer::F, Timer::H, Timer::J, Timer::L, Timer::M] {
            assert_eq!(clock.first(timer), Duration::from_secs(32), "{timer:?}");
        }
        assert_eq!(clock.longer(Timer::A, Duration::from_secs(8)), Duration::from_secs(16));
        assert_eq!(clock.longer(Timer::E, Duration::from_secs(4)), Duration::from_secs(4));
        assert_eq!(clock.due(Timer::B, Moment::from_micros(1)), Moment::from_micros(32_000_001));
        let near = Clock::new(Duration::from_millis(50));
        assert_eq!(near.given_up(), Duration::from_millis(3_200));
    }
    #[test]
    fn calls_that_are_over_are_forgotten_together_and_never_before_their_time() {
        // RFC 3261, 17.2.2: Timer J is a minimum. Separate deadlines would each wake an idle process.
        let clock = Clock::new(T1_DEFAULT);
        let due = |timer, millis: u64| clock.due(timer, Moment::from_micros(millis * 1_000));
        for timer in [Timer::D, Timer::I, Timer::J, Timer::K, Timer::L, Timer::M, Timer::Unanswered] {
            let (one, other) = (due(timer, 1), due(timer, 249));
            assert_eq!(one, other, "{timer:?}");
            assert!(other.since(Moment::from_micros(249_000)) >= clock.first(timer), "{timer:?}");
        }
    }
}
