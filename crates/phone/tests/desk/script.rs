//! The scripted server of the tests: it sends what a test tells it to send.

use core::time::Duration;

use rsip::headers::ToTypedHeader;
use rsip::message::HeadersExt;
use rsip::{Method, Request, SipMessage};
use turno_ground::{Moment, Rng, Secret};
use turno_media_plan::Codec;
use turno_phone::{Behaviour, Phone, PhoneEvent, PhoneSettings};

/// The server's SDP offer.
pub(crate) const OFFER: &str = "v=0\r\no=- 7 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
    m=audio 20000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n";
/// The server's SDP answer.
pub(crate) const ANSWER: &str = OFFER;

/// A phone and its scripted server.
pub(crate) struct Script {
    /// The phone.
    pub(crate) phone: Phone,
    /// The time.
    pub(crate) now: Moment,
    /// The last INVITE that the phone sent.
    pub(crate) last_invite: Option<Request>,
}

impl Script {
    /// A phone with this behaviour.
    pub(crate) fn new(behaviour: Behaviour) -> Self {
        let settings = PhoneSettings {
            user: "101".to_owned(),
            password: Secret::new("secret"),
            domain: "turno.test".to_owned(),
            server: "127.0.0.1:5060".parse().expect("an address"),
            local: "127.0.0.1:6000".parse().expect("an address"),
            rtp: "127.0.0.1:30000".parse().expect("an address"),
            codecs: vec![Codec::Pcma, Codec::Pcmu],
            expires: Duration::from_secs(600),
            behaviour,
        };
        let phone = Phone::new(settings, Rng::new(1));
        Self { phone, now: Moment::from_secs(1_000), last_invite: None }
    }

    /// All messages that the phone has sent since the last call; rsip must be able to read each of them in full.
    pub(crate) fn sent(&mut self) -> Vec<SipMessage> {
        let mut sent = Vec::new();
        while let Some(bytes) = self.phone.poll_transmit() {
            let message = SipMessage::try_from(&bytes[..]).expect("rsip reads what a phone writes");
            check(&message);
            if let SipMessage::Request(request) = &message
                && request.method == Method::Invite
            {
                self.last_invite = Some(request.clone());
            }
            sent.push(message);
        }
        sent
    }

    /// The only message that the phone has sent, which must be this request.
    pub(crate) fn one_request(&mut self, method: Method) -> Request {
        let mut sent = self.sent();
        assert_eq!(sent.len(), 1, "{sent:?}");
        match sent.remove(0) {
            SipMessage::Request(request) if request.method == method => request,
            other @ (SipMessage::Request(_) | SipMessage::Response(_)) => {
                panic!("{method} was expected: {other}")
            }
        }
    }

    /// All events since the last call.
    pub(crate) fn events(&mut self) -> Vec<PhoneEvent> {
        core::iter::from_fn(|| self.phone.poll_event()).collect()
    }

    /// The broken rules that the phone has reported since the last call.
    pub(crate) fn take_confusions(&mut self) -> Vec<String> {
        let confusion = |event| if let PhoneEvent::Confused { what } = event { Some(what) } else { None };
        self.events().into_iter().filter_map(confusion).collect()
    }

    /// Lets time pass.
    pub(crate) fn wait(&mut self, span: Duration) {
        let end = self.now + span;
        while let Some(due) = self.phone.next_deadline().filter(|due| *due <= end) {
            self.now = due;
            self.phone.handle_deadlines(due);
        }
        self.now = end;
    }

    /// Answers a request of the phone's.
    pub(crate) fn reply(&mut self, request: &Request, status: u16, tag: &str, body: &str) {
        self.reply_with(request, status, tag, "", body);
    }

    /// The same, with more header lines.
    pub(crate) fn reply_with(&mut self, request: &Request, status: u16, tag: &str, extra: &str, body: &str) {
        let to = header(request, "To");
        let tag = if tag.is_empty() || to.contains("tag=") { String::new() } else { format!(";tag={tag}") };
        let kind = if body.is_empty() { "" } else { "Content-Type: application/sdp\r\n" };
        let contact = if request.method == Method::Invite && (101..300).contains(&status) {
            "Contact: <sip:turno@127.0.0.1:5060>\r\n"
        } else {
            ""
        };
        let text = format!(
            "SIP/2.0 {status} Whatever\r\nVia: {};received=127.0.0.1\r\nFrom: {}\r\nTo: {to}{tag}\r\nCall-ID: {}\r\n\
             CSeq: {}\r\n{contact}{extra}{kind}Content-Length: {}\r\n\r\n{body}",
            header(request, "Via"),
            header(request, "From"),
            header(request, "Call-ID"),
            header(request, "CSeq"),
            body.len(),
        );
        self.phone.handle_datagram(text.as_bytes(), self.now);
    }

