//! Hand-written messages that no correct phone would send.

use core::net::SocketAddr;

use turno_tests::stage::{Stage, millis};

/// Source of the hand-written messages: an address of the trunk without a phone.
pub(crate) const HERE: SocketAddr =
    SocketAddr::new(core::net::IpAddr::V4(core::net::Ipv4Addr::new(127, 20, 99, 1)), 5060);

/// An SDP offer; `host` is the address for media.
pub(crate) fn offer(host: &str, version: u32) -> String {
    format!(
        "v=0\r\no=- 7 {version} IN IP4 127.20.99.1\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n\
         a=rtpmap:8 PCMA/8000\r\na=sendrecv\r\n"
    )
}

/// One request; the fields are the parts that differ.
pub(crate) struct Raw<'a> {
    pub(crate) method: &'a str,
    pub(crate) uri: &'a str,
    pub(crate) branch: &'a str,
    pub(crate) call_id: &'a str,
    pub(crate) to_tag: &'a str,
    pub(crate) cseq: u32,
    /// The From header without its tag.
    pub(crate) from: &'a str,
    /// The To header without its tag.
    pub(crate) to: &'a str,
    /// Further header lines, each with its CRLF.
    pub(crate) extra: &'a str,
    pub(crate) body: &'a str,
}

impl Default for Raw<'_> {
    fn default() -> Self {
        Self {
            method: "OPTIONS",
            uri: "sip:7001@turno",
            branch: "one",
            call_id: "by-hand",
            to_tag: "",
            cseq: 1,
            from: "<sip:0991234567@turno>",
            to: "<sip:7001@turno>",
            extra: "",
            body: "",
        }
    }
}

impl Raw<'_> {
    /// The message.
    pub(crate) fn text(&self) -> String {
        self.text_from(HERE)
    }

    /// The message as this address sends it.
    pub(crate) fn text_from(&self, here: SocketAddr) -> String {
        let tag = if self.to_tag.is_empty() { String::new() } else { format!(";tag={}", self.to_tag) };
        let kind = if self.body.is_empty() { "" } else { "Content-Type: application/sdp\r\n" };
        format!(
            "{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bK{branch};rport\r\nMax-Forwards: 70\r\n\
             From: {from};tag=hand\r\nTo: {to}{tag}\r\nCall-ID: {call_id}\r\n\
             CSeq: {cseq} {method}\r\nContact: <sip:0991234567@{here}>\r\n{extra}{kind}Content-Length: {length}\r\n\r\n\
             {body}",
            method = self.method,
            uri = self.uri,
            branch = self.branch,
            call_id = self.call_id,
            cseq = self.cseq,
            from = self.from,
            to = self.to,
            extra = self.extra,
            length = self.body.len(),
            body = self.body,
        )
    }
}

/// Sends a message and returns all messages that come back within a tenth of a second.
pub(crate) fn ask(stage: &mut Stage, raw: &Raw<'_>) -> Vec<String> {
    stage.throw_in(HERE, raw.text().as_bytes());
    stage.run_for(millis(100));
    stage.letters_to(HERE)
}

/// The status of a response.
pub(crate) fn status(message: &str) -> Option<u16> {
    message.strip_prefix("SIP/2.0 ")?.split(' ').next()?.parse().ok()
}

/// The first final response.
pub(crate) fn last_status(letters: &[String]) -> Option<u16> {
    letters.iter().filter_map(|letter| status(letter)).find(|status| *status >= 200)
}

/// The tag of To.
pub(crate) fn to_tag(message: &str) -> String {
    let to = turno_tests::stage::value(message, "To").expect("every response has To");
    to.split_once("tag=").expect("a final response has a tag").1.to_owned()
}
