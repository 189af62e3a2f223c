//! Reads [[hours]]: weekly spans and holidays in a time zone.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use turno_model::Hours;

use crate::fault::FaultKind;
use crate::keys::hours::HOURS;
use crate::nearest::nearest;
use crate::reading::{Names, Reading};
use crate::section::{Section, unintelligible};
use crate::tables::Tables;

/// Minutes of a day.
const DAY_MINUTES: u16 = 1440;

/// Reads every [[hours]].
pub(crate) fn read_hours(reading: &mut Reading<'_>, tables: &Tables) -> (Vec<Hours>, Names) {
    let mut names = Names::default();
    let mut hours = Vec::new();
    for section in tables.many(reading, "hours") {
        let Some(name) = section.name(reading, HOURS.name.name) else { continue };
        reading.add_name(&mut names, name, section.place_of(HOURS.name.name), "opening hours");
        hours.push(Hours {
            name: name.to_owned(),
            zone: read_zone(reading, section),
            weekly: read_week(reading, section),
            holidays: read_holidays(reading, section),
        });
    }
    (hours, names)
}

fn read_zone(reading: &mut Reading<'_>, section: Section<'_>) -> TimeZone {
    if !section.has(HOURS.zone.name) {
        section.missing(reading, HOURS.zone.name, "a time zone such as `America/Guayaquil`");
        return TimeZone::UTC;
    }
    let Some(name) = section.text(reading, HOURS.zone.name) else { return TimeZone::UTC };
    TimeZone::get(name).unwrap_or_else(|_| {
        let known: Vec<String> = jiff::tz::db().available().map(|zone| zone.as_str().to_owned()).collect();
        // A city alone means the zone that ends with it.
        let city = known
            .iter()
            .find(|zone| zone.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(name)));
        let near = city.map(String::as_str).or_else(|| nearest(name, known.iter().map(String::as_str)));
        let found = format!("there is no time zone `{name}`");
        let expected = "a name of the IANA database such as `America/Guayaquil`";
        reading.fault(FaultKind::UnknownValue, section.place_of(HOURS.zone.name), found, expected).nearest =
            near.map(str::to_owned);
        TimeZone::UTC
    })
}

fn read_week(reading: &mut Reading<'_>, section: Section<'_>) -> [Vec<(u16, u16)>; 7] {
    let every_weekday = read_spans(reading, section, HOURS.monday_to_friday.name);
    let mut week = core::array::from_fn(|_| Vec::new());
    let days = [
        &HOURS.monday,
        &HOURS.tuesday,
        &HOURS.wednesday,
        &HOURS.thursday,
        &HOURS.friday,
        &HOURS.saturday,
        &HOURS.sunday,
    ];
    for (day, key) in days.map(|day| day.name).into_iter().enumerate() {
        let is_weekday = day < 5;
        if section.has(key) {
            week[day] = read_spans(reading, section, key);
            if is_weekday && section.has(HOURS.monday_to_friday.name) {
                let found = format!("`{key}` stands beside `monday_to_friday`");
                let expected = "either `monday_to_friday` or the five days one by one";
                reading.fault(FaultKind::Conflict, section.place_of(key), found, expected);
            }
        } else if is_weekday {
            week[day].clone_from(&every_weekday);
        }
    }
    if week.iter().all(Vec::is_empty) {
        reading.notice(section.place, "these hours are never open");
    }
    week
}

fn read_spans(reading: &mut Reading<'_>, section: Section<'_>, key: &str) -> Vec<(u16, u16)> {
    let mut spans: Vec<(u16, u16)> = Vec::new();
    for (text, node) in section.texts(reading, key) {
        let parsed = text.split_once('-').and_then(|(from, to)| Some((minutes(from)?, minutes(to)?)));
        match parsed {
            Some((from, to)) if from < to => {
                if spans.iter().any(|&(start, end)| from < end && start < to) {
                    let found = format!("`{text}` overlaps another span of `{key}`");
                    reading.fault(FaultKind::Conflict, node.place, found, "spans that do not overlap");
                }
                spans.push((from, to));
            }
            Some(_) => {
                let found = format!("`{text}` ends before it begins");
                let expected =
                    "a span within one day: a night shift is two spans, `22:00-24:00` and `00:00-06:00`";
                reading.fault(FaultKind::OutOfRange, node.place, found, expected);
            }
            None => {
                unintelligible(reading, node, text, "a span such as `07:50-16:30`, times `00:00` to `24:00`");
            }
        }
    }
    spans.sort_unstable();
    spans
}

/// `07:50` in minutes since midnight.
fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let number = |digits: &str| {
        let is_plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<u16>().ok().filter(|_| is_plain)
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= DAY_MINUTES).then_some(total)
}

fn read_holidays(reading: &mut Reading<'_>, section: Section<'_>) -> Vec<Date> {
    let mut holidays: Vec<(Date, crate::source::SourceSpan)> = Vec::new();
    for (text, node) in section.texts(reading, HOURS.holidays.name) {
        // Only the plain form: a date with a time or a zone is no day.
        let is_plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let Some(date) = text.parse::<Date>().ok().filter(|_| is_plain) else {
            unintelligible(reading, node, text, "a date that exists, such as `2026-12-25`");
            continue;
        };
        match holidays.iter().find(|(known, _)| *known == date) {
            Some(&(_, first)) => reading.twice(node.place, first, &format!("the holiday {date}")),
            None => holidays.push((date, node.place)),
        }
    }
    holidays.sort_unstable_by_key(|&(date, _)| date);
    holidays.into_iter().map(|(date, _)| date).collect()
}