    /// Challenges a request with two algorithms, the newer one first.
    pub(crate) fn challenge(&mut self, request: &Request, status: u16, nonce: &str, more: &str) {
        let line = |algorithm: &str, nonce: &str| {
            format!(
                "WWW-Authenticate: Digest realm=\"turno\", nonce=\"{nonce}\", algorithm={algorithm}, qop=\"auth\"{more}\r\n"
            )
        };
        let extra = line("SHA-256", "other") + &line("MD5", nonce);
        self.reply_with(request, status, "server", &extra, "");
    }

    /// Accepts a REGISTER for `seconds`.
    pub(crate) fn accept_registration(&mut self, request: &Request, seconds: u32) {
        let contact = format!("Contact: {};expires={seconds}\r\n", header(request, "Contact"));
        self.reply_with(request, 200, "server", &contact, "");
    }

    /// The server calls the phone, or retransmits that INVITE.
    pub(crate) fn invite(&mut self, call: &str, body: &str) {
        let text = invite(call, body);
        self.phone.handle_datagram(text.as_bytes(), self.now);
    }

    /// The server cancels its call.
    pub(crate) fn cancel(&mut self, call: &str) {
        let text = plain("CANCEL", call, "");
        self.phone.handle_datagram(text.as_bytes(), self.now);
    }

    /// The server acknowledges the phone's refusal.
    pub(crate) fn ack_refusal(&mut self, call: &str) {
        let text = plain("ACK", call, ";tag=whatever");
        self.phone.handle_datagram(text.as_bytes(), self.now);
    }

    /// The server sends OPTIONS.
    pub(crate) fn options(&mut self) {
        let text = plain("OPTIONS", "ping", "");
        self.phone.handle_datagram(text.as_bytes(), self.now);
    }

    /// A request in the dialog of the phone's `request`. The same CSeq number is a retransmission, except for ACK.
    pub(crate) fn ask_in_dialog(
        &mut self,
        request: &Request,
        method: &str,
        number: u32,
        extra: &str,
        body: &str,
    ) {
        let from = header(request, "To");
        let from = if from.contains("tag=") { from } else { format!("{from};tag=server") };
        let to = header(request, "From");
        let id = header(request, "Call-ID");
        let text = in_dialog((&from, &to, &id), method, number, extra, body);
        self.phone.handle_datagram(text.as_bytes(), self.now);
    }

    /// A request in the dialog that the phone's `answer` to the server's call created.
    pub(crate) fn ask_in_answered(
        &mut self,
        call: &str,
        answer: &SipMessage,
        method: &str,
        number: u32,
        body: &str,
    ) {
        let (from, to) = (header_of(answer, "From"), header_of(answer, "To"));
        let text = in_dialog((&from, &to, call), method, number, "", body);
        self.phone.handle_datagram(text.as_bytes(), self.now);
    }

    /// A valid message of the server, for a test to damage.
    pub(crate) fn sample(&mut self, which: usize) -> String {
        let request = self.last_invite.clone().expect("a call was made");
        let (from, to) = (header(&request, "To") + ";tag=server", header(&request, "From"));
        let id = header(&request, "Call-ID");
        match which {
            0 => invite("in9", OFFER),
            1 => in_dialog((&from, &to, &id), "BYE", 9, "", ""),
            _ => in_dialog((&from, &to, &id), "INVITE", 9, "Contact: <sip:a@127.0.0.1>\r\n", OFFER),
        }
    }
}

