//! Writes requests and responses with rsip's types.

use bytes::Bytes;
use rsip::headers::{Header, Headers, UntypedHeader};
use rsip::{Method, Request, Response, Version};

use crate::reading;

/// The methods in a phone's Allow header.
pub(crate) const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, INFO, UPDATE, REFER";

const USER_AGENT: &str = "turno-phone";

/// A body with its type.
pub(crate) type Body = (&'static str, Bytes);

/// The content type of session descriptions.
pub(crate) const SDP: &str = "application/sdp";

/// The parts in which requests differ.
pub(crate) struct Draft<'a> {
    pub(crate) method: Method,
    pub(crate) target: &'a str,
    pub(crate) via: String,
    pub(crate) routes: &'a [String],
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    pub(crate) call_id: &'a str,
    pub(crate) cseq: u32,
    pub(crate) contact: Option<&'a str>,
    pub(crate) extra: Vec<Header>,
    pub(crate) body: Option<Body>,
}

/// The request that `draft` describes.
pub(crate) fn request(draft: Draft<'_>) -> Request {
    let mut headers = vec![
        Header::Via(rsip::headers::Via::new(draft.via)),
        Header::MaxForwards(rsip::headers::MaxForwards::new("70")),
    ];
    headers.extend(draft.routes.iter().map(|route| Header::Route(rsip::headers::Route::new(route.as_str()))));
    headers.push(Header::From(rsip::headers::From::new(draft.from)));
    headers.push(Header::To(rsip::headers::To::new(draft.to)));
    headers.push(Header::CallId(rsip::headers::CallId::new(draft.call_id)));
    headers.push(Header::CSeq(rsip::headers::CSeq::new(format!("{} {}", draft.cseq, draft.method))));
    if let Some(contact) = draft.contact {
        headers.push(Header::Contact(rsip::headers::Contact::new(contact)));
    }
    headers.push(Header::UserAgent(rsip::headers::UserAgent::new(USER_AGENT)));
    headers.extend(draft.extra);
    let body = finish(&mut headers, draft.body);
    Request {
        method: draft.method,
        uri: reading::uri(draft.target),
        version: Version::V2,
        headers: headers.into(),
        body,
    }
}

/// The same request with another Via, CSeq number and credentials.
pub(crate) fn again(request: &Request, via: String, cseq: u32, credentials: Header) -> Request {
    let mut headers = Vec::new();
    for header in request.headers.iter() {
        if matches!(header, Header::Via(_)) {
            headers.push(Header::Via(rsip::headers::Via::new(via.clone())));
        } else if matches!(header, Header::CSeq(_)) {
            headers.push(Header::CSeq(rsip::headers::CSeq::new(format!("{cseq} {}", request.method))));
            headers.push(credentials.clone());
        } else if !matches!(header, Header::Authorization(_) | Header::ProxyAuthorization(_)) {
            headers.push(header.clone());
        }
    }
    Request { headers: headers.into(), ..request.clone() }
}

/// CANCEL (RFC 3261, 9.1) or the ACK of a refusal (17.1.1.3) for an INVITE: the same Via, Route, From, Call-ID and CSeq
/// number.
pub(crate) fn beside(invite: &Request, method: Method, to: Option<&str>) -> Request {
    let mut headers = Vec::new();
    for header in invite.headers.iter() {
        if matches!(header, Header::To(_)) {
            let to = to.or_else(|| reading::to(&invite.headers)).unwrap_or_default();
            headers.push(Header::To(rsip::headers::To::new(to)));
        } else if matches!(header, Header::CSeq(_)) {
            let number = reading::cseq(&invite.headers).map_or(0, |(number, _)| number);
            headers.push(Header::CSeq(rsip::headers::CSeq::new(format!("{number} {method}"))));
        } else if matches!(
            header,
            Header::Via(_) | Header::Route(_) | Header::From(_) | Header::CallId(_) | Header::MaxForwards(_)
        ) {
            headers.push(header.clone());
        }
    }
    let body = finish(&mut headers, None);
    Request { method, uri: invite.uri.clone(), version: Version::V2, headers: headers.into(), body }
}

/// The parts in which responses to one request differ.
#[derive(Default)]
pub(crate) struct Reply<'a> {
    pub(crate) status: u16,
    pub(crate) contact: Option<&'a str>,
    pub(crate) extra: Vec<Header>,
    pub(crate) body: Option<Body>,
}

/// The response to `request`; `tag` is added to a To that has none.
pub(crate) fn response(request: &Request, tag: &str, reply: Reply<'_>) -> Response {
    let in_dialog = matches!(reply.status, 101..=299);
    let mut headers: Vec<Header> = Vec::new();
    for header in request.headers.iter() {
        if let Header::To(to) = header {
            let to = to.value();
            let with_tag = if reading::tag(to).is_some() { to.to_owned() } else { format!("{to};tag={tag}") };
            headers.push(Header::To(rsip::headers::To::new(with_tag)));
        } else if matches!(header, Header::Via(_) | Header::From(_) | Header::CallId(_) | Header::CSeq(_))
            || (in_dialog && matches!(header, Header::RecordRoute(_)))
        {
            headers.push(header.clone());
        }
    }
    if let Some(contact) = reply.contact {
        headers.push(Header::Contact(rsip::headers::Contact::new(contact)));
    }
    headers.push(Header::UserAgent(rsip::headers::UserAgent::new(USER_AGENT)));
    headers.extend(reply.extra);
    let body = finish(&mut headers, reply.body);
    Response { status_code: reply.status.into(), version: Version::V2, headers: Headers::from(headers), body }
}

/// The Allow header.
pub(crate) fn allow() -> Header {
    Header::Allow(rsip::headers::Allow::new(ALLOW))
}

/// That the phone may be told to answer.
pub(crate) fn allow_talk() -> Header {
    Header::Other("Allow-Events".to_owned(), "talk, hold".to_owned())
}

fn finish(headers: &mut Vec<Header>, body: Option<Body>) -> Vec<u8> {
    let (kind, body) = body.unwrap_or_default();
    if !body.is_empty() {
        headers.push(Header::ContentType(rsip::headers::ContentType::new(kind)));
    }
    headers.push(Header::ContentLength(rsip::headers::ContentLength::new(body.len().to_string())));
    body.to_vec()
}

/// A number as the user part of a URI, where `#` is not allowed.
pub(crate) fn escape(number: &str) -> String {
    number.replace('%', "%25").replace('#', "%23").replace(' ', "%20")
}
