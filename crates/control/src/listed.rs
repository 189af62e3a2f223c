//! Numbers on lists of callers, as sent over the control socket and as a table for people.

use serde::{Deserialize, Serialize};

use turno_trace::{Numbers, safe_line};

use crate::bans::span;

/// A request for the numbers on lists of callers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedAsk {
    /// The list; `None`: all.
    pub list: Option<String>,
    /// Whether numbers are sent in full.
    pub numbers: Numbers,
}

/// A number on a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedRow {
    /// The list's name.
    pub list: String,
    /// What the list does: `refuse`, or `prefer` with the priority.
    pub does: String,
    /// The number, whole or its last digits; of the plan also a pattern.
    pub number: String,
    /// The command that added it; `None`: the plan has it.
    pub added: Option<AddedRow>,
}

/// How a number came to a list by a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedRow {
    /// Who asked: `control` or `shell`.
    pub by: String,
    /// The reason that was given.
    pub why: Option<String>,
    /// How many seconds ago.
    pub seconds_ago: u64,
    /// How many seconds are left.
    pub seconds_left: u64,
}

/// The numbers as a table.
pub fn listed_table(rows: &[ListedRow]) -> String {
    let mut text = format!(
        "{:<16} {:<11} {:<18} {:>12} {:>12}  {}\n",
        "list", "does", "number", "added", "ends in", "why"
    );
    for row in rows {
        let [list, does, number] = [&row.list, &row.does, &row.number].map(|it| safe_line(it));
        let (ago, left, why) = match &row.added {
            Some(added) => (
                format!("{} ago", span(added.seconds_ago)),
                span(added.seconds_left),
                added.why.as_deref().map(safe_line).unwrap_or_default(),
            ),
            None => ("in the plan".to_owned(), "-".to_owned(), String::new()),
        };
        let line = format!("{list:<16} {does:<11} {number:<18} {ago:>12} {left:>12}  {why}");
        text += line.trim_end();
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_in_columns() {
        let row = |added| ListedRow {
            list: "vip".to_owned(),
            does: "prefer 5".to_owned(),
            number: "*67".to_owned(),
            added,
        };
        let why = Some("a doctor".to_owned());
        let added = AddedRow { by: "control".to_owned(), why, seconds_ago: 60, seconds_left: 7_200 };
        let table = listed_table(&[row(None), row(Some(added))]);
        let lines: Vec<&str> = table.lines().skip(1).collect();
        assert_eq!(lines[0], "vip              prefer 5    *67                 in the plan            -");
        assert_eq!(
            lines[1],
            "vip              prefer 5    *67                  1m 00s ago       2h 00m  a doctor"
        );
    }
}
