//! The position of a fact among all facts of a site.
//!
//! Each start of turno begins a *run*, and the facts of a run are numbered from 1, written or not. A run is identified
//! by the moment of its beginning, and no run begins before the one that it follows. So positions are ordered over
//! restarts and hand-overs, and a number that a power cut took from the end of a run is never used again.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};
use turno_ground::Moment;

/// The position of a fact. Number 0 is the position before the first fact of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Position {
    /// When the run began.
    pub run: Moment,
    /// The fact's number in the run, from 1.
    pub number: u64,
}

/// Lost facts: those after one position, up to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The last position before the lost facts.
    pub after: Position,
    /// The position of the last lost fact.
    pub until: Position,
    /// How many; `None` if they include a run whose end is unknown.
    pub facts: Option<u64>,
}

/// The error for a text that is no position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPosition;

impl Position {
    /// Before the first fact of a run.
    pub const fn begin(run: Moment) -> Self {
        Self { run, number: 0 }
    }

    /// The position this many facts later, in the same run.
    pub const fn plus(self, facts: u64) -> Self {
        Self { run: self.run, number: self.number.saturating_add(facts) }
    }

    /// How many facts are after an earlier position, up to this one. `None` if it belongs to another run, whose number
    /// of unwritten facts is unknown.
    pub fn facts_since(self, earlier: Self) -> Option<u64> {
        (self.run == earlier.run).then(|| self.number.saturating_sub(earlier.number))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.run.as_micros(), self.number)
    }
}

impl FromStr for Position {
    type Err = NoPosition;

    fn from_str(text: &str) -> Result<Self, NoPosition> {
        let number = |digits: &str| {
            let is_number = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
            digits.parse().ok().filter(|_| is_number).ok_or(NoPosition)
        };
        let (run, fact) = text.split_once('-').ok_or(NoPosition)?;
        Ok(Self { run: Moment::from_micros(number(run)?), number: number(fact)? })
    }
}

impl From<Position> for String {
    fn from(position: Position) -> Self {
        position.to_string()
    }
}

impl TryFrom<String> for Position {
    type Error = NoPosition;

    fn try_from(text: String) -> Result<Self, NoPosition> {
        text.parse()
    }
}

impl fmt::Display for NoPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no position of a fact, such as 1795617175477570-42")
    }
}

impl core::error::Error for NoPosition {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_of_a_later_run_stands_behind_every_fact_of_an_earlier_one() {
        let (monday, tuesday) = (Moment::from_secs(1_795_617_175), Moment::from_secs(1_795_703_575));
        let last = Position { run: monday, number: u64::MAX };
        assert!(Position::begin(monday) < last && last < Position::begin(tuesday));
        assert_eq!(Position::begin(tuesday).plus(7).facts_since(Position::begin(tuesday).plus(2)), Some(5));
        assert_eq!(Position::begin(tuesday).facts_since(last), None);
    }

    #[test]
    fn a_position_is_read_as_it_was_written_and_anything_else_is_none() {
        let position = Position { run: Moment::from_micros(1_795_617_175_477_570), number: 42 };
        assert_eq!(position.to_string(), "1795617175477570-42");
        assert_eq!(position.to_string().parse(), Ok(position));
        for text in ["", "42", "-", "1-", "-1", "1-+1", "+1-1", "1-1-1", "1 -1", "1-99999999999999999999"] {
            assert_eq!(text.parse::<Position>(), Err(NoPosition), "{text:?}");
        }
    }
}
