//! Minimal parsing of turno's messages, and the SDP and responses of a load.

use core::str;

/// The value of the first header `name` in the form that turno writes.
pub(crate) fn header<'a>(message: &'a [u8], name: &str) -> &'a str {
    let mut lines = message.split(|byte| *byte == b'\n');
    lines.next();
    for line in lines {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        let Some(rest) = line.strip_prefix(name.as_bytes()) else { continue };
        if let Some(value) = rest.strip_prefix(b": ") {
            return str::from_utf8(value).unwrap_or("");
        }
    }
    ""
}

/// The method of a request; empty for a response.
pub(crate) fn method(message: &[u8]) -> &str {
    let end = message.iter().position(|byte| *byte == b' ').unwrap_or(0);
    match &message[..end] {
        b"SIP/2.0" => "",
        method => str::from_utf8(method).unwrap_or(""),
    }
}

/// The status of a response.
pub(crate) fn status(message: &[u8]) -> u16 {
    message.get(8..11).and_then(|code| str::from_utf8(code).ok()?.parse().ok()).unwrap_or(0)
}

/// The number after `mark` in a text, such as an agent's number after `sip:a`.
pub(crate) fn number_after(text: &str, mark: &str) -> Option<usize> {
    let rest = &text[text.find(mark)? + mark.len()..];
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

/// The URI in a name-addr.
pub(crate) fn uri(value: &str) -> &str {
    let inner = value.split_once('<').map_or(value, |(_, rest)| rest);
    inner.split_once('>').map_or(inner, |(uri, _)| uri)
}

/// The SDP of both sides.
pub(crate) fn sdp(port: u16) -> String {
    format!(
        "v=0\r\no=load 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 8 0 101\r\n\
         a=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n\
         a=ptime:20\r\na=sendrecv\r\n"
    )
}

/// The last headers and the body of a message with SDP.
pub(crate) fn with_sdp(port: u16) -> String {
    let sdp = sdp(port);
    format!("Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{sdp}", sdp.len())
}

/// A 2xx or provisional response to a request of turno, with `tag` added to To if it has none.
pub(crate) fn response(request: &[u8], status: &str, tag: &str, rest: &str) -> String {
    let to = header(request, "To");
    let tag = if to.contains(";tag=") { String::new() } else { format!(";tag={tag}") };
    format!(
        "SIP/2.0 {status}\r\nVia: {}\r\nFrom: {}\r\nTo: {to}{tag}\r\nCall-ID: {}\r\nCSeq: {}\r\n{rest}",
        header(request, "Via"),
        header(request, "From"),
        header(request, "Call-ID"),
        header(request, "CSeq"),
    )
}

/// The end of a message without a body.
pub(crate) const NO_BODY: &str = "Content-Length: 0\r\n\r\n";
