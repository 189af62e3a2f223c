//! By which diversions a call came: Diversion (RFC 5806) and History-Info (RFC 7044).

use smallvec::SmallVec;

use crate::message::header::Name;
use crate::message::name_addr::NameAddr;
use crate::message::params::unquote;
use crate::message::received::Message;
use crate::message::uri::{Uri, unescape};

/// Cap on the diversions of a call that are read, the latest first.
pub const DIVERSIONS_MAX: usize = 3;

/// Cap on the entries of History-Info that are read. The latest are at the end.
const ENTRIES_MAX: usize = 16;

/// One diversion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diversion<'a> {
    /// The URI that was called.
    pub uri: &'a str,
    /// Why the call was diverted: a word of RFC 5806, 9, such as `user-busy`. Any other word is `unknown`.
    pub reason: &'static str,
    /// Whether the number of this URI is withheld.
    pub is_private: bool,
}

impl Message {
    /// The diversions of this request, the latest first, at most [`DIVERSIONS_MAX`]. History-Info is read where there is no
    /// Diversion: networks that write both say the same in both.
    pub fn diversions(&self) -> SmallVec<[Diversion<'_>; 1]> {
        if self.has(Name::Diversion) {
            self.by_diversion()
        } else if self.has(Name::HistoryInfo) {
            self.by_history()
        } else {
            SmallVec::new()
        }
    }

    /// The last diversion is on top (RFC 5806, 4.1).
    fn by_diversion(&self) -> SmallVec<[Diversion<'_>; 1]> {
        let read = |value| {
            let who = NameAddr::parse(Name::Diversion, value).ok()?;
            let reason = unquote(who.param("reason").unwrap_or("unknown"));
            let privacy = unquote(who.param("privacy").unwrap_or_default());
            let is_private = ["full", "uri"].iter().any(|word| privacy.eq_ignore_ascii_case(word));
            Some(Diversion { uri: who.uri, reason: known(&reason), is_private })
        };
        self.values(Name::Diversion).take(DIVERSIONS_MAX).filter_map(read).collect()
    }

    /// The last diversion is at the end. An entry was diverted if its URI has a Reason, or if the next URI has a cause
    /// (RFC 7044, 10.2; RFC 4458); the last entry is where the call goes now.
    fn by_history(&self) -> SmallVec<[Diversion<'_>; 1]> {
        let is_hidden = self.lists(Name::Privacy, "history") || self.privacy_has("history");
        let entries = self.values(Name::HistoryInfo).take(ENTRIES_MAX);
        let uris: SmallVec<[&str; 4]> =
            entries.filter_map(|value| Some(NameAddr::parse(Name::HistoryInfo, value).ok()?.uri)).collect();
        let of_pair = |pair: &[&str]| {
            let (called, next) = (Uri::parse(pair[0]).ok()?, Uri::parse(pair[1]).ok());
            let headers = unescape(called.headers);
            let given = headers.to_ascii_lowercase();
            let cause = given.contains("reason=").then(|| cause_in(&given)).flatten();
            let cause = cause.or_else(|| next?.param("cause")?.parse().ok())?;
            Some((reason_of(cause), is_hidden || given.contains("privacy=history")))
        };
        let pairs = uris.windows(2).rev();
        pairs
            .filter_map(|pair| {
                let (reason, is_private) = of_pair(pair)?;
                Some(Diversion { uri: pair[0], reason, is_private })
            })
            .take(DIVERSIONS_MAX)
            .collect()
    }

    /// Whether the Privacy header, whose words are apart by semicolons (RFC 3323, 4.2), has this one.
    fn privacy_has(&self, word: &str) -> bool {
        let mut lines = self.raw_values(Name::Privacy);
        lines.any(|line| {
            line.split(|sign| *sign == b';').any(|it| it.trim_ascii().eq_ignore_ascii_case(word.as_bytes()))
        })
    }
}

/// The number behind `cause=`.
fn cause_in(text: &str) -> Option<u16> {
    let (_, rest) = text.split_once("cause=")?;
    let end = rest.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

/// The words of RFC 5806, 9.
const REASONS: [&str; 11] = [
    "unknown",
    "user-busy",
    "no-answer",
    "unavailable",
    "unconditional",
    "time-of-day",
    "do-not-disturb",
    "deflection",
    "follow-me",
    "out-of-service",
    "away",
];

fn known(reason: &str) -> &'static str {
    REASONS.into_iter().find(|word| reason.eq_ignore_ascii_case(word)).unwrap_or("unknown")
}

