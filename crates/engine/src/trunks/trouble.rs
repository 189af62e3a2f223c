//! Troubles of a trunk and the times of their reports: at once, after 1 and 5 minutes, each hour, and at the end.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_ground::Moment;

/// Kinds of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Trouble {
    /// OPTIONS get no response.
    Silent,
    /// The carrier does not accept our registration.
    Unregistered,
}

/// One trouble that lasts.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Lasting {
    since: Moment,
    reason: String,
    told: u32,
}

/// The present troubles of one trunk.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Troubles {
    silent: Option<Lasting>,
    unregistered: Option<Lasting>,
}

impl Trouble {
    const fn begins(self) -> &'static str {
        match self {
            Self::Silent => "does not answer",
            Self::Unregistered => "cannot register",
        }
    }

    const fn lasts(self) -> &'static str {
        match self {
            Self::Silent => "has not answered",
            Self::Unregistered => "has not been registered",
        }
    }

    const fn ends(self) -> &'static str {
        match self {
            Self::Silent => "answers again",
            Self::Unregistered => "is registered again",
        }
    }
}

impl Troubles {
    /// A trouble begins, or has another reason. If it is new, returns the time of the next report and the present
    /// report.
    pub(crate) fn begins(
        &mut self,
        trouble: Trouble,
        reason: String,
        now: Moment,
    ) -> Option<(Moment, String)> {
        let place = self.of(trouble);
        if let Some(known) = place {
            known.reason = reason;
            return None;
        }
        let lasting = place.insert(Lasting { since: now, reason, told: 0 });
        Some((lasting.next(), format!("{}: {}", trouble.begins(), lasting.reason)))
    }

    /// A trouble is over. Returns the report, if it existed.
    pub(crate) fn ends(&mut self, trouble: Trouble, now: Moment) -> Option<String> {
        let lasted = self.of(trouble).take()?;
        Some(format!("{} after {}", trouble.ends(), span_in_words(now.since(lasted.since))))
    }

    /// A trouble lasts. Returns the time of the next report and the present report.
    pub(crate) fn lasts(&mut self, trouble: Trouble, now: Moment) -> Option<(Moment, String)> {
        let lasting = self.of(trouble).as_mut()?;
        lasting.told += 1;
        let span = span_in_words(now.since(lasting.since));
        Some((lasting.next(), format!("{} for {span}: {}", trouble.lasts(), lasting.reason)))
    }

    /// Time of the next report about a trouble.
    pub(crate) fn next(&self, trouble: Trouble) -> Option<Moment> {
        match trouble {
            Trouble::Silent => self.silent.as_ref(),
            Trouble::Unregistered => self.unregistered.as_ref(),
        }
        .map(Lasting::next)
    }

    const fn of(&mut self, trouble: Trouble) -> &mut Option<Lasting> {
        match trouble {
            Trouble::Silent => &mut self.silent,
            Trouble::Unregistered => &mut self.unregistered,
        }
    }

    pub(crate) const fn is_none(&self) -> bool {
        self.silent.is_none() && self.unregistered.is_none()
    }
}

impl Lasting {
    /// Time of the next report.
    fn next(&self) -> Moment {
        const MINUTE: Duration = Duration::from_secs(60);
        const HOUR: Duration = Duration::from_secs(3_600);
        self.since
            + match self.told {
                0 => MINUTE,
                1 => 5 * MINUTE,
                hours => HOUR * (hours - 1),
            }
    }
}

/// Cap on the reported part of a peer's text, in characters.
const PEERS_TEXT_MAX: usize = 80;

/// A peer's text made safe for a log: one line, of bounded length.
pub(crate) fn peers_text(text: &str) -> String {
    let shown = |c: char| if c.is_control() || !(c.is_ascii() || c.is_alphanumeric()) { '?' } else { c };
    text.trim().chars().take(PEERS_TEXT_MAX).map(shown).collect()
}

fn span_in_words(span: Duration) -> String {
    match span.as_secs() {
        seconds @ ..120 => format!("{seconds} s"),
        seconds @ 120..7_200 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_after_a_minute_after_five_and_each_hour() {
        let mut lasting = Lasting { since: Moment::from_secs(0), reason: String::new(), told: 0 };
        let mut told = Vec::new();
        for _ in 0..5 {
            told.push(lasting.next().since(lasting.since).as_secs());
            lasting.told += 1;
        }
        assert_eq!(told, [60, 300, 3_600, 7_200, 10_800]);
    }

    #[test]
    fn what_a_stranger_wrote_stays_one_short_line() {
        assert_eq!(peers_text("Forbidden\r\nWARN \u{1b}[31m \u{202e}x"), "Forbidden??WARN ?[31m ?x");
        assert_eq!(peers_text(&"x".repeat(500)).len(), 80);
    }
}
