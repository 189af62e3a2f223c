//! Descriptions in SIP messages: found, replaced, and made plain.

use std::net::SocketAddr;

use bytes::Bytes;

/// A message in two parts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts<'m> {
    pub(crate) head: &'m str,
    pub(crate) sdp: &'m str,
}

/// The parts of a message that carries SDP; `None` for any other.
pub(crate) fn with_sdp(message: &[u8]) -> Option<Parts<'_>> {
    let text = core::str::from_utf8(message).ok()?;
    let (head, sdp) = text.split_once("\r\n\r\n")?;
    let is_sdp = head.to_ascii_lowercase().contains("\r\ncontent-type: application/sdp");
    (is_sdp && !sdp.is_empty()).then_some(Parts { head, sdp })
}

/// The value of a header.
pub(crate) fn header<'m>(head: &'m str, name: &str) -> &'m str {
    let lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
    lines
        .into_iter()
        .find(|(key, _)| key.trim().eq_ignore_ascii_case(name))
        .map_or("", |(_, value)| value.trim())
}

/// The message with another description.
pub(crate) fn with_other(head: &str, sdp: &str) -> Bytes {
    let mut message = String::with_capacity(head.len() + sdp.len() + 32);
    for line in head.split("\r\n").filter(|line| !line.to_ascii_lowercase().starts_with("content-length:")) {
        message += line;
        message += "\r\n";
    }
    message += &format!("Content-Length: {}\r\n\r\n{sdp}", sdp.len());
    message.into()
}

/// The direction of a description's audio.
pub(crate) fn direction(sdp: &str) -> &'static str {
    let words = ["sendonly", "recvonly", "inactive"];
    let has = |word: &&&str| sdp.lines().any(|line| line.trim().strip_prefix("a=") == Some(**word));
    words.iter().find(has).copied().unwrap_or("sendrecv")
}

/// A description with another direction, and the next version of the session.
pub(crate) fn with_direction(sdp: &str, direction: &str, version: u32) -> String {
    let directions = ["a=sendrecv", "a=sendonly", "a=recvonly", "a=inactive"];
    let mut lines = String::with_capacity(sdp.len() + 16);
    for line in sdp.lines().map(str::trim_end) {
        if directions.contains(&line) {
            lines += "a=";
            lines += direction;
        } else if let Some(origin) = line.strip_prefix("o=") {
            let mut parts: Vec<&str> = origin.split(' ').collect();
            let next = version.to_string();
            if let Some(known) = parts.get_mut(2) {
                *known = &next;
            }
            lines += "o=";
            lines += &parts.join(" ");
        } else {
            lines += line;
        }
        lines += "\r\n";
    }
    lines
}

/// What the phone inside is told instead: plain RTP with G.711, at the address of a browser's candidate.
pub(crate) fn plain(sdp: &str) -> String {
    let direction = direction(sdp);
    let at = candidate(sdp).unwrap_or(SocketAddr::from(([127, 0, 0, 1], 9)));
    let (ip, family) = (at.ip(), if at.is_ipv4() { "IP4" } else { "IP6" });
    format!(
        "v=0\r\no=- 1 1 IN {family} {ip}\r\ns=-\r\nc=IN {family} {ip}\r\nt=0 0\r\nm=audio {} RTP/AVP 8 101\r\n\
         a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na={direction}\r\n",
        at.port()
    )
}

/// The address of the first candidate.
pub(crate) fn candidate(sdp: &str) -> Option<SocketAddr> {
    let line = sdp.lines().find_map(|line| line.strip_prefix("a=candidate:"))?;
    let mut words = line.split(' ').skip(4);
    let (ip, port) = (words.next()?, words.next()?);
    Some(SocketAddr::new(ip.parse().ok()?, port.trim().parse().ok()?))
}

/// The name by which a browser's end is known: another one means new keys.
pub(crate) fn fragment(sdp: &str) -> &str {
    sdp.lines().find_map(|line| line.strip_prefix("a=ice-ufrag:")).map_or("", str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEB: &str = "v=0\r\no=- 7 1 IN IP4 127.0.0.1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 8\r\na=ice-ufrag:abcd\r\n\
                       a=candidate:1 1 udp 2130706431 192.0.2.7 19998 typ host\r\na=sendonly\r\n";

    #[test]
    fn a_description_is_found_and_replaced_whole() {
        let head =
            "INVITE sip:a SIP/2.0\r\nTo: <sip:a>\r\nContent-Type: application/sdp\r\nContent-Length: 3";
        let message = format!("{head}\r\n\r\nv=0");
        let parts = with_sdp(message.as_bytes()).expect("it has one");
        assert_eq!((parts.sdp, header(parts.head, "to")), ("v=0", "<sip:a>"));
        let other = with_other(parts.head, WEB);
        let read = with_sdp(&other).expect("it has one");
        assert_eq!(read.sdp, WEB);
        assert_eq!(header(read.head, "content-length"), WEB.len().to_string());
        assert_eq!(read.head.matches("Content-Length").count(), 1);
        assert!(with_sdp(b"BYE sip:a SIP/2.0\r\n\r\n").is_none());
    }

    #[test]
    fn a_hold_is_told_on_both_sides() {
        assert_eq!((direction(WEB), fragment(WEB)), ("sendonly", "abcd"));
        let plain = plain(WEB);
        assert!(
            plain.contains("m=audio 19998 RTP/AVP 8 101") && plain.contains("c=IN IP4 192.0.2.7"),
            "{plain}"
        );
        assert_eq!(direction(&plain), "sendonly");
        let next = with_direction(WEB, "recvonly", 2);
        assert!(next.contains("o=- 7 2 IN IP4") && direction(&next) == "recvonly", "{next}");
    }
}
