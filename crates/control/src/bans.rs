//! Bans, as sent over the control socket and as a table for people.

use serde::{Deserialize, Serialize};

use turno_trace::safe_line;

/// A ban.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BanRow {
    /// The address, or the /64 network.
    pub source: String,
    /// The reason, in one word.
    pub why: String,
    /// How many times this source has been banned.
    pub strikes: u32,
    /// How many messages the ban has dropped.
    pub dropped: u64,
    /// How many seconds are left.
    pub seconds_left: u64,
}

/// The bans as a table.
pub fn ban_table(rows: &[BanRow]) -> String {
    let mut text =
        format!("{:<24} {:<12} {:>5} {:>10} {:>12}\n", "source", "why", "time", "dropped", "ends in");
    for row in rows {
        let (source, why) = (safe_line(&row.source), safe_line(&row.why));
        let left = span(row.seconds_left);
        text += &format!("{source:<24} {why:<12} {:>5} {:>10} {left:>12}\n", row.strikes, row.dropped);
    }
    text
}

pub(crate) fn span(seconds: u64) -> String {
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    if hours > 0 { format!("{hours}h {minutes:02}m") } else { format!("{minutes}m {:02}s", seconds % 60) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bans_stand_in_columns() {
        let row = BanRow {
            source: "192.0.2.9".to_owned(),
            why: "passwords".to_owned(),
            strikes: 2,
            dropped: 1_234,
            seconds_left: 599,
        };
        let table = ban_table(&[row]);
        assert!(
            table.ends_with("192.0.2.9                passwords        2       1234       9m 59s\n"),
            "{table}"
        );
    }
}
