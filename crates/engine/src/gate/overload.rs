//! Overload control, driven only by how long messages wait unread.
//!
//! Neither one slow step nor a short burst is overload, so the delay is smoothed while it grows. The cheapest work is
//! refused first: strangers and registrations, then new calls, then registered phones if nothing else has helped. Each
//! level ends at half the delay at which it begins, so that it does not oscillate. The average can't bound the wait of
//! a single call, but its age can: while more arrives than can be handled, a call that waited for more than half the
//! longest delay is refused, so accepted calls have hardly waited.

use core::time::Duration;

use turno_ground::Moment;

use crate::gate::rate_limit::bucket::Bucket;

/// Smoothing span while the delay grows: a burst is no overload.
const RISING_SPAN: Duration = Duration::from_millis(100);

/// Smoothing span while the delay falls: free capacity should be used at once.
const FALLING_SPAN: Duration = Duration::from_millis(25);

/// Refusals a second that are always sent, under any load.
const REFUSALS_PER_SECOND_MAX: u32 = 2_000;

/// Extra refusals that each accepted call allows. A refusal costs a thirtieth of a call, so even in the worst storm
/// most of the time goes to calls, not to refusals. A sender without an answer retransmits.
const REFUSALS_PER_CALL_MAX: u32 = 20;

/// Cap on extra refusals saved from accepted calls.
const SPARE_REFUSALS_MAX: u32 = 4_000;

/// Cap on one sample's weight in the smoothed delay: after a pause, a single late message proves little.
const ONE_MESSAGE_SPAN_MAX: Duration = Duration::from_millis(25);

/// How long nothing is refused after the start. Messages that gathered while the engine was down, as after a crash, are
/// handled, not refused for their age.
const BEGINNING_SPAN: Duration = Duration::from_secs(2);

/// When a sender without an answer retransmits for the first time by UDP (RFC 3261, 17.1.1.2: T1).
const FIRST_COPY_SPAN: Duration = Duration::from_millis(500);

/// Load level: which messages are refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Load {
    /// Nothing is refused.
    #[default]
    Calm,
    /// From half the longest delay: refuses registrations of unregistered phones, all requests of strangers, and new
    /// calls that themselves waited for more than half the longest delay.
    Busy,
    /// From the longest delay: refuses all new calls.
    Over,
    /// From four times the longest delay: refuses registered phones and trunks too, except inside calls.
    Drowning,
}

/// Overload figures for the metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OverloadSeen {
    /// Load level now.
    pub load: Load,
    /// Smoothed time that messages wait unread.
    pub delay: Duration,
    /// How often refusal of new calls began.
    pub episodes: u64,
    /// New calls refused, retransmissions included.
    pub calls: u64,
    /// Other requests refused, retransmissions included.
    pub others: u64,
    /// Messages dropped because there was no time even to refuse them.
    pub unanswered: u64,
}

/// The smoothed delay and the load level that follows from it.
#[derive(Debug)]
pub(crate) struct Overload {
    delay_max: Option<Duration>,
    begun_at: Moment,
    smoothed: Duration,
    at: Moment,
    load: Load,
    /// How long the current message waited.
    age: Duration,
    is_episode: bool,
    episodes: u64,
    refusals: Bucket,
    /// Refusals allowed by accepted calls and not used yet.
    spare_refusals: u32,
    unanswered: u64,
    /// Refused calls that no fact has reported yet.
    untold: u32,
}

impl Load {
    const ALL: [Self; 4] = [Self::Calm, Self::Busy, Self::Over, Self::Drowning];

    /// The smoothed delay at which this level begins.
    fn entry(self, delay_max: Duration) -> Duration {
        match self {
            Self::Calm => Duration::ZERO,
            Self::Busy => delay_max / 2,
            Self::Over => delay_max,
            Self::Drowning => delay_max * 4,
        }
    }

    /// The level that follows from a new smoothed delay.
    #[must_use]
    pub(crate) fn after(self, delay: Duration, delay_max: Duration) -> Self {
        let holds = |level: &&Self| {
            let entry = level.entry(delay_max);
            delay >= if **level <= self { entry / 2 } else { entry }
        };
        Self::ALL.iter().rev().find(holds).copied().unwrap_or_default()
    }
}

impl Overload {
    /// Nothing measured yet. Without `delay_max` nothing is ever refused.
    pub(crate) fn new(delay_max: Option<Duration>, now: Moment) -> Self {
        Self {
            delay_max,
            begun_at: now,
            smoothed: Duration::ZERO,
            at: now,
            load: Load::Calm,
            age: Duration::ZERO,
            is_episode: false,
            episodes: 0,
            refusals: Bucket::full(REFUSALS_PER_SECOND_MAX, now),
            spare_refusals: 0,
            unanswered: 0,
            untold: 0,
        }
    }

