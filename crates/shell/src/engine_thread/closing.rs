//! What a stop ended and what it kept: the last line of the log.

use core::fmt;
use core::time::Duration;

use turno_engine::Recovered;
use turno_ground::Moment;

/// The end of the engine, to be told when everything else has ended too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Closing {
    /// When the stop was asked for.
    pub(crate) began: Moment,
    /// What lived then.
    lived: Recovered,
    /// What lived at the end.
    left: Recovered,
    /// Whether the next start on the same journal goes on with what is left.
    is_kept: bool,
}

impl Closing {
    pub(crate) const fn new(began: Moment, lived: Recovered, left: Recovered, is_kept: bool) -> Self {
        Self { began, lived, left, is_kept }
    }

    /// The line, with how long the end took.
    pub(crate) fn line(&self, took: Duration) -> String {
        format!("turno has stopped after {}.{:02} s: {self}", took.as_secs(), took.subsec_millis() / 10)
    }
}

impl fmt::Display for Closing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lived, left, is_kept, .. } = self;
        let ended = lived.calls.saturating_sub(left.calls);
        if lived.calls == 0 && left.waiting == 0 {
            return f.write_str("there was no call");
        }
        if ended > 0 || left.calls == 0 {
            write!(f, "{} ended", calls(ended))?;
            write!(f, " ({} waited, {} talked)", lived.waiting, lived.talking)?;
        }
        if left.calls == 0 && left.waiting == 0 {
            return Ok(());
        }
        let comma = if ended > 0 { ", " } else { "" };
        let left_calls = calls(left.calls);
        let contacts = match left.waiting + left.talking {
            1 => "1 contact".to_owned(),
            count => format!("{count} contacts"),
        };
        if *is_kept {
            write!(f, "{comma}{left_calls} and {contacts} kept in the journal for the next start")
        } else {
            write!(f, "{comma}{left_calls} and {contacts} left without an end: no journal keeps them")
        }
    }
}

fn calls(count: usize) -> String {
    if count == 1 { "1 call".to_owned() } else { format!("{count} calls") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(lived: [usize; 3], left: [usize; 3], is_kept: bool) -> String {
        let of = |[calls, waiting, talking]: [usize; 3]| Recovered {
            calls,
            waiting,
            talking,
            ..Recovered::default()
        };
        Closing::new(Moment::default(), of(lived), of(left), is_kept).line(Duration::from_millis(523))
    }

    #[test]
    fn an_operator_reads_what_a_stop_has_done_to_calls() {
        let begin = "turno has stopped after 0.52 s: ";
        for (lived, left, is_kept, line) in [
            ([0, 0, 0], [0, 0, 0], true, "there was no call"),
            ([3, 2, 1], [0, 0, 0], true, "3 calls ended (2 waited, 1 talked)"),
            ([1, 0, 1], [1, 0, 1], true, "1 call and 1 contact kept in the journal for the next start"),
            (
                [3, 2, 1],
                [3, 2, 1],
                false,
                "3 calls and 3 contacts left without an end: no journal keeps them",
            ),
        ] {
            assert_eq!(told(lived, left, is_kept), format!("{begin}{line}"));
        }
    }
}
