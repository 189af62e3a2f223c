//! When a line is open: weekly hours and holidays in a time zone.

use core::time::Duration;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use turno_ground::Moment;

/// Whether a line is open at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenState {
    /// Open.
    Open,
    /// Outside the weekly hours.
    Closed,
    /// Closed all day by a holiday.
    Holiday,
}

/// Opening hours.
#[derive(Clone, Debug, PartialEq)]
pub struct Hours {
    /// The name in the configuration.
    pub name: String,
    /// The time zone of the hours.
    pub zone: TimeZone,
    /// For Monday to Sunday, the open spans in minutes since midnight, 0 to 1440; the end is excluded.
    pub weekly: [Vec<(u16, u16)>; 7],
    /// Days without opening, in order.
    pub holidays: Vec<Date>,
}

impl Hours {
    /// Open day and night.
    pub fn always(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            zone: TimeZone::UTC,
            weekly: core::array::from_fn(|_| vec![(0, 1440)]),
            holidays: Vec::new(),
        }
    }

    /// The local time in minutes since midnight.
    pub fn minute_of_day(&self, now: Moment) -> u16 {
        let local = self.local(now);
        minute_of(&local)
    }

    /// Whether the line is open at `now`.
    pub fn at(&self, now: Moment) -> OpenState {
        let local = self.local(now);
        if self.holidays.contains(&local.date()) {
            return OpenState::Holiday;
        }
        let minute = minute_of(&local);
        let open = self.spans_of(&local).iter().any(|&(from, to)| from <= minute && minute < to);
        if open { OpenState::Open } else { OpenState::Closed }
    }

    /// The open span in which `now` is, from its beginning to its end; `None` while closed.
    pub fn open_span(&self, now: Moment) -> Option<(Moment, Moment)> {
        let local = self.local(now);
        if self.holidays.contains(&local.date()) {
            return None;
        }
        let minute = minute_of(&local);
        let (from, to) =
            self.spans_of(&local).iter().copied().find(|&(from, to)| from <= minute && minute < to)?;
        let past = (now.as_micros() / 60_000_000) * 60_000_000;
        let minutes = |count: u16| Duration::from_secs(60 * u64::from(count));
        let this = Moment::from_micros(past);
        Some((this - minutes(minute - from), this + minutes(to - minute)))
    }

    /// The day at `now`, counted from the first of January 1970, and the minute of the day, both in the local time.
    pub fn day_and_minute(&self, now: Moment) -> (i32, u16) {
        let local = self.local(now);
        let day = local.date().since(Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days());
        (day, minute_of(&local))
    }

    /// When the day of `now` ends in the local time.
    pub fn day_end(&self, now: Moment) -> Moment {
        let tomorrow = self.local(now).tomorrow().and_then(|tomorrow| tomorrow.start_of_day());
        let micros = tomorrow.ok().and_then(|at| u64::try_from(at.timestamp().as_microsecond()).ok());
        micros.map_or(now + Duration::from_secs(86_400), Moment::from_micros)
    }

    fn local(&self, now: Moment) -> Zoned {
        let micros = i64::try_from(now.as_micros()).unwrap_or(i64::MAX);
        let stamp = Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX);
        Zoned::new(stamp, self.zone.clone())
    }

    fn spans_of(&self, local: &Zoned) -> &[(u16, u16)] {
        let day = match local.weekday() {
            Weekday::Monday => 0,
            Weekday::Tuesday => 1,
            Weekday::Wednesday => 2,
            Weekday::Thursday => 3,
            Weekday::Friday => 4,
            Weekday::Saturday => 5,
            Weekday::Sunday => 6,
        };
        &self.weekly[day]
    }
}

fn minute_of(local: &Zoned) -> u16 {
    u16::from(local.hour().unsigned_abs()) * 60 + u16::from(local.minute().unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quito() -> Hours {
        let mut hours = Hours::always("office");
        hours.zone = TimeZone::get("America/Guayaquil").expect("the bundled zone");
        hours.weekly = core::array::from_fn(|day| if day < 5 { vec![(470, 990)] } else { vec![] });
        hours.holidays = vec![jiff::civil::date(2026, 12, 25)];
        hours
    }

    fn at(text: &str) -> Moment {
        let stamp: Timestamp = text.parse().expect("a timestamp");
        Moment::from_micros(u64::try_from(stamp.as_microsecond()).expect("after 1970"))
    }

    #[test]
    fn a_citizen_who_calls_at_ten_to_eight_in_quito_is_let_in() {
        assert_eq!(quito().at(at("2026-11-24T12:49:59Z")), OpenState::Closed);
        assert_eq!(quito().at(at("2026-11-24T12:50:00Z")), OpenState::Open);
        assert_eq!(quito().at(at("2026-11-24T21:29:59Z")), OpenState::Open);
        assert_eq!(quito().at(at("2026-11-24T21:30:00Z")), OpenState::Closed);
    }

    #[test]
    fn an_open_span_is_found_in_the_local_day_and_has_its_ends() {
        let span = |text: &str| quito().open_span(at(text));
        let whole = Some((at("2026-11-24T12:50:00Z"), at("2026-11-24T21:30:00Z")));
        assert_eq!(span("2026-11-24T12:49:59Z"), None);
        assert_eq!(span("2026-11-24T12:50:00Z"), whole);
        assert_eq!(span("2026-11-24T17:40:31Z"), whole);
        assert_eq!(span("2026-12-25T17:40:00Z"), None);
        assert_eq!(quito().day_and_minute(at("1970-01-02T04:59:59Z")), (0, 1439));
        assert_eq!(quito().day_and_minute(at("2026-11-24T17:40:31Z")).1, 760);
    }

    #[test]
    fn christmas_is_a_holiday_and_sunday_is_closed() {
        assert_eq!(quito().at(at("2026-12-25T15:00:00Z")), OpenState::Holiday);
        assert_eq!(quito().at(at("2026-11-22T15:00:00Z")), OpenState::Closed);
    }
}