    /// Sets the longest delay.
    pub(crate) const fn configure(&mut self, delay_max: Option<Duration>) {
        self.delay_max = delay_max;
    }

    /// The current message waited unread for `span`.
    pub(crate) fn waited(&mut self, span: Duration, now: Moment) {
        if now.since(self.begun_at) < BEGINNING_SPAN {
            self.at = now;
            return;
        }
        self.age = span;
        let passed = now.since(self.at).min(ONE_MESSAGE_SPAN_MAX);
        self.smooth(span, passed, now);
    }

    /// No message waited since the last call.
    pub(crate) fn idle(&mut self, now: Moment) {
        self.age = Duration::ZERO;
        if !self.smoothed.is_zero() {
            self.smooth(Duration::ZERO, now.since(self.at), now);
        }
    }

    fn smooth(&mut self, span: Duration, passed: Duration, now: Moment) {
        self.at = now;
        let Some(delay_max) = self.delay_max else { return };
        let whole = if span < self.smoothed { FALLING_SPAN } else { RISING_SPAN };
        let whole = u64::try_from(whole.as_micros()).unwrap_or(1);
        let part = u64::try_from(passed.as_micros()).unwrap_or(u64::MAX).min(whole);
        let micros = |span: Duration| u64::try_from(span.as_micros()).unwrap_or(u64::MAX);
        let mixed = u128::from(micros(self.smoothed)) * u128::from(whole - part)
            + u128::from(micros(span)) * u128::from(part);
        self.smoothed = Duration::from_micros(u64::try_from(mixed / u128::from(whole)).unwrap_or(u64::MAX));
        self.load = self.load.after(self.smoothed, delay_max);
        self.is_episode &= self.load != Load::Calm;
    }

    /// Whether the current new call must be refused.
    pub(crate) fn is_too_late(&self) -> bool {
        let is_old = self.delay_max.is_some_and(|most| self.age > most / 2);
        self.load >= Load::Over || (self.load >= Load::Busy && is_old)
    }

    /// A new call is accepted and allows further refusals.
    pub(crate) fn takes_call(&mut self) {
        self.spare_refusals = (self.spare_refusals + REFUSALS_PER_CALL_MAX).min(SPARE_REFUSALS_MAX);
    }

    /// A new call is refused. True if there is time to send the refusal; if not, the call is dropped.
    pub(crate) fn refuses_call(&mut self, comes_again: bool, now: Moment) -> bool {
        self.episodes += u64::from(!self.is_episode);
        self.is_episode = true;
        let has_time = self.refuses_aloud(comes_again, now);
        self.untold += u32::from(has_time);
        has_time
    }

    /// Whether refused calls are still to be reported in a fact.
    pub(crate) const fn has_untold(&self) -> bool {
        self.untold > 0
    }

    /// Takes the number of refused calls that no fact has reported yet.
    pub(crate) const fn take_untold(&mut self) -> u32 {
        core::mem::replace(&mut self.untold, 0)
    }

    /// Whether there is time to send a refusal. With `comes_again`, a message that waited too long already has a
    /// retransmission behind it, which gets the refusal.
    pub(crate) fn refuses_aloud(&mut self, comes_again: bool, now: Moment) -> bool {
        let has_time = if comes_again && self.age > FIRST_COPY_SPAN {
            false
        } else if self.refusals.take(REFUSALS_PER_SECOND_MAX, now) {
            true
        } else {
            let has_spare = self.spare_refusals > 0;
            self.spare_refusals = self.spare_refusals.saturating_sub(1);
            has_spare
        };
        self.unanswered += u64::from(!has_time);
        has_time
    }

    /// Messages dropped because there was no time even to refuse them.
    pub(crate) const fn unanswered(&self) -> u64 {
        self.unanswered
    }

    pub(crate) const fn load(&self) -> Load {
        self.load
    }

    pub(crate) const fn smoothed(&self) -> Duration {
        self.smoothed
    }

