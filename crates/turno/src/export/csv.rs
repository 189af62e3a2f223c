//! Lines of CSV (RFC 4180), with cells that no spreadsheet takes for formulas.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// How a cell begins that a spreadsheet would compute.
const FORMULAS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A line of these cells, with its end.
pub(crate) fn line<S: AsRef<str>>(cells: impl IntoIterator<Item = S>) -> String {
    let mut line = String::new();
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            line.push(',');
        }
        line.push_str(&quoted(cell.as_ref()));
    }
    line.push_str("\r\n");
    line
}

/// A text as a cell: an apostrophe before what a spreadsheet would compute.
pub(crate) fn text(text: &str) -> String {
    if text.starts_with(FORMULAS) { format!("'{text}") } else { text.to_owned() }
}

/// A moment with its distance to UTC, such as `2026-11-24T09:29:10.5-05:00`.
pub(crate) fn moment(micros: i64, zone: &TimeZone) -> String {
    let stamp = Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX);
    let at = stamp.to_zoned(zone.clone());
    format!("{}{}", at.datetime(), at.strftime("%:z"))
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\r', '\n']) {
        return format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_read_as_it_was_and_never_computed() {
        // Wound: a caller's name that a spreadsheet takes for a command.
        let cells = ["plain", "with, comma", "with \"quote\"", "two\nlines", ""];
        assert_eq!(line(cells), "plain,\"with, comma\",\"with \"\"quote\"\"\",\"two\nlines\",\r\n");
        for evil in ["=cmd|' /C calc'!A0", "+593991234567", "-1", "@SUM(A1)", "\t=1"] {
            assert_eq!(text(evil), format!("'{evil}"));
        }
        assert_eq!(text("0991234567"), "0991234567");
    }

    #[test]
    fn a_moment_has_its_distance_to_utc() {
        let quito = TimeZone::get("America/Guayaquil").expect("a zone");
        assert_eq!(moment(1_795_530_550_500_000, &quito), "2026-11-24T09:29:10.5-05:00");
        assert_eq!(moment(1_795_530_550_000_000, &TimeZone::UTC), "2026-11-24T14:29:10+00:00");
    }
}
