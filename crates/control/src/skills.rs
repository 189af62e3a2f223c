//! Skills of agents, as sent over the control socket and as a table for people.

use serde::{Deserialize, Serialize};

use turno_trace::safe_line;

use crate::bans::span;
use crate::listed::AddedRow;

/// An agent's skill for a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkillRow {
    /// The agent's extension.
    pub agent: String,
    /// The queue's name.
    pub queue: String,
    /// The level now; `None`: the agent does not have the skill.
    pub level: Option<u8>,
    /// The level in the plan.
    pub planned: Option<u8>,
    /// The command that changed it; `None`: it is as planned.
    pub changed: Option<AddedRow>,
}

/// The skills as a table.
pub fn skill_table(rows: &[SkillRow]) -> String {
    let level = |level: Option<u8>| level.map_or_else(|| "-".to_owned(), |level| level.to_string());
    let mut text = format!(
        "{:<10} {:<20} {:>5} {:>7} {:>12} {:>12}  {}\n",
        "agent", "queue", "level", "in plan", "changed", "ends in", "why"
    );
    for row in rows {
        let [agent, queue] = [&row.agent, &row.queue].map(|it| safe_line(it));
        let (ago, left, why) = row.changed.as_ref().map_or_else(Default::default, |changed| {
            let why = changed.why.as_deref().map(safe_line).unwrap_or_default();
            (format!("{} ago", span(changed.seconds_ago)), span(changed.seconds_left), why)
        });
        let (now, planned) = (level(row.level), level(row.planned));
        let line = format!("{agent:<10} {queue:<20} {now:>5} {planned:>7} {ago:>12} {left:>12}  {why}");
        text += line.trim_end();
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_stand_beside_those_of_the_plan() {
        let row = |level, planned, changed| SkillRow {
            agent: "1001".to_owned(),
            queue: "taxes".to_owned(),
            level,
            planned,
            changed,
        };
        let why = Some("a rush".to_owned());
        let changed = AddedRow { by: "control".to_owned(), why, seconds_ago: 60, seconds_left: 7_200 };
        let table = skill_table(&[row(Some(2), Some(2), None), row(Some(1), None, Some(changed))]);
        let lines: Vec<&str> = table.lines().skip(1).collect();
        assert_eq!(lines[0], "1001       taxes                    2       2");
        assert_eq!(
            lines[1],
            "1001       taxes                    1       -   1m 00s ago       2h 00m  a rush"
        );
    }
}