    /// How often refusal of new calls began.
    pub(crate) const fn episodes(&self) -> u64 {
        self.episodes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn measured() -> (Overload, Moment) {
        let now = Moment::from_secs(100);
        (Overload::new(Some(50 * MS), now), now + BEGINNING_SPAN)
    }

    #[test]
    fn a_burst_that_is_gone_in_a_moment_is_no_overload() {
        // 300 INVITEs at once, 200 microseconds each: the last has waited for 60 ms.
        let (mut overload, mut now) = measured();
        for number in 0..300 {
            now = now + MS / 5;
            overload.waited(MS / 5 * number, now);
        }
        assert!(overload.load() < Load::Over, "{:?}", overload.smoothed());
        overload.idle(now + 100 * MS);
        assert_eq!((overload.load(), overload.smoothed()), (Load::Calm, Duration::ZERO));
        assert_eq!(overload.episodes(), 0);
    }

    #[test]
    fn a_standing_queue_is_refused_and_the_refusal_does_not_flutter() {
        // RFC 6357, 4: react to what is measured, without oscillation.
        let (mut overload, mut now) = measured();
        for _ in 0..1_000 {
            now = now + MS;
            overload.waited(60 * MS, now);
        }
        assert_eq!(overload.load(), Load::Over);
        assert!(overload.refuses_call(true, now) && overload.refuses_call(true, now));
        for _ in 0..1_000 {
            now = now + MS;
            overload.waited(30 * MS, now);
        }
        assert_eq!(overload.load(), Load::Over, "half the entry has not been reached");
        for _ in 0..1_000 {
            now = now + MS;
            overload.waited(20 * MS, now);
        }
        assert_eq!(overload.load(), Load::Busy);
        overload.idle(now + 1_000 * MS);
        assert_eq!((overload.load(), overload.episodes()), (Load::Calm, 1));
    }

    #[test]
    fn while_there_is_a_queue_no_old_call_is_taken_up_and_a_young_one_is() {
        // The wound: with the average alone, calls accepted at ten times the capacity had waited for seconds.
        let (mut overload, mut now) = measured();
        overload.waited(40 * MS, now);
        assert!(!overload.is_too_late(), "one late message is no queue");
        for _ in 0..1_000 {
            now = now + MS;
            overload.waited(30 * MS, now);
        }
        assert!(overload.is_too_late());
        overload.waited(20 * MS, now);
        assert!(!overload.is_too_late());
        assert_eq!(overload.load(), Load::Busy);
    }

    #[test]
    fn each_call_that_is_taken_pays_for_the_refusal_of_twenty() {
        let (mut overload, now) = measured();
        let refused =
            |overload: &mut Overload| (0..10_000).filter(|_| overload.refuses_call(true, now)).count();
        assert_eq!(refused(&mut overload), 4_000, "two seconds' worth of what is always there");
        (0..50).for_each(|_| overload.takes_call());
        assert_eq!((refused(&mut overload), overload.episodes()), (1_000, 1));
        (0..1_000).for_each(|_| overload.takes_call());
        assert_eq!(refused(&mut overload), 4_000, "calm hours save no more than this");
    }

    #[test]
    fn what_has_a_copy_behind_it_is_not_refused_twice() {
        // The wound: refusals sent after half a second doubled the number of messages to refuse.
        let (mut overload, now) = measured();
        overload.waited(600 * MS, now + Duration::from_secs(60));
        assert!(!overload.refuses_call(true, now), "by UDP its copy is here already");
        assert!(overload.refuses_call(false, now), "by TCP there is none");
        overload.waited(400 * MS, now + Duration::from_secs(60));
        assert!(overload.refuses_call(true, now));
    }

    #[test]
    fn one_late_message_after_a_pause_is_not_the_whole_truth() {
        let (mut overload, now) = measured();
        overload.waited(150 * MS, now + Duration::from_secs(60));
        assert!(overload.load() < Load::Over);
        overload.waited(900 * MS, now + Duration::from_secs(61));
        assert_eq!(overload.load(), Load::Drowning);
    }

    #[test]
    fn in_the_worst_of_storms_time_is_not_spent_on_saying_no() {
        // RFC 6357, 5.1: refusing has a cost, and at ten times the load it must not take all the time.
        let (mut overload, mut now) = measured();
        for _ in 0..1_000 {
            now = now + MS;
            overload.waited(90 * MS, now);
        }
        let read = (0..100_000).filter(|_| overload.refuses_aloud(true, now)).count();
        assert_eq!((read, overload.unanswered()), (4_000, 96_000));
        assert_eq!((0..100_000).filter(|_| overload.refuses_aloud(true, now + 500 * MS)).count(), 1_000);
    }

    #[test]
    fn a_site_that_wants_no_refusal_gets_none() {
        let now = Moment::from_secs(100);
        let mut overload = Overload::new(None, now);
        overload.waited(Duration::from_secs(60), now + Duration::from_secs(60));
        assert_eq!(overload.load(), Load::Calm);
    }
}
