//! Session timers: a session that neither side refreshes ends (RFC 4028).

use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::message::header::Name;
use crate::message::received::Message;

/// Which side refreshes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Refresher {
    /// Our side.
    Us,
    /// The peer.
    Peer,
}

/// A running session timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SessionTimer {
    /// How long the session lives after a refresh.
    pub(crate) span: Duration,
    /// Which side refreshes.
    pub(crate) refresher: Refresher,
}

/// A role in one transaction, as the `refresher` parameter names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The side that sent the request.
    Uac,
    /// The side that answers it.
    Uas,
}

/// A Session-Expires value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SessionExpires {
    /// The span.
    pub(crate) span: Duration,
    /// The refresher, if one is named.
    pub(crate) refresher: Option<Side>,
}

/// Our answer to a request that opens or refreshes a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum TimerAnswer {
    /// The span is too short: 422 with this Min-SE.
    TooShort(Duration),
    /// No timer.
    Without,
    /// A timer.
    With {
        /// The timer, seen from our side.
        timer: SessionTimer,
        /// Whether the response must have `Require: timer`.
        require: bool,
    },
}

/// The spans that we offer and accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimerTerms {
    /// The span we propose; zero for none.
    pub(crate) wanted: Duration,
    /// The shortest span we accept.
    pub(crate) least: Duration,
}

impl SessionTimer {
    /// How long after the last refresh the refresher refreshes (RFC 4028, 7.2).
    pub(crate) fn refresh_after(self) -> Duration {
        self.span / 2
    }

    /// How long after the last refresh the other side hangs up: before the session expires, so that the BYE still
    /// arrives in time (RFC 4028, 10).
    pub(crate) fn expires_after(self) -> Duration {
        self.span - (self.span / 3).min(Duration::from_secs(32))
    }

    /// The Session-Expires value in our response to the peer's request.
    pub(crate) fn in_response(self) -> String {
        let side = match self.refresher {
            Refresher::Us => "uas",
            Refresher::Peer => "uac",
        };
        format!("{};refresher={side}", self.span.as_secs())
    }

    /// The Session-Expires value in our request within the session.
    pub(crate) fn in_request(self) -> String {
        let side = match self.refresher {
            Refresher::Us => "uac",
            Refresher::Peer => "uas",
        };
        format!("{};refresher={side}", self.span.as_secs())
    }

    /// The timer that a 2xx to our request starts, if any.
    pub(crate) fn of_response(response: &Message) -> Option<Self> {
        let agreed = SessionExpires::of(response)?;
        let refresher = match agreed.refresher {
            Some(Side::Uac) | None => Refresher::Us,
            Some(Side::Uas) => Refresher::Peer,
        };
        Some(Self { span: agreed.span, refresher })
    }
}

impl SessionExpires {
    /// Reads the header, if `message` has a valid one.
    pub(crate) fn of(message: &Message) -> Option<Self> {
        let value = message.header(Name::SessionExpires)?;
        let mut parts = value.split(';').map(str::trim);
        let span = Duration::from_secs(u64::from(parts.next()?.parse::<u32>().ok()?));
        let refresher = parts.filter_map(|part| part.split_once('=')).find_map(|(name, side)| {
            if !name.trim().eq_ignore_ascii_case("refresher") {
                None
            } else if side.trim().eq_ignore_ascii_case("uac") {
                Some(Side::Uac)
            } else {
                side.trim().eq_ignore_ascii_case("uas").then_some(Side::Uas)
            }
        });
        Some(Self { span, refresher })
    }
}

/// The Min-SE of `message`.
pub(crate) fn min_se_of(message: &Message) -> Option<Duration> {
    let value = message.header(Name::MinSe)?;
    let seconds: u32 = value.split(';').next()?.trim().parse().ok()?;
    Some(Duration::from_secs(u64::from(seconds)))
}