/// The word of RFC 5806 for a cause of RFC 4458, 2.
const fn reason_of(cause: u16) -> &'static str {
    match cause {
        486 | 600 => "user-busy",
        408 => "no-answer",
        302 => "unconditional",
        480 | 487 => "deflection",
        503 => "unavailable",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::prelude::*;

    use super::*;

    fn invite(headers: &str) -> Message {
        let text = format!(
            "INVITE sip:7001@turno SIP/2.0\r\nVia: SIP/2.0/UDP c;branch=z9hG4bK1\r\nFrom: <sip:1@c>;tag=1\r\n\
             To: <sip:7001@turno>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n{headers}Content-Length: 0\r\n\r\n"
        );
        Message::scan(&Bytes::from(text)).expect("a message")
    }

    fn read(headers: &str) -> Vec<(String, String, bool)> {
        let message = invite(headers);
        let of = |it: &Diversion<'_>| (it.uri.to_owned(), it.reason.to_owned(), it.is_private);
        message.diversions().iter().map(of).collect()
    }

    fn told(uri: &str, reason: &str, is_private: bool) -> (String, String, bool) {
        (uri.to_owned(), reason.to_owned(), is_private)
    }

    #[test]
    fn the_latest_diversion_comes_first() {
        // RFC 5806, 4.1 and 9.
        let two = "Diversion: \"Home\" <sip:0222@c>;reason=User-Busy;counter=1, <tel:+593333>;reason=\"no-answer\"\r\n\
                   Diversion: <sip:0444@c>;privacy=full\r\nDiversion: <sip:0555@c>\r\n";
        assert_eq!(
            read(two),
            [
                told("sip:0222@c", "user-busy", false),
                told("tel:+593333", "no-answer", false),
                told("sip:0444@c", "unknown", true),
            ]
        );
        assert_eq!(read(""), []);
    }

    #[test]
    fn a_history_says_who_was_called_before_and_why_not() {
        // RFC 7044, 10.2 and appendix B; RFC 4458, 4.
        let header = "History-Info: <sip:0222@c?Reason=SIP%3Bcause%3D486>;index=1, <sip:0333@c>;index=1.1,\r\n \
                      <sip:0444@c;cause=408>;index=1.1.1;mp=1.1, <sip:7001@turno>;index=1.1.1.1\r\n";
        let busy = told("sip:0222@c?Reason=SIP%3Bcause%3D486", "user-busy", false);
        assert_eq!(read(header), [told("sip:0333@c", "no-answer", false), busy]);
        let hidden = "History-Info: <sip:0222@c?Reason=SIP%3Bcause%3D302&Privacy=history>;index=1, <sip:7001@t>;index=1.1\r\n";
        assert_eq!(
            read(hidden),
            [told("sip:0222@c?Reason=SIP%3Bcause%3D302&Privacy=history", "unconditional", true)]
        );
        let all = format!("Privacy: session;history\r\n{}", hidden.replace("&Privacy=history", ""));
        assert!(read(&all)[0].2, "the whole history is withheld");
    }

    #[test]
    fn diversion_goes_before_history() {
        let both = "History-Info: <sip:0222@c?Reason=SIP%3Bcause%3D302>;index=1, <sip:7001@t>;index=1.1\r\n\
                    Diversion: <sip:0333@c>;reason=away\r\n";
        assert_eq!(read(both), [told("sip:0333@c", "away", false)]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn hostile_headers_of_any_length_are_bounded(
            name in prop_oneof![Just("Diversion"), Just("History-Info")],
            values in prop::collection::vec("[ -~]{0,60}|<sip:[0-9]{1,9}@c(\\?Reason=SIP%3Bcause%3D[0-9]{1,9})?>;index=1", 0..60),
        ) {
            let headers: String = values.iter().map(|value| format!("{name}: {value}\r\n")).collect();
            let text = format!(
                "INVITE sip:7001@turno SIP/2.0\r\nVia: SIP/2.0/UDP c;branch=z9hG4bK1\r\nFrom: <sip:1@c>;tag=1\r\n\
                 To: <sip:7001@turno>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n{headers}Content-Length: 0\r\n\r\n"
            );
            if let Ok(message) = Message::scan(&Bytes::from(text)) {
                let read = message.diversions();
                prop_assert!(read.len() <= DIVERSIONS_MAX);
                prop_assert!(read.iter().all(|it| !it.uri.is_empty()));
            }
        }
    }
}
