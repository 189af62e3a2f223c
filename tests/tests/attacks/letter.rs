//! The attackers' messages.

use core::net::SocketAddr;

use turno_tests::stage::Stage;

/// An address that belongs to no trunk and no phone.
pub(crate) fn stranger() -> SocketAddr {
    SocketAddr::from(([127, 66, 0, 1], 5060))
}

/// A request outside a dialog; the fields are the parts that differ.
pub(crate) struct Letter<'a> {
    pub(crate) method: &'a str,
    /// User part of the Request-URI and of To.
    pub(crate) to: &'a str,
    /// User part of From and of Contact.
    pub(crate) from: &'a str,
    /// Unique for each request.
    pub(crate) number: usize,
    /// Further header lines, each with its CRLF.
    pub(crate) extra: &'a str,
}

impl Letter<'_> {
    pub(crate) fn text(&self) -> String {
        let Self { method, to, from, number, extra } = self;
        let uri = if *method == "REGISTER" { "sip:turno".to_owned() } else { format!("sip:{to}@turno") };
        format!(
            "{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.66.0.1:5060;branch=z9hG4bKattack{number}\r\nMax-Forwards: 70\r\n\
             From: <sip:{from}@turno>;tag=t{number}\r\nTo: <sip:{to}@turno>\r\nCall-ID: attack{number}\r\n\
             CSeq: 1 {method}\r\nContact: <sip:{from}@127.66.0.1:5060>\r\n{extra}Content-Length: 0\r\n\r\n"
        )
    }
}

/// An Authorization header with the right nonce and a wrong response.
pub(crate) fn wrong_answer(user: &str, nonce: &str) -> String {
    format!(
        "Authorization: Digest username=\"{user}\", realm=\"turno\", nonce=\"{nonce}\", uri=\"sip:turno\", \
         response=\"{:032x}\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"x\"\r\n",
        7
    )
}

/// The nonce of a challenge.
pub(crate) fn nonce_of(challenge: &str) -> &str {
    challenge
        .split("nonce=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a challenge has a nonce")
}

/// The status of a response.
pub(crate) fn status(message: &str) -> u16 {
    message.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a response has a status")
}

/// Sends a message from `from` and returns the messages that come back.
pub(crate) fn ask(stage: &mut Stage, from: SocketAddr, text: &str) -> Vec<String> {
    stage.throw_in(from, text.as_bytes());
    stage.run_for(turno_tests::stage::millis(50));
    stage.letters_to(from)
}
