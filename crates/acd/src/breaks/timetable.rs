//! Which minutes of a break's hours are free for one more agent.

use core::time::Duration;

use turno_ground::{Moment, WallClock};
use turno_model::plan::BreakTurns;

use crate::breaks::{Break, BreakStage, minutes};

/// The last promised turn leaves so much time before the latest beginning, for a contact that lasts on.
const SPARE_MAX: Duration = Duration::from_secs(10 * 60);

/// A break's hours on one day, as moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// The day, and the latest moment at which a break may begin to end within the hours.
    pub(crate) day: i32,
    pub(crate) last: Moment,
}

/// How many agents are away, by minutes of the clock from the present one on.
pub(crate) struct Timetable {
    first: Moment,
    away: Vec<u32>,
    at_once: u32,
    /// Minutes that a promised break takes: until the turn is taken up, and its span.
    takes: usize,
    /// The last minute at which a turn is promised.
    last: usize,
}

impl Timetable {
    /// Everybody's breaks but those that are over. `wall` is for whole minutes of the clock.
    pub(crate) fn new(
        turns: &BreakTurns,
        window: Window,
        others: impl Iterator<Item = Break>,
        (wall, now): (WallClock, Moment),
    ) -> Self {
        let minute = wall.at(now).as_micros() / 60_000_000;
        let first = wall.when(Moment::from_secs(minute * 60));
        let length = minutes(window.last.since(now) + turns.span + turns.unused) + 2;
        let spare = SPARE_MAX.min(window.last.since(now) / 4);
        let last = (window.last - spare).since(first).as_secs() / 60;
        let whole = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let mut it = Self {
            first,
            away: vec![0; whole(length)],
            at_once: turns.at_once,
            takes: whole(minutes(turns.span + turns.unused)),
            last: whole(last),
        };
        for other in others {
            match other.stage {
                BreakStage::Promised { at } => it.add(at, at + turns.unused + turns.span),
                BreakStage::Granted { until } => it.add(now, until.max(now) + turns.span),
                BreakStage::Leaving => it.add(now, now + turns.span),
                BreakStage::Away { until } => it.add(now, until),
                BreakStage::Had => {}
            }
        }
        it
    }

    fn add(&mut self, from: Moment, until: Moment) {
        if until <= self.first {
            return;
        }
        let from = usize::try_from(from.since(self.first).as_secs() / 60).unwrap_or(usize::MAX);
        let until = usize::try_from(minutes(until.since(self.first))).unwrap_or(usize::MAX);
        for away in self.away.iter_mut().take(until).skip(from) {
            *away += 1;
        }
    }

    /// Whether one more agent may go now.
    pub(crate) fn has_place_now(&self) -> bool {
        self.has_place(0)
    }

    fn has_place(&self, minute: usize) -> bool {
        self.away.iter().skip(minute).take(self.takes).all(|away| *away < self.at_once)
    }

    /// The turn nearest to a share of the time that is left: the next free minute after it, else the last one before it.
    pub(crate) fn place_near(&self, (part, parts): (usize, usize)) -> Option<Moment> {
        let wanted = (self.last * part / parts.max(1)).max(1);
        let later = (wanted..=self.last).find(|minute| self.has_place(*minute));
        later
            .or_else(|| (1..wanted.min(self.last + 1)).rev().find(|minute| self.has_place(*minute)))
            .map(|minute| self.moment(minute))
    }

    /// The last free turn.
    pub(crate) fn last_place(&self) -> Option<Moment> {
        (1..=self.last).rev().find(|minute| self.has_place(*minute)).map(|minute| self.moment(minute))
    }

    fn moment(&self, minute: usize) -> Moment {
        self.first + Duration::from_secs(60 * minute as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use turno_model::HoursId;

    const NOON: Moment = Moment::from_secs(1_000_000 * 60);

    fn turns(at_once: u32) -> BreakTurns {
        let minutes = |count: u64| Duration::from_secs(60 * count);
        BreakTurns {
            hours: HoursId(0),
            span: minutes(30),
            at_once,
            wait_limit: minutes(1),
            unused: minutes(2),
        }
    }

    fn table(at_once: u32, left: u64, promised: &[u64], seconds: u64) -> Timetable {
        let minutes = |count: u64| Duration::from_secs(60 * count);
        let window = Window { day: 0, last: NOON + minutes(left) };
        let others = promised.iter().map(|at| Break {
            day: 0,
            last: window.last,
            stage: BreakStage::Promised { at: NOON + minutes(*at) },
        });
        Timetable::new(
            &turns(at_once),
            window,
            others,
            (WallClock::default(), NOON + Duration::from_secs(seconds)),
        )
    }

    fn near(it: &Timetable, part: (usize, usize)) -> Option<u64> {
        it.place_near(part).map(|at| at.since(NOON).as_secs() / 60)
    }

    #[test]
    fn turns_are_spread_over_the_time_that_is_left_and_lie_on_whole_minutes() {
        let it = table(1, 120, &[], 17);
        assert_eq!(near(&it, (1, 4)), Some(27), "a quarter of 110 minutes");
        assert_eq!(near(&it, (0, 4)), Some(1), "never before the next minute");
        assert_eq!(it.place_near((1, 2)).map(|at| at.as_secs() % 60), Some(0));
        assert_eq!(it.last_place(), Some(NOON + Duration::from_secs(110 * 60)));
    }

    #[test]
    fn a_place_that_is_taken_moves_the_turn_behind_it_or_before_it() {
        let it = table(1, 120, &[20], 0);
        assert!(!it.has_place_now(), "a break of 32 minutes would reach into the promised one");
        assert_eq!(near(&it, (1, 11)), Some(52), "behind it");
        let it = table(1, 120, &[80], 0);
        assert!(it.has_place_now());
        assert_eq!(near(&it, (10, 11)), Some(48), "before it");
        assert!(table(2, 120, &[20], 0).has_place_now(), "two may be away");
    }

    #[test]
    fn hours_that_are_full_have_no_turn_left() {
        assert_eq!(table(1, 40, &[0, 31], 0).place_near((1, 2)), None);
        assert_eq!(table(1, 40, &[0, 31], 0).last_place(), None);
        assert!(table(1, 0, &[], 0).last_place().is_none());
    }
}
