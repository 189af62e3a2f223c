//! What kind of matter a mail is, and until when it must be answered.

use jiff::civil::{Date, Time, Weekday};
use jiff::{Timestamp, Zoned};
use turno_model::Hours;

use crate::time::Millis;

/// What kind of matter a mail is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Anything else.
    Question,
    /// Something went wrong.
    Complaint,
    /// Something could be better.
    Suggestion,
}

impl Kind {
    /// Its mark for the agent.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Complaint => "complaint",
            Self::Suggestion => "suggestion",
        }
    }

    /// By the words of a subject.
    #[must_use]
    pub fn of_words(subject: &str) -> Self {
        let words = folded(subject);
        let has = |begins: &[&str]| {
            words
                .split(|sign: char| !sign.is_alphanumeric())
                .any(|word| begins.iter().any(|begin| word.starts_with(begin)))
        };
        if has(&["queja", "reclam", "denunci", "inconform", "complain"]) {
            return Self::Complaint;
        }
        if has(&["sugerenc", "sugier", "propuest", "suggest"]) { Self::Suggestion } else { Self::Question }
    }
}

/// Small letters without accents.
fn folded(text: &str) -> String {
    let plain = |sign: char| match sign {
        'á' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' | 'ü' => 'u',
        other => other,
    };
    text.to_lowercase().chars().map(plain).collect()
}

/// Terms in working days, by kind; `None`: that kind has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// For a question.
    pub question: Option<u16>,
    /// For a complaint.
    pub complaint: Option<u16>,
    /// For a suggestion.
    pub suggestion: Option<u16>,
}

impl Terms {
    /// Working days for this kind.
    #[must_use]
    pub const fn days(&self, kind: Kind) -> Option<u16> {
        match kind {
            Kind::Question => self.question,
            Kind::Complaint => self.complaint,
            Kind::Suggestion => self.suggestion,
        }
    }
}

/// The most days that are looked at for one term: ten years of holidays would be an error of the plan.
const DAYS_MAX: u32 = 3660;

/// The last moment of a term of so many working days that begins on the day after `at`. Working days are those on which
/// `hours` are open at all. `None`: there are none.
#[must_use]
pub fn due(at: Millis, days: u16, hours: &Hours) -> Option<Millis> {
    let mut date = day_of(at, hours)?;
    let mut left = days;
    for _ in 0..DAYS_MAX {
        if left == 0 {
            break;
        }
        date = date.tomorrow().ok()?;
        left -= u16::from(is_working(date, hours));
    }
    let end = date.to_datetime(Time::constant(23, 59, 59, 0)).to_zoned(hours.zone.clone()).ok()?;
    (left == 0).then(|| Millis(end.timestamp().as_millisecond()))
}

/// The day of a moment, as people of the site write it: `2026-12-15`.
#[must_use]
pub fn day(at: Millis, hours: &Hours) -> String {
    day_of(at, hours).map_or_else(String::new, |date| date.to_string())
}

fn day_of(at: Millis, hours: &Hours) -> Option<Date> {
    let stamp = Timestamp::from_millisecond(at.0).ok()?;
    Some(Zoned::new(stamp, hours.zone.clone()).date())
}

fn is_working(date: Date, hours: &Hours) -> bool {
    let day = match date.weekday() {
        Weekday::Monday => 0,
        Weekday::Tuesday => 1,
        Weekday::Wednesday => 2,
        Weekday::Thursday => 3,
        Weekday::Friday => 4,
        Weekday::Saturday => 5,
        Weekday::Sunday => 6,
    };
    !hours.weekly[day].is_empty() && !hours.holidays.contains(&date)
}