fn invite(call: &str, body: &str) -> String {
    let kind = if body.is_empty() { "" } else { "Content-Type: application/sdp\r\n" };
    format!(
        "INVITE sip:101@127.0.0.1:6000 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-{call}\r\n\
         Max-Forwards: 70\r\nFrom: \"Ana Ruiz\" <sip:600111222@turno.test>;tag=caller\r\nTo: <sip:101@turno.test>\r\n\
         Call-ID: {call}\r\nCSeq: 1 INVITE\r\nContact: <sip:turno@127.0.0.1:5060>\r\n\
         P-Asserted-Identity: <sip:911@turno.test>\r\n{kind}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn plain(method: &str, call: &str, tag: &str) -> String {
    format!(
        "{method} sip:101@127.0.0.1:6000 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-{call}\r\n\
         Max-Forwards: 70\r\nFrom: \"Ana Ruiz\" <sip:600111222@turno.test>;tag=caller\r\n\
         To: <sip:101@turno.test>{tag}\r\nCall-ID: {call}\r\nCSeq: 1 {method}\r\nContent-Length: 0\r\n\r\n"
    )
}

fn in_dialog(
    (from, to, id): (&str, &str, &str),
    method: &str,
    number: u32,
    extra: &str,
    body: &str,
) -> String {
    let kind = if body.is_empty() || extra.contains("Content-Type") {
        ""
    } else {
        "Content-Type: application/sdp\r\n"
    };
    format!(
        "{method} sip:101@127.0.0.1:6000 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-{method}{number}\r\n\
         Max-Forwards: 70\r\nFrom: {from}\r\nTo: {to}\r\nCall-ID: {id}\r\nCSeq: {number} {method}\r\n{extra}{kind}\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Checks what every message of a phone must have, with rsip's typed headers.
fn check(message: &SipMessage) {
    let via = message.via_header().expect("Via").clone().typed().expect("rsip reads our Via");
    assert!(via.branch().is_some_and(|branch| branch.to_string().starts_with("z9hG4bK")));
    let from = message.from_header().expect("From").clone().typed().expect("rsip reads our From");
    assert!(from.tag().is_some(), "{message}");
    message.to_header().expect("To").clone().typed().expect("rsip reads our To");
    message.call_id_header().expect("Call-ID");
    let cseq = message.cseq_header().expect("CSeq").clone().typed().expect("rsip reads our CSeq");
    let (length, body) = (header_of(message, "Content-Length"), body_of(message));
    assert_eq!(length, body.len().to_string());
    match message {
        SipMessage::Request(request) => {
            assert_eq!(cseq.method, request.method);
            assert_eq!(header(request, "Max-Forwards"), "70");
            let dialog = matches!(request.method, Method::Invite | Method::Refer | Method::Register);
            assert_eq!(request.contact_header().is_ok(), dialog, "{request}");
            for contact in request.contact_headers() {
                contact.typed().expect("rsip reads our Contact");
            }
        }
        SipMessage::Response(response) => {
            let status = response.status_code.code();
            let to = message.to_header().expect("To").clone().typed().expect("rsip reads our To");
            assert!(to.tag().is_some() || status == 100);
            assert_eq!(response.contact_header().is_ok(), cseq.method == Method::Invite && status < 300);
        }
    }
}

/// Whether a message is this request.
pub(crate) fn is_request(message: &SipMessage, method: Method) -> bool {
    matches!(message, SipMessage::Request(request) if request.method == method)
}

/// The message if it is an INVITE.
pub(crate) fn into_invite(message: SipMessage) -> Option<Request> {
    match message {
        SipMessage::Request(request) if request.method == Method::Invite => Some(request),
        SipMessage::Request(_) | SipMessage::Response(_) => None,
    }
}

/// The status of a response.
pub(crate) fn status_of(message: &SipMessage) -> Option<u16> {
    match message {
        SipMessage::Response(response) => Some(response.status_code.code()),
        SipMessage::Request(_) => None,
    }
}

/// The body as text.
pub(crate) fn body_of(message: &SipMessage) -> String {
    let body = match message {
        SipMessage::Request(request) => &request.body,
        SipMessage::Response(response) => &response.body,
    };
    String::from_utf8_lossy(body).into_owned()
}

/// The value of a header of a request, empty if it has none.
pub(crate) fn header(request: &Request, name: &str) -> String {
    headers(request, name).into_iter().next().unwrap_or_default()
}

/// The values of all headers of this name.
pub(crate) fn headers(request: &Request, name: &str) -> Vec<String> {
    lines(&request.headers, name)
}

/// The value of a header of any message.
pub(crate) fn header_of(message: &SipMessage, name: &str) -> String {
    let headers = match message {
        SipMessage::Request(request) => &request.headers,
        SipMessage::Response(response) => &response.headers,
    };
    lines(headers, name).into_iter().next().unwrap_or_default()
}

fn lines(headers: &rsip::Headers, name: &str) -> Vec<String> {
    let line = |header: &rsip::Header| {
        let text = header.to_string();
        let (key, value) = text.split_once(": ")?;
        key.eq_ignore_ascii_case(name).then(|| value.trim_end().to_owned())
    };
    headers.iter().filter_map(line).collect()
}
