//! The list of all differences between the three parsers, with the reason of each.

use std::fmt::Write;

use Other::{Rsip, Sipx};

/// The other parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Other {
    /// sipx-sip 1.0.1.
    Sipx,
    /// rsip 0.4.0.
    Rsip,
}

/// Our parser accepts the message, the other refuses it.
pub(crate) const OURS_ALONE: &str = "accepted only by ours";

/// The other parser accepts the message, ours refuses it.
pub(crate) const THEIRS_ALONE: &str = "accepted only by the other";

/// Differences that have the same reason.
pub(crate) struct Difference {
    pub(crate) other: Other,
    pub(crate) fields: &'static [&'static str],
    pub(crate) cases: &'static [&'static str],
    pub(crate) reason: &'static str,
}

const OURS: &[&str] = &[OURS_ALONE];
const THEIRS: &[&str] = &[THEIRS_ALONE];

const fn differ(
    other: Other,
    fields: &'static [&'static str],
    cases: &'static [&'static str],
    reason: &'static str,
) -> Difference {
    Difference { other, fields, cases, reason }
}

/// Every difference. A case of RFC 4475 has its name from the RFC.
#[rustfmt::skip]
pub(crate) const DIFFERENCES: &[Difference] = &[
    differ(Sipx, OURS, &["a Via with blanks"],
        "RFC 3261, 25.1: white space may stand around the slashes and the colon of a Via"),
    differ(Sipx, OURS, &["empty lines first"],
        "RFC 3261, 7.5: empty lines before a start line are skipped; ours skips them in datagrams too"),
    differ(Sipx, OURS, &["badaspec", "blanks inside the brackets"],
        "RFC 4475, 3.1.2.14: blanks around a URI in brackets may be accepted, and ours accepts them"),
    differ(Sipx, OURS, &["baddn"],
        "RFC 4475, 3.1.2.15: the datagram ends before the empty line does; ours accepts it if Content-Length is 0"),
    differ(Sipx, OURS, &["two Content-Lengths that agree"],
        "RFC 3261, 20.14: two equal values leave no doubt where the body ends"),
    differ(Sipx, OURS, &["a byte changed in From", "a byte changed in To", "a byte changed in Via", "a byte changed in the start line"],
        "RFC 3261, 16.3: a host, an escape, a tag or a branch is checked when it is used, and is sent back unchanged"),
    differ(Sipx, &["Contact"], &["a byte changed in Contact"],
        "RFC 3261, 16.3: a URI in Contact is checked when it is used"),
    differ(Sipx, &["From tag"], &["a tag in quotes"],
        "RFC 3261, 25.1: a tag is a token; ours keeps the quotes, so that the tag is sent back unchanged"),
    differ(Sipx, &["Call-ID"], &["a byte changed in Call-ID"],
        "RFC 3261, 25.1: a Call-ID is ASCII; a byte that is not UTF-8 reads as `?` in ours, and is sent back unchanged"),
    differ(Sipx, THEIRS, &["bcast", "a response with two Vias"],
        "RFC 3261, 8.1.3.3: a response with more than one Via is not for us"),
    differ(Sipx, THEIRS, &["regbadct", "a Contact that is no address", "a Contact with a header in its URI", "a byte changed in Contact"],
        "RFC 3261, 20.10; RFC 4475, 3.1.2.13: a Contact that can't be read is refused before the message is handled"),
    differ(Sipx, THEIRS, &["a byte changed in Content-Type", "a byte changed in Max-Forwards"],
        "RFC 3261, 7.3.1 and 7.3.3: the line became part of Contact, or `m`, its short name; then as above"),
    differ(Sipx, THEIRS, &["a byte changed in Content-Length"],
        "RFC 3261, 7.3.1: the name became `c`, and Content-Type appears twice"),
    differ(Sipx, THEIRS, &["a Via of version 1", "a byte changed in Via"],
        "RFC 3261, 20.42: the grammar allows other protocols in Via; ours accepts only SIP/2.0"),

    differ(Rsip, OURS, &["compact names", "dblreq", "baddn", "longreq"],
        "RFC 3261, 7.3.3: rsip does not know compact names"),
    differ(Rsip, OURS, &["wsinv", "esc01", "a folded From", "a fold before the value"],
        "RFC 3261, 7.3.1: rsip does not know folding"),
    differ(Rsip, OURS, &["blanks before the colon"],
        "RFC 3261, 25.1 (HCOLON): blanks may stand before the colon"),
    differ(Rsip, OURS, &["empty lines first"],
        "RFC 3261, 7.5: empty lines before a start line are skipped"),
    differ(Rsip, OURS, &["an unknown method", "esc02", "intmeth"],
        "RFC 3261, 7.1: a method is any token; rsip knows a list"),
    differ(Rsip, OURS, &["the version in lower case"],
        "RFC 3261, 7.1: SIP-Version is compared in any case"),
    differ(Rsip, OURS, &["a Request-URI of IPv6", "a Via of IPv6"],
        "RFC 3261, 19.1.1: rsip does not know IPv6"),
    differ(Rsip, OURS, &["a Request-URI of tel", "unkscm", "unksm2"],
        "RFC 3261, 19.1.5 and 25.1; RFC 3966: rsip reads only sip and sips URIs"),
    differ(Rsip, OURS, &["semiuri"],
        "RFC 4475, 3.1.1.9: a semicolon in the user part belongs to the user"),
    differ(Rsip, OURS, &["a Via with blanks", "blanks around a parameter"],
        "RFC 3261, 25.1 (SEMI, EQUAL, COLON, SLASH): blanks may stand around separators"),
    differ(Rsip, OURS, &["a tag in quotes", "a bracket in the display name"],
        "RFC 3261, 25.1: rsip does not know quoted strings"),
    differ(Rsip, OURS, &["badaspec"],
        "RFC 4475, 3.1.2.14: blanks around a URI in brackets may be accepted, and ours accepts them"),
    differ(Rsip, &["To"], &["blanks inside the brackets"],
        "RFC 4475, 3.1.2.14: rsip takes the blank for a part of the URI"),
    differ(Rsip, OURS, &["a status line without the last blank"],
        "RFC 3261, 7.2: some peers leave out the blank and the reason; ours accepts it"),
    differ(Rsip, &["uri"], &["a Request-URI with parameters"],
        "RFC 3261, 19.1.4: rsip writes the transport in capitals; both mean the same"),
    differ(Rsip, &["Contact"], &["regescrt", "a Contact of a browser", "two Contacts in one line", "a byte changed in Contact"],
        "RFC 3261, 20.10: rsip reads no list, no quoted parameter and no escaped header in a Contact"),
    differ(Rsip, THEIRS, &["clerr", "ncl", "Content-Length too long", "Content-Length negative", "Content-Length with a plus"],
        "RFC 3261, 18.3 and 20.14: rsip does not look at Content-Length"),
    differ(Rsip, THEIRS, &["mcl01", "two Content-Lengths that differ"],
        "RFC 4475, 3.3.9: rsip does not look at Content-Length"),
    differ(Rsip, &["body"], &["Content-Length too short", "bytes after the body", "a byte changed in Content-Length"],
        "RFC 3261, 18.3: bytes after the Content-Length do not belong to the body"),
    differ(Rsip, THEIRS, &["multi01", "two Call-IDs", "two Froms", "two CSeqs", "two Max-Forwards"],
        "RFC 4475, 3.3.8: a header that is allowed once appears twice"),
    differ(Rsip, THEIRS, &["an empty Call-ID"], "RFC 3261, 25.1: a Call-ID has at least one character"),
    differ(Rsip, THEIRS, &["Max-Forwards of 256", "Max-Forwards in words"], "RFC 3261, 20.22: 0 to 255"),
    differ(Rsip, THEIRS, &["CSeq beyond 2^31"], "RFC 3261, 8.1.1.5: below 2^31"),
    differ(Rsip, THEIRS, &["CSeq of a lower-case method"], "RFC 3261, 7.1: methods are case-sensitive"),
    differ(Rsip, THEIRS, &["a status of 99", "a status of 700"], "RFC 3261, 7.2: 100 to 699"),
    differ(Rsip, THEIRS, &["bcast", "a response with two Vias"],
        "RFC 3261, 8.1.3.3: a response with more than one Via is not for us"),
    differ(Rsip, THEIRS, &["badinv01", "a Via with an empty parameter", "a Via of version 1"],
        "RFC 3261, 20.42; RFC 4475, 3.1.2.1: rsip takes what it can read of a Via"),
    differ(Rsip, THEIRS, &["quotbal", "an open quote in From"], "RFC 4475, 3.1.2.6: a quote that is not closed"),
    differ(Rsip, THEIRS, &["ltgtruri", "two blanks in the start line", "a Request-URI without a scheme"],
        "RFC 3261, 7.1; RFC 4475, 3.1.2.7: the start line is not method, URI and version with one blank between"),
    differ(Rsip, THEIRS, &["regbadct", "a Contact that is no address", "a Contact with a header in its URI", "a byte changed in Contact"],
        "RFC 3261, 20.10; RFC 4475, 3.1.2.13: a Contact that can't be read is refused before the message is handled"),
    differ(Rsip, THEIRS, &["a lone CR in a value"], "RFC 3261, 7: lines end in CRLF; CR and LF are not allowed elsewhere"),
    differ(Rsip, OURS, &["a byte changed in Call-ID", "a byte changed in Contact", "a byte changed in Content-Length", "a byte changed in Content-Type", "a byte changed in From", "a byte changed in Max-Forwards", "a byte changed in To", "a byte changed in Via", "a byte changed in the start line"],
        "RFC 3261, 16.3: rsip reads ASCII and its narrower grammar as above; ours checks a value when it is used"),
    differ(Rsip, THEIRS, &["a byte changed in Call-ID", "a byte changed in Content-Length", "a byte changed in Content-Type", "a byte changed in From", "a byte changed in Max-Forwards", "a byte changed in To", "a byte changed in Via", "a byte changed in the start line"],
        "RFC 3261, 7, 20 and 25.1: lone CR and LF, lengths, quotes, Vias and start lines as above"),
    differ(Rsip, &["Call-ID"], &["a byte changed in Call-ID"], "RFC 3261, 7.3.1: rsip keeps the blanks at a value's end"),
    differ(Rsip, &["From"], &["a byte changed in From"], "RFC 3261, 25.1: rsip drops what follows a host that it has read"),
    differ(Rsip, &["To"], &["a byte changed in To"], "RFC 3261, 25.1: rsip drops what follows a host that it has read"),
    differ(Rsip, &["Max-Forwards"], &["a byte changed in Max-Forwards"], "RFC 3261, 7.3.1: rsip does not read a number with a blank behind it"),
    differ(Rsip, &["branch", "sent-by"], &["a byte changed in Via"],
        "RFC 3261, 25.1: rsip drops what follows a token, and does not end a Via at its comma"),
];

/// The list as a Markdown table.
pub(crate) fn table() -> String {
    let mut text = String::new();
    for (other, name) in [(Sipx, "sipx-sip 1.0.1"), (Rsip, "rsip 0.4.0")] {
        let _ = writeln!(text, "## {name}\n\n| messages | what differs | why |\n| --- | --- | --- |");
        for difference in DIFFERENCES.iter().filter(|difference| difference.other == other) {
            let Difference { fields, cases, reason, .. } = difference;
            let _ = writeln!(text, "| {} | {} | {reason} |", cases.join("; "), fields.join(", "));
        }
        let _ = writeln!(text);
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}
