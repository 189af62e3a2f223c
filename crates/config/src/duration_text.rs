//! Durations as people write them: `500ms`, `15s`, `2m`, `1h30m`, `7d`.

use core::time::Duration;

/// Longest text of a duration, in bytes.
const TEXT_LENGTH_MAX: usize = 32;

/// Reads a duration: numbers with units `d`, `h`, `m`, `s`, `ms`, each at most once and in this order.
pub fn parse(text: &str) -> Option<Duration> {
    if text.len() > TEXT_LENGTH_MAX {
        return None;
    }
    let mut rest = text.trim();
    let mut millis: u64 = 0;
    let mut allowed: &[(&str, u64)] =
        &[("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let count: u64 = rest[..digits].parse().ok()?;
        let letters = rest[digits..].find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len() - digits);
        let unit = &rest[digits..digits + letters];
        let at = allowed.iter().position(|&(name, _)| name == unit)?;
        millis = millis.checked_add(count.checked_mul(allowed[at].1)?)?;
        allowed = &allowed[at + 1..];
        rest = &rest[digits + letters..];
    }
    Some(Duration::from_millis(millis))
}

/// A duration as a person would write it.
pub(crate) fn write(span: Duration) -> String {
    let millis = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    if millis == 0 {
        return "0s".to_owned();
    }
    let mut text = String::new();
    let mut rest = millis;
    for (unit, size) in [("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)] {
        if rest >= size {
            text.push_str(&format!("{}{unit}", rest / size));
            rest %= size;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_writes_time_as_it_is_said() {
        for (text, millis) in [
            ("15s", 15_000),
            ("2m", 120_000),
            ("1h30m", 5_400_000),
            ("500ms", 500),
            ("0s", 0),
            ("1m5s", 65_000),
        ] {
            assert_eq!(parse(text), Some(Duration::from_millis(millis)), "{text}");
            assert_eq!(write(Duration::from_millis(millis)), text);
        }
    }

    #[test]
    fn days_are_read_and_written_as_hours() {
        for (text, written, hours) in [("7d", "168h", 168), ("1d12h", "36h", 36)] {
            assert_eq!(parse(text), Some(Duration::from_secs(hours * 3_600)), "{text}");
            assert_eq!(write(Duration::from_secs(hours * 3_600)), written);
        }
    }

    #[test]
    fn what_is_no_duration_is_not_guessed() {
        for text in
            ["", "15", "s", "15 s", "1m1h", "1s1s", "1.5s", "-1s", "15sec", "99999999999999999999h", "٣s"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
