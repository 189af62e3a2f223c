//! Changes messages between a caller's phone and the network: for a proxy that stays in the dialog, or a phone that
//! sends from another port.

use bytes::Bytes;
use std::net::SocketAddr;

/// Begins the proxy's branch. The rest is the phone's branch, so that a CANCEL and an ACK match their INVITE.
const BRANCH: &str = "z9hG4bK-proxy-";

/// A phone's request as its proxy sends it: with a Via and a Record-Route, and without the Route to the proxy.
pub(crate) fn forwarded(bytes: &Bytes, sends: SocketAddr, listens: SocketAddr) -> Bytes {
    let Some((first, head, body)) = parts(bytes) else { return bytes.clone() };
    if first.starts_with("SIP/2.0") {
        return bytes.clone();
    }
    let own = listens.to_string();
    let branch = head.lines().find_map(|line| line.strip_prefix("Via:")?.split("branch=").nth(1));
    let branch = branch.and_then(|rest| rest.split(';').next()).unwrap_or_default();
    let mut text = format!("{first}\r\nVia: SIP/2.0/UDP {sends};branch={BRANCH}{branch};rport\r\n");
    if first.starts_with("INVITE ") {
        text += &format!("Record-Route: <sip:{own};lr>\r\n");
    }
    for line in head.split_inclusive("\r\n") {
        if !(line.starts_with("Route:") && line.contains(&own)) {
            text += line;
        }
    }
    Bytes::from(text + "\r\n\r\n" + body)
}

/// A message that came to `at`, as the proxy gives it to the phone; `None` if the proxy must not get it there.
pub(crate) fn received(
    bytes: &Bytes,
    at: SocketAddr,
    sends: SocketAddr,
    listens: SocketAddr,
) -> Option<Bytes> {
    let (first, head, body) = parts(bytes)?;
    let is_response = first.starts_with("SIP/2.0");
    // Responses arrive at the address of the Via, requests at that of the route set.
    if at != if is_response { sends } else { listens } {
        return None;
    }
    let own = format!("Route: <sip:{listens};lr>");
    let (mut text, mut is_top, mut is_routed) = (format!("{first}\r\n"), true, is_response);
    for line in head.split_inclusive("\r\n") {
        let is_our_via = is_response && core::mem::take(&mut is_top) && line.contains(BRANCH);
        let is_our_route = !is_response && line.starts_with(&own);
        is_routed |= is_our_route;
        if !is_our_via && !is_our_route {
            text += line;
        }
    }
    is_routed.then(|| Bytes::from(text + "\r\n\r\n" + body))
}

/// A phone's request without rport.
pub(crate) fn without_rport(bytes: &Bytes) -> Bytes {
    let Some((first, head, body)) = parts(bytes).filter(|(first, ..)| !first.starts_with("SIP/2.0")) else {
        return bytes.clone();
    };
    Bytes::from(format!("{first}\r\n{}\r\n\r\n{body}", head.replacen(";rport", "", 1)))
}

/// The first line, the headers without the last CRLF, and the body.
fn parts(bytes: &Bytes) -> Option<(&str, &str, &str)> {
    let text = core::str::from_utf8(bytes).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let (first, head) = head.split_once("\r\n")?;
    Some((first, head, body))
}
