//! Reads a message with each of the three parsers, into fields that can be compared.

use std::collections::BTreeMap;

use bytes::Bytes;
use rsip::headers::{ToTypedHeader, UntypedHeader};
use rsip::message::HeadersExt;
use sipx_sip::headers::{CSeq, ContactValue, From, To};
use turno_sip::{Message, Name, check_request, check_response};

/// The fields of a message, or why the parser does not accept it.
pub(crate) type Reading = Result<BTreeMap<&'static str, Option<String>>, String>;

/// Ours: the message can be read and is allowed by RFC 3261, 8.2. It counts as accepted even if an application may
/// refuse it later.
pub(crate) fn ours(bytes: &Bytes) -> Reading {
    let message = Message::scan(bytes).map_err(|fault| fault.to_string())?;
    if message.is_request() {
        match check_request(&message) {
            Err(refusal) if matches!(refusal.status, 400 | 414 | 505 | 513) => {
                return Err(refusal.reason.to_owned());
            }
            Ok(()) | Err(_) => {}
        }
    } else {
        check_response(&message).map_err(|fault| fault.to_string())?;
    }
    let start = match message.status() {
        Some(status) => status.to_string(),
        None => message.method_name().to_owned(),
    };
    let (from, to) = (message.from().unwrap(), message.to().unwrap());
    let via = message.top_via().unwrap();
    let text = |text: &str| Some(text.to_owned());
    let contact = message.contacts().next().and_then(Result::ok);
    let cseq = message.cseq().unwrap();
    Ok(BTreeMap::from([
        ("start", text(&start)),
        ("uri", message.is_request().then(|| message.request_uri().to_owned())),
        ("Call-ID", text(message.call_id())),
        ("CSeq", text(&format!("{} {}", cseq.number, cseq.method_name))),
        ("From", text(from.uri)),
        ("From tag", from.tag().map(str::to_owned)),
        ("To", text(to.uri)),
        ("To tag", to.tag().map(str::to_owned)),
        ("branch", via.branch().map(str::to_owned)),
        ("sent-by", text(&format!("{}{}", via.host, port(via.port)))),
        ("Contact", contact.map(|contact| contact.uri.to_owned())),
        ("body", text(&shown(&message.body()))),
        ("Max-Forwards", message.number(Name::MaxForwards).map(|hops| hops.to_string())),
    ]))
}

/// sipx-sip: the message is parsed, and has no finding that can't be repaired.
pub(crate) fn sipx(bytes: &Bytes) -> Reading {
    let limits = sipx_sip::Limits::datagram();
    let message = sipx_sip::parse_datagram(bytes.clone(), &limits).map_err(|error| error.to_string())?;
    let findings = sipx_sip::validate(&message);
    if let Some(finding) = findings.iter().find(|finding| !finding.is_repairable()) {
        return Err(format!("{finding:?}"));
    }
    let headers = message.headers();
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (from, to) = (headers.typed::<From>().unwrap().unwrap(), headers.typed::<To>().unwrap().unwrap());
    let via = headers.typed::<sipx_sip::Via>().unwrap().unwrap();
    let cseq = headers.typed::<CSeq>().unwrap().unwrap();
    let contact = headers.typed::<ContactValue>().and_then(|contact| match contact {
        Ok(ContactValue::Wildcard) => Some("*".to_owned()),
        Ok(ContactValue::Address(address)) => Some(address.uri.to_string()),
        Err(_) => None,
    });
    let (start, uri) = match &message {
        sipx_sip::Message::Request(request) => {
            (lossy(request.method.as_bytes()), Some(request.uri.to_string()))
        }
        sipx_sip::Message::Response(response) => (response.status.code().to_string(), None),
    };
    let host = lossy(&via.host.to_bytes());
    let host = if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host };
    let call_id = headers.typed::<sipx_sip::CallId>().unwrap().unwrap();
    let hops = headers.typed::<sipx_sip::headers::MaxForwards>().and_then(Result::ok);
    Ok(BTreeMap::from([
        ("start", Some(start)),
        ("uri", uri),
        ("Call-ID", Some(lossy(&call_id.0))),
        ("CSeq", Some(format!("{} {}", cseq.sequence, lossy(cseq.method.as_bytes())))),
        ("From", Some(from.uri.to_string())),
        ("From tag", from.tag().map(lossy)),
        ("To", Some(to.uri.to_string())),
        ("To tag", to.tag().map(lossy)),
        ("branch", via.branch().map(lossy)),
        ("sent-by", Some(format!("{host}{}", port(via.port)))),
        ("Contact", contact),
        ("body", Some(shown(message.body()))),
        ("Max-Forwards", hops.map(|hops| hops.0.to_string())),
    ]))
}

/// rsip: the message is parsed, and every header that RFC 3261, 8.1.1 requires can be read.
pub(crate) fn rsip(bytes: &Bytes) -> Reading {
    let message = rsip::SipMessage::try_from(bytes.as_ref()).map_err(|error| error.to_string())?;
    let told = |error: rsip::Error| error.to_string();
    let via = message.via_header().and_then(|via| via.clone().typed()).map_err(told)?;
    let from = message.from_header().and_then(|from| from.clone().typed()).map_err(told)?;
    let to = message.to_header().and_then(|to| to.clone().typed()).map_err(told)?;
    let cseq = message.cseq_header().and_then(|cseq| cseq.clone().typed()).map_err(told)?;
    let call_id = message.call_id_header().map_err(told)?.value().to_owned();
    let contact = message.contact_header().ok().and_then(|contact| contact.clone().typed().ok());
    let hops = message.max_forwards_header().ok().and_then(|hops| hops.num().ok());
    let (start, uri, body) = match &message {
        rsip::SipMessage::Request(request) => {
            if request.method != cseq.method {
                return Err("another method in CSeq".to_owned());
            }
            (request.method.to_string(), Some(request.uri.to_string()), &request.body)
        }
        rsip::SipMessage::Response(response) => {
            (response.status_code.code().to_string(), None, &response.body)
        }
    };
    Ok(BTreeMap::from([
        ("start", Some(start)),
        ("uri", uri),
        ("Call-ID", Some(call_id)),
        ("CSeq", Some(format!("{} {}", cseq.seq, cseq.method))),
        ("From", Some(from.uri.to_string())),
        ("From tag", from.tag().map(|tag| tag.value().to_owned())),
        ("To", Some(to.uri.to_string())),
        ("To tag", to.tag().map(|tag| tag.value().to_owned())),
        ("branch", via.branch().map(|branch| branch.value().to_owned())),
        (
            "sent-by",
            Some(format!("{}{}", via.sent_by().host(), port(via.sent_by().port().map(|port| *port.value())))),
        ),
        ("Contact", contact.map(|contact| contact.uri.to_string())),
        ("body", Some(shown(body))),
        ("Max-Forwards", hops.map(|hops| hops.to_string())),
    ]))
}

fn port(port: Option<u16>) -> String {
    port.map(|port| format!(":{port}")).unwrap_or_default()
}

fn shown(body: &[u8]) -> String {
    String::from_utf8_lossy(body).into_owned()
}
