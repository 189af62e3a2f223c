//! What an answer means for a letter: sent, later, never, or nobody knows; what else must wait, and whom to tell.

use super::answer::{Answer, GraphError};
use super::codes::{Course, Row, row_of, words_of};
use super::pace::Scope;
use crate::body::Body;
use crate::joint::{Letter, Outcome};
use crate::time::Millis;

/// How long after a person's last message free words may be sent, in seconds.
pub const WINDOW_SECS: i64 = 24 * 3_600;

/// Tries of one letter whose error has to do with this letter alone.
const TRIES_MAX: u32 = 12;

/// The pause of a letter that met no platform, in seconds: the breaker says when the next one tries.
const AWAY_SECS: u32 = 15;

/// The longest pause between two tries, in seconds.
const PAUSE_MAX_SECS: u32 = 3_600;

/// A pause beyond the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Of what.
    pub scope: Scope,
    /// Seconds.
    pub secs: u32,
}

/// What an answer means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// For the letter.
    pub outcome: Outcome,
    /// For others.
    pub hold: Option<Hold>,
    /// Whether somebody must be told, since it does not pass by itself.
    pub is_alarm: bool,
    /// Whether the platform counts as away.
    pub is_away: bool,
}

impl Verdict {
    const fn of(outcome: Outcome) -> Self {
        Self { outcome, hold: None, is_alarm: false, is_away: false }
    }
}

/// Judges an answer to a letter that was refused so often before.
#[must_use]
pub fn judge(answer: &Answer, tries: u32) -> Verdict {
    match answer {
        Answer::Taken(external) => Verdict::of(Outcome::Sent { external: external.clone() }),
        Answer::Unreached(why) => {
            let later = Outcome::Later { after_secs: AWAY_SECS, why: why.clone() };
            Verdict { is_away: true, ..Verdict::of(later) }
        }
        Answer::Silent(why) => {
            let why = format!("WhatsApp did not say whether it has the message: {why}");
            Verdict { is_away: true, ..Verdict::of(Outcome::Unknown { why }) }
        }
        Answer::Refused { status, error: Some(error), retry_after } => {
            by_code(*status, error, *retry_after, tries)
        }
        Answer::Refused { status, error: None, retry_after } => by_status(*status, *retry_after, tries),
    }
}

fn pause(base: u32, factor: u32, tries: u32) -> u32 {
    base.saturating_mul(factor.saturating_pow(tries.min(16))).clamp(1, PAUSE_MAX_SECS)
}

fn by_code(status: u16, error: &GraphError, retry_after: Option<u32>, tries: u32) -> Verdict {
    // 'Unsupported request' of an object that does not exist has the code of a wrong parameter.
    let code = if (error.code, error.subcode) == (100, 33) { 33 } else { error.code };
    let Some(row) = row_of(code) else {
        let why = words_of(code, &error.message);
        if status == 429 || status >= 500 {
            return again((Scope::Letter, 30), why, retry_after, tries);
        }
        return Verdict::of(Outcome::Failed { why });
    };
    // A reader of 'wrong' wants to know what.
    let says_more = matches!(code, 100 | 131_008 | 131_009 | 132_000 | 132_008 | 132_012 | 135_000);
    let why = if says_more && !error.message.is_empty() {
        format!("{}: {}", words_of(code, ""), super::clean::person_name(&error.message).unwrap_or_default())
    } else {
        words_of(code, &error.message)
    };
    by_row(row, why, retry_after, tries)
}

fn by_row(row: &Row, why: String, retry_after: Option<u32>, tries: u32) -> Verdict {
    match row.course {
        Course::Again(scope, base) => again((scope, base), why, retry_after, tries),
        Course::Alarm(secs) => {
            let hold = Some(Hold { scope: Scope::Number, secs });
            let outcome = Outcome::Later { after_secs: secs, why };
            Verdict { outcome, hold, is_alarm: true, is_away: false }
        }
        Course::Never => Verdict { is_alarm: row.code == 33, ..Verdict::of(Outcome::Failed { why }) },
    }
}

fn again((scope, base): (Scope, u32), why: String, retry_after: Option<u32>, tries: u32) -> Verdict {
    if scope == Scope::Letter && tries >= TRIES_MAX {
        return Verdict::of(Outcome::Failed { why: format!("{why}; tried {} times", tries + 1) });
    }
    // The platform advises 4^n seconds for one person, and doubling is usual for the rest.
    let factor = if scope == Scope::Person { 4 } else { 2 };
    let after_secs = pause(base, factor, tries).max(retry_after.unwrap_or(0).min(PAUSE_MAX_SECS));
    let hold = (scope != Scope::Letter).then_some(Hold { scope, secs: after_secs });
    Verdict { hold, ..Verdict::of(Outcome::Later { after_secs, why }) }
}

/// An answer without the platform's own error comes from a machine in front of it.
fn by_status(status: u16, retry_after: Option<u32>, tries: u32) -> Verdict {
    let why = format!("WhatsApp answered {status}");
    match status {
        429 => again((Scope::Number, 5), why, retry_after, tries),
        // The machine in front waited in vain for one that may have done it.
        504 => Verdict { is_away: true, ..Verdict::of(Outcome::Unknown { why }) },
        500.. => {
            let asked = retry_after.unwrap_or(0).min(PAUSE_MAX_SECS);
            let later = Outcome::Later { after_secs: AWAY_SECS.max(asked), why };
            Verdict { is_away: true, ..Verdict::of(later) }
        }
        401 | 403 => by_row(&super::codes::CODES[0], why, retry_after, tries),
        _ => Verdict::of(Outcome::Failed { why }),
    }
}

/// Whether the platform would refuse a letter, since the person last wrote too long ago.
#[must_use]
pub fn is_outside_window(letter: &Letter, now: Millis) -> bool {
    let is_free = !matches!(letter.body, Body::Template { .. });
    is_free && letter.person_wrote.is_some_and(|wrote| now.secs_since(wrote) >= WINDOW_SECS)
}

/// What becomes of such a letter.
#[must_use]
pub fn outside_window() -> Outcome {
    Outcome::Failed { why: words_of(131_047, "") }
}