impl TimerTerms {
    /// Our answer to a request that asks for `asked`. `peer_knows`: the peer supports session timers (RFC 4028, 9,
    /// table 2).
    pub(crate) fn answer(
        self,
        asked: Option<SessionExpires>,
        min_se: Option<Duration>,
        peer_knows: bool,
    ) -> TimerAnswer {
        if let Some(asked) = asked
            && peer_knows
            && asked.span < self.least
        {
            return TimerAnswer::TooShort(self.least);
        }
        let span = match asked {
            Some(asked) if self.wanted.is_zero() => asked.span,
            // We may shorten the peer's span, but not below its Min-SE.
            Some(asked) => asked.span.min(self.wanted.max(min_se.unwrap_or_default())),
            None if self.wanted.is_zero() => return TimerAnswer::Without,
            None => self.wanted.max(min_se.unwrap_or_default()),
        };
        let span = span.max(self.least);
        let refresher = match (peer_knows, asked.and_then(|asked| asked.refresher)) {
            (false, _) | (true, Some(Side::Uas)) => Refresher::Us,
            (true, Some(Side::Uac) | None) => Refresher::Peer,
        };
        let require = peer_knows && refresher == Refresher::Peer;
        TimerAnswer::With { timer: SessionTimer { span, refresher }, require }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: TimerTerms =
        TimerTerms { wanted: Duration::from_secs(1800), least: Duration::from_secs(90) };

    fn asked(seconds: u64, refresher: Option<Side>) -> Option<SessionExpires> {
        Some(SessionExpires { span: Duration::from_secs(seconds), refresher })
    }

    fn with(seconds: u64, refresher: Refresher, require: bool) -> TimerAnswer {
        TimerAnswer::With { timer: SessionTimer { span: Duration::from_secs(seconds), refresher }, require }
    }

    #[test]
    fn the_table_of_refreshers_is_the_rfcs() {
        // RFC 4028, 9, table 2.
        assert_eq!(TERMS.answer(asked(600, None), None, true), with(600, Refresher::Peer, true));
        assert_eq!(TERMS.answer(asked(600, Some(Side::Uac)), None, true), with(600, Refresher::Peer, true));
        assert_eq!(TERMS.answer(asked(600, Some(Side::Uas)), None, true), with(600, Refresher::Us, false));
        assert_eq!(TERMS.answer(asked(600, None), None, false), with(600, Refresher::Us, false));
        assert_eq!(TERMS.answer(None, None, false), with(1800, Refresher::Us, false));
        assert_eq!(TERMS.answer(None, None, true), with(1800, Refresher::Peer, true));
    }

    #[test]
    fn a_span_that_would_flood_us_is_refused_only_where_the_peer_understands_it() {
        // RFC 4028, 9: 422 only if the request supports timer.
        assert_eq!(TERMS.answer(asked(30, None), None, true), TimerAnswer::TooShort(TERMS.least));
        assert_eq!(TERMS.answer(asked(30, None), None, false), with(90, Refresher::Us, false));
    }

    #[test]
    fn a_span_is_shortened_to_ours_but_not_below_the_peers_least() {
        // RFC 4028, 9.
        assert_eq!(TERMS.answer(asked(7200, None), None, true), with(1800, Refresher::Peer, true));
        let least = Some(Duration::from_secs(3600));
        assert_eq!(TERMS.answer(asked(7200, None), least, true), with(3600, Refresher::Peer, true));
    }

    #[test]
    fn bye_goes_out_before_the_session_is_over() {
        // RFC 4028, 10: the lesser of 32 s and a third before the end.
        let long = SessionTimer { span: Duration::from_secs(1800), refresher: Refresher::Peer };
        assert_eq!(long.expires_after(), Duration::from_secs(1768));
        let short = SessionTimer { span: Duration::from_secs(90), refresher: Refresher::Peer };
        assert_eq!(short.expires_after(), Duration::from_secs(60));
        assert_eq!(short.refresh_after(), Duration::from_secs(45));
    }
}
