//! Recognises SIP scanners by the name that they send.

use crate::gate::priority::header;

/// Names in User-Agent, in lower case. A scanner that changes its name is caught by its behaviour.
const NAMES: [&[u8]; 14] = [
    b"friendly-scanner",
    b"friendly-request",
    b"sipvicious",
    b"sipcli",
    b"sip-scan",
    b"sipscan",
    b"sipsak",
    b"sundayddr",
    b"iwar",
    b"vaxsipuseragent",
    b"vaxsip",
    b"pplsip",
    b"sipptk",
    b"gulp",
];

/// Whether the message names a scanner as its sender.
pub(crate) fn is_scanner(bytes: &[u8]) -> bool {
    let names = |value: &[u8]| NAMES.iter().any(|name| contains(value, name));
    header(bytes, b"user-agent", 0).is_some_and(names)
        || header(bytes, b"from", b'f').is_some_and(|from| contains(from, b"sipvicious"))
}

fn contains(text: &[u8], name: &[u8]) -> bool {
    text.windows(name.len()).any(|here| here.eq_ignore_ascii_case(name))
}
