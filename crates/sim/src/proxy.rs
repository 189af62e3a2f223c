//! What happens to a caller's datagrams between the phone and the network: a proxy that stays in the dialog, or a phone that
//! has another port for what it sends.

use bytes::Bytes;
use std::net::SocketAddr;

/// Begins the branch of a proxy, which is made of the phone's: so a CANCEL and an ACK have their INVITE's.
const BRANCH: &str = "z9hG4bK-proxy-";

/// A phone's message as its proxy sends it: with a Via and a Record-Route, and without the Route that led here.
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

/// What the proxy passes on to its phone of a message that came to `at`; `None` if it has no business there.
pub(crate) fn received(
    bytes: &Bytes,
    at: SocketAddr,
    sends: SocketAddr,
    listens: SocketAddr,
) -> Option<Bytes> {
    let (first, head, body) = parts(bytes)?;
    let is_response = first.starts_with("SIP/2.0");
    // Responses come to where their Via says, requests to where the route set says.
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

/// A phone's message without its wish to be answered at the port that it sends from.
pub(crate) fn without_rport(bytes: &Bytes) -> Bytes {
    let Some((first, head, body)) = parts(bytes).filter(|(first, ..)| !first.starts_with("SIP/2.0")) else {
        return bytes.clone();
    };
    Bytes::from(format!("{first}\r\n{}\r\n\r\n{body}", head.replacen(";rport", "", 1)))
}

/// The first line, the headers without the last line's end, and the body.
fn parts(bytes: &Bytes) -> Option<(&str, &str, &str)> {
    let text = core::str::from_utf8(bytes).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let (first, head) = head.split_once("\r\n")?;
    Some((first, head, body))
}
