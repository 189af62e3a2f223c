//! The values that peers use: numbers, bodies, targets; some are right, some wrong.

/// Numbers that a peer may dial.
pub(crate) const NUMBERS: [&str; 18] = [
    "7000",
    "7001",
    "7002",
    "a001",
    "a002",
    "a003",
    "a004",
    "0991234567",
    "022345678",
    "*11",
    "*12",
    "*13",
    "*141",
    "*15",
    "*16x",
    "9999",
    "%2A12",
    "+593991234567",
];

/// Statuses that a peer may answer to an INVITE.
pub(crate) const ANSWERS: [u16; 16] =
    [200, 180, 200, 183, 486, 200, 603, 302, 404, 480, 500, 100, 503, 199, 401, 491];

/// Spans of time in one step, in milliseconds.
pub(crate) const SPANS: [u64; 16] = [
    1, 20, 100, 500, 1_000, 2_000, 4_100, 10_000, 16_000, 33_000, 65_000, 121_000, 185_000, 600_000,
    1_800_000, 3_700_000,
];

/// An SDP body that a peer may offer or answer; empty means no body.
pub(crate) fn sdp(choice: u8, port: u16) -> String {
    let port = 30_000 + port * 2;
    let audio = |ip: &str, formats: &str, lines: &str| {
        format!(
            "v=0\r\no=- 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio {port} RTP/AVP {formats}\r\n{lines}"
        )
    };
    match choice % 14 {
        1 => audio("127.0.0.9", "8 0 101", "a=rtpmap:101 telephone-event/8000\r\na=sendonly\r\n"),
        2 => audio("127.0.0.9", "0", "a=inactive\r\n"),
        3 => audio("127.0.0.9", "8", "a=recvonly\r\n"),
        4 => audio("0.0.0.0", "8 0", ""),
        5 => audio("127.0.0.9", "9", "a=rtpmap:9 G722/8000\r\n"),
        6 => audio("127.0.0.9", "97", "a=rtpmap:97 opus/48000/2\r\n"),
        7 => audio("127.0.0.9", "8", "m=video 9 RTP/AVP 96\r\nm=audio 9000 RTP/AVP 0\r\n"),
        8 => "v=0\r\nthis is no SDP".to_owned(),
        9 => String::new(),
        10 => audio("carrier.example", "8", ""),
        11 => audio("127.0.0.9", "0 8", "").replace(&port.to_string(), "0"),
        _ => audio("127.0.0.9", "8 0 101", "a=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n"),
    }
}

/// The target of a REFER.
pub(crate) fn refer_to(choice: u8) -> String {
    match NUMBERS.get(usize::from(choice)) {
        Some(number) => format!("<sip:{number}@turno>"),
        None if choice & 1 == 0 => "<tel:+593991234567>".to_owned(),
        None => "<sip:>;x=<".to_owned(),
    }
}
