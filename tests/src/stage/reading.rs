//! Parses every message of the engine with rsip and compares the values with the header lines.

use rsip::headers::{ToTypedHeader, UntypedHeader};
use rsip::message::HeadersExt;
use rsip::{Request, SipMessage};

/// Panics unless rsip parses `bytes` with the values that the lines show.
pub(crate) fn check_by_rsip(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let message = SipMessage::try_from(bytes).unwrap_or_else(|error| panic!("rsip: {error}\n{text}"));
    let (head, body) = text.split_once("\r\n\r\n").expect("an empty line ends the head");
    let line = |name: &str| value(head, name).unwrap_or_else(|| panic!("no {name}\n{text}"));
    let read = |name: &str, read: Option<String>| {
        assert_eq!(read.as_deref(), Some(line(name)), "rsip reads another {name}\n{text}");
    };
    read("From", message.from_header().ok().map(|it| it.value().to_owned()));
    read("To", message.to_header().ok().map(|it| it.value().to_owned()));
    read("Call-ID", message.call_id_header().ok().map(|it| it.value().to_owned()));
    read("CSeq", message.cseq_header().ok().map(|it| it.value().to_owned()));
    let via = message.via_header().expect("Via").clone().typed();
    let via = via.unwrap_or_else(|error| panic!("Via: {error}\n{text}"));
    assert!(via.branch().is_some(), "a Via without a branch\n{text}");
    let from = message.from_header().expect("From").clone().typed();
    assert!(from.unwrap_or_else(|error| panic!("From: {error}\n{text}")).tag().is_some(), "{text}");
    let to = message.to_header().expect("To").clone().typed();
    to.unwrap_or_else(|error| panic!("To: {error}\n{text}"));
    let cseq = message.cseq_header().expect("CSeq").clone().typed();
    let cseq = cseq.unwrap_or_else(|error| panic!("CSeq: {error}\n{text}"));
    assert_eq!(line("Content-Length"), body.len().to_string(), "{text}");
    match &message {
        SipMessage::Request(request) => {
            assert_eq!(cseq.method, request.method, "{text}");
            check_request(request, head);
        }
        SipMessage::Response(response) => {
            let status = head.split(' ').nth(1).expect("a status");
            assert_eq!(response.status_code.code().to_string(), status, "{text}");
        }
    }
}

fn check_request(request: &Request, head: &str) {
    let mut first = head.lines().next().expect("a first line").split(' ');
    assert_eq!(first.next().map(str::to_owned), Some(request.method.to_string()));
    assert_eq!(first.next().map(str::to_owned), Some(request.uri.to_string()));
    assert_eq!(value(head, "Max-Forwards"), Some("70"));
}

/// The value of the first header line of this name.
pub fn value<'a>(message: &'a str, name: &str) -> Option<&'a str> {
    message.lines().take_while(|line| !line.is_empty()).find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}
