//! The audit log: who did what, and who was refused.

use rusqlite::params;

use crate::open::Access;
use crate::trouble::Trouble;
use crate::users::seconds;

/// Longest text of a column; the rest is cut off, so that no stranger fills the disk by one request.
const TEXT_CHARS_MAX: usize = 200;

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// The right was missing.
    Denied,
    /// turno refused it in the present state.
    Refused,
    /// Name, password, session or token was wrong.
    NotKnown,
    /// Too many were wrong before.
    Throttled,
}

impl Outcome {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Denied => "denied",
            Self::Refused => "refused",
            Self::NotKnown => "not known",
            Self::Throttled => "throttled",
        }
    }
}

/// A row of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its number, from 1, without gaps.
    pub number: u64,
    /// When, in seconds since 1970.
    pub at: u64,
    /// The user or token; for a sign-in the name that was given.
    pub who: String,
    /// The address that asked, or `command line`.
    pub source: String,
    /// What.
    pub deed: String,
    /// To whom or what.
    pub target: String,
    /// What came of it.
    pub outcome: String,
    /// The reason that was given, or that of the refusal.
    pub why: String,
}

impl Access {
    /// Writes a row. Secrets and callers' numbers are not for it.
    ///
    /// # Errors
    /// [`Trouble::Database`].
    pub fn note(
        &mut self,
        (who, source): (&str, &str),
        (deed, target): (&str, &str),
        (outcome, why): (Outcome, &str),
        now: u64,
    ) -> Result<(), Trouble> {
        self.database.prepare_cached(
            "INSERT INTO audit (at, who, source, deed, target, outcome, why) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            seconds(now),
            cut(who),
            cut(source),
            cut(deed),
            cut(target),
            outcome.word(),
            cut(why)
        ])?;
        Ok(())
    }

    /// At most `most` rows before this number, the newest first.
    ///
    /// # Errors
    /// [`Trouble::Database`].
    pub fn records(&self, before: Option<u64>, most: u32) -> Result<Vec<Record>, Trouble> {
        let mut statement = self.database.prepare_cached(
            "SELECT number, at, who, source, deed, target, outcome, why FROM audit
             WHERE number < ?1 ORDER BY number DESC LIMIT ?2",
        )?;
        let before = before.map_or(i64::MAX, seconds);
        let records = statement.query_map(params![before, most], |row| {
            Ok(Record {
                number: u64::try_from(row.get::<_, i64>(0)?).unwrap_or_default(),
                at: u64::try_from(row.get::<_, i64>(1)?).unwrap_or_default(),
                who: row.get(2)?,
                source: row.get(3)?,
                deed: row.get(4)?,
                target: row.get(5)?,
                outcome: row.get(6)?,
                why: row.get(7)?,
            })
        })?;
        Ok(records.collect::<Result<_, _>>()?)
    }

    /// Deletes rows from before this moment, at most a thousand at once; true if there may be more.
    ///
    /// # Errors
    /// [`Trouble::Database`].
    pub fn forget_records(&mut self, before: u64) -> Result<bool, Trouble> {
        let gone = self.database.execute(
            "DELETE FROM audit WHERE number IN (SELECT number FROM audit WHERE at < ?1 ORDER BY number LIMIT 1000)",
            [seconds(before)],
        )?;
        Ok(gone == 1_000)
    }
}

/// Signs that end a line are replaced: a row is one line wherever it is shown.
fn cut(text: &str) -> String {
    text.chars().take(TEXT_CHARS_MAX).map(|sign| if sign.is_control() { ' ' } else { sign }).collect()
}
