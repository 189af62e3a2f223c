//! Target `wire`: a datagram of any bytes is scanned, read by every parser, written back and read again.

use std::net::SocketAddr;

use bytes::Bytes;
use turno_sip::{
    HEADER_COUNT_MAX, LIST_VALUES_MAX, Malformed, Message, Name, Request, Response, check_request,
    check_response,
};

/// Source address of every message.
const SOURCE: ([u8; 4], u16) = ([198, 51, 100, 7], 40_123);

/// Headers that the writer adds itself.
const WRITTEN_APART: [Name; 2] = [Name::ContentType, Name::ContentLength];

/// Headers whose values are read.
const READ: [Name; 14] = [
    Name::Contact,
    Name::Route,
    Name::RecordRoute,
    Name::Path,
    Name::PAssertedIdentity,
    Name::Diversion,
    Name::ReferTo,
    Name::Supported,
    Name::Require,
    Name::Via,
    Name::Expires,
    Name::MinSe,
    Name::RSeq,
    Name::Other,
];

/// Checks that a parsed message is the same after it is written and read again, and that a refusal has a reason.
pub fn wire(bytes: &[u8]) {
    let bytes = Bytes::copy_from_slice(bytes);
    let message = match Message::scan(&bytes) {
        Ok(message) => message,
        Err(fault) => return refused(&bytes, fault),
    };
    assert_eq!(message.bytes(), &bytes);
    read_all(&message);
    written_back(&message);
    if message.is_request() {
        answered(&message);
    } else {
        let _ = check_response(&message);
    }
}

/// Checks that the refusal of a request that cannot be parsed is a correct message.
fn refused(bytes: &Bytes, fault: Malformed) {
    let Some(salvaged) = Message::salvage(bytes) else { return };
    read_all(&salvaged);
    let source = SocketAddr::from(SOURCE);
    let refusal =
        Response::to(&salvaged, fault.status().unwrap_or(400), "", Some("us"), Some(source)).finish();
    let again = Message::scan(&refusal);
    let is_read = again.is_ok() || matches!(again, Err(Malformed::HeaderTooLong | Malformed::TooManyHeaders));
    assert!(is_read, "{again:?}: {}", String::from_utf8_lossy(&refusal));
}

fn read_all(message: &Message) {
    assert_eq!(message.is_request(), message.status().is_none());
    assert!(message.status().is_none_or(|status| (100..700).contains(&status)));
    let _ = (message.reason(), message.method_name(), message.call_id(), message.is_version_2());
    if let Ok(via) = message.top_via() {
        let _ = (via.branch(), via.unique_branch(), via.rport(), via.received(), via.wants_rport());
        assert!(!via.host.is_empty());
    }
    for address in [message.from(), message.to()].into_iter().flatten() {
        let _ = (address.tag(), address.display_name(), address.uri().map(|uri| uri.socket_addr()));
        assert!(!address.uri.is_empty());
    }
    assert!(message.cseq().is_ok_and(|cseq| cseq.number < 1 << 31) || message.cseq().is_err());
    for name in READ {
        assert_eq!(message.has(name), message.header(name).is_some());
        assert!(message.values(name).all(|value| !value.is_empty()));
        assert!(message.values(name).count() <= LIST_VALUES_MAX);
        let _ = (message.number(name), message.address(name).map(|address| address.is_star()));
    }
    assert!(message.headers().count() <= HEADER_COUNT_MAX);
    for (_, name, value) in message.headers() {
        assert!(!name.is_empty() && !name.contains([':', ' ', '\r', '\n']), "{name:?}");
        assert!(!value.contains(['\r', '\n']), "{value:?}");
        assert!(message.other_header(name).is_some());
    }
}

/// Writes the message with turno's writer and checks that it is parsed equally.
fn written_back(message: &Message) {
    if !message.is_request() {
        return;
    }
    let mut request = Request::named(message.method_name(), message.request_uri());
    let kept = || message.headers().filter(|(name, _, _)| !WRITTEN_APART.contains(name));
    for (_, name, value) in kept() {
        request = request.other_header(name, value);
    }
    let written = request.body("a/b", &message.body());
    let again = match Message::scan(&written) {
        Ok(again) => again,
        // The writer adds two lines and writes header names in full, so the result may be too long.
        Err(Malformed::TooManyHeaders | Malformed::MessageTooLong | Malformed::HeaderTooLong) => return,
        Err(fault) => panic!("{fault}: {}", String::from_utf8_lossy(&written)),
    };
    assert_eq!(again.method_name(), message.method_name());
    assert_eq!(again.request_uri(), message.request_uri());
    assert_eq!(again.body(), message.body());
    let read = again.headers().filter(|(name, _, _)| !WRITTEN_APART.contains(name));
    assert!(read.eq(kept()), "{}", String::from_utf8_lossy(&written));
}

/// Checks that turno's response to a valid request is valid for its sender.
fn answered(request: &Message) {
    let verdict = check_request(request);
    let (status, reason) = verdict.as_ref().map_or_else(|why| (why.status, why.reason), |()| (200, ""));
    let response = Response::to(request, status, reason, Some("us"), Some(SocketAddr::from(SOURCE))).finish();
    let again = match Message::scan(&response) {
        Ok(again) => again,
        Err(Malformed::HeaderTooLong | Malformed::TooManyHeaders | Malformed::MessageTooLong) => return,
        Err(fault) => panic!("{fault}: {}", String::from_utf8_lossy(&response)),
    };
    assert_eq!(again.status(), Some(status));
    assert_eq!(again.call_id(), request.call_id());
    if verdict.is_err() {
        return;
    }
    match check_response(&again) {
        Ok(()) | Err(Malformed::Repeated(Name::Via)) => {}
        Err(fault) => panic!("{fault}: {}", String::from_utf8_lossy(&response)),
    }
    let (sent, back) = (request.top_via(), again.top_via());
    assert_eq!(sent.map(|via| via.branch()), back.map(|via| via.branch()));
    assert!(again.to().is_ok_and(|to| to.tag().is_some()), "{}", String::from_utf8_lossy(&response));
    assert_eq!(again.cseq(), request.cseq());
}
