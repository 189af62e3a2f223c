//! Reads the parts that rsip leaves as text: addresses, tags, branches and parameters.

use rsip::headers::{Header, Headers, UntypedHeader};
use rsip::{Method, Uri};

/// The values that `pick` returns for the headers, in order.
pub(crate) fn all<'a>(
    headers: &'a Headers,
    pick: impl Fn(&'a Header) -> Option<&'a str> + 'a,
) -> impl Iterator<Item = &'a str> {
    headers.iter().filter_map(pick)
}

/// The top Via's value.
pub(crate) fn via(headers: &Headers) -> Option<&str> {
    all(headers, |header| if let Header::Via(via) = header { Some(via.value()) } else { None }).next()
}

/// The value of From.
pub(crate) fn from(headers: &Headers) -> Option<&str> {
    all(headers, |header| if let Header::From(from) = header { Some(from.value()) } else { None }).next()
}

/// The value of To.
pub(crate) fn to(headers: &Headers) -> Option<&str> {
    all(headers, |header| if let Header::To(to) = header { Some(to.value()) } else { None }).next()
}

/// The value of Call-ID.
pub(crate) fn call_id(headers: &Headers) -> Option<&str> {
    all(headers, |header| if let Header::CallId(id) = header { Some(id.value()) } else { None }).next()
}

/// Number and method of CSeq.
pub(crate) fn cseq(headers: &Headers) -> Option<(u32, Method)> {
    let value =
        all(headers, |header| if let Header::CSeq(cseq) = header { Some(cseq.value()) } else { None })
            .next()?;
    let (number, method) = value.trim().split_once(' ')?;
    Some((number.parse().ok()?, method.trim().parse().ok()?))
}

/// The URI of the first Contact.
pub(crate) fn contact(headers: &Headers) -> Option<&str> {
    contacts(headers).next().map(address)
}

/// The values of every Contact header.
pub(crate) fn contacts(headers: &Headers) -> impl Iterator<Item = &str> {
    all(headers, |header| if let Header::Contact(contact) = header { Some(contact.value()) } else { None })
}

/// Whether a NOTIFY is of this package.
pub(crate) fn is_event(headers: &Headers, package: &str) -> bool {
    let mut named =
        all(headers, |header| if let Header::Event(event) = header { Some(event.value()) } else { None });
    named.next().and_then(|event| event.split(';').next()).is_some_and(|event| event.trim() == package)
}

/// The value of a header that rsip has no type for.
pub(crate) fn other<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    headers.iter().find_map(|header| {
        if let Header::Other(key, value) = header
            && key.eq_ignore_ascii_case(name)
        {
            Some(value.as_str())
        } else {
            None
        }
    })
}

/// The route set in the order of the headers: each element is `<uri>` with its parameters.
pub(crate) fn record_routes(headers: &Headers) -> Vec<String> {
    all(headers, |header| if let Header::RecordRoute(route) = header { Some(route.value()) } else { None })
        .flat_map(|line| line.split(','))
        .map(|route| route.trim().to_owned())
        .collect()
}

/// The URI of an address: between the angle brackets, or else the text before the parameters.
pub(crate) fn address(value: &str) -> &str {
    let bracketed = brackets(value).map(|(open, close)| &value[open + 1..close]);
    bracketed.unwrap_or_else(|| value.split(';').next().unwrap_or_default().trim())
}

/// Where the brackets around a URI are. A name may have some in its quotes, and so may a parameter.
fn brackets(value: &str) -> Option<(usize, usize)> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let open = value.bytes().position(|byte| {
        let was_escaped = core::mem::take(&mut is_escaped);
        is_escaped = byte == b'\\' && is_quoted && !was_escaped;
        is_quoted ^= byte == b'"' && !was_escaped;
        byte == b'<' && !is_quoted
    })?;
    let length = value[open..].find('>')?;
    Some((open, open + length))
}

/// The display name of an address, without quotes.
pub(crate) fn display(value: &str) -> String {
    let name = value.split_once('<').map_or("", |(name, _)| name.trim());
    let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
    name.replace("\\\"", "\"").replace("\\\\", "\\")
}

/// The user part of a URI, empty if there is none.
pub(crate) fn user(uri: &str) -> String {
    let rest = uri.split_once(':').map_or(uri, |(_, rest)| rest);
    let user = rest.rsplit_once('@').map_or("", |(user, _)| user);
    user.split([';', ':']).next().unwrap_or_default().replace("%23", "#").replace("%20", " ")
}

/// The value of a header parameter (after the angle brackets, if there are any).
pub(crate) fn parameter<'a>(value: &'a str, name: &str) -> Option<&'a str> {
    let tail = brackets(value).map_or(value, |(_, close)| &value[close + 1..]);
    tail.split(';').skip(1).find_map(|parameter| {
        let (key, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// The tag of an address, never empty.
pub(crate) fn tag(value: &str) -> Option<&str> {
    parameter(value, "tag").filter(|tag| !tag.is_empty())
}

/// `text` as rsip's URI type, which prints as `text` again. Where rsip's grammar would lose something (dots in user
/// parts, IPv6, headers), the whole text becomes the host.
pub(crate) fn uri(text: &str) -> Uri {
    if let Ok(uri) = Uri::try_from(text)
        && uri.to_string() == text
    {
        return uri;
    }
    let rest = text.split_once(':').map_or(text, |(_, rest)| rest);
    Uri { scheme: Some(rsip::Scheme::Sip), host_with_port: rsip::Domain::from(rest).into(), ..Uri::default() }
}

/// Whether this can be a valid Request-URI (RFC 3261, 25.1): a SIP URI with a host and a valid port, without characters
/// that end a request line.
fn can_be_called(address: &str) -> bool {
    let Some((scheme, rest)) = address.split_once(':') else { return false };
    let (user, place) = rest.split_once('@').unwrap_or(("", rest));
    let (place, parameters) = place.split_once(';').unwrap_or((place, ""));
    let (host, port) = match place.strip_prefix('[').and_then(|place| place.split_once(']')) {
        Some((host, port)) if host.parse::<core::net::Ipv6Addr>().is_ok() => (host, port),
        Some(_) => return false,
        None => place.split_at(place.find(':').unwrap_or(place.len())),
    };
    let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    let may_stand =
        |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'"' | b'@' | b'[' | b']' | b'?');
    (scheme.eq_ignore_ascii_case("sip") || scheme.eq_ignore_ascii_case("sips"))
        && !host.is_empty()
        && is_port
        && [user, host, parameters].iter().all(|part| part.bytes().all(may_stand))
        // RFC 3261 allows a colon there, but rsip does not. A Request-URI must not have headers (`?`) (19.1.1).
        && !parameters.contains(':')
}

/// The first rule that a message breaks: a missing header of RFC 3261, 8.1.1, a wrong length or type of the body, or an
/// unusable Contact.
pub(crate) fn fault(headers: &Headers, body: &[u8], is_request: bool) -> Option<&'static str> {
    let length =
        all(
            headers,
            |header| if let Header::ContentLength(length) = header { Some(length.value()) } else { None },
        )
        .next();
    let hops = headers.iter().any(|header| matches!(header, Header::MaxForwards(_)));
    let typed = headers.iter().any(|header| matches!(header, Header::ContentType(_)));
    if via(headers)
        .and_then(|via| parameter(via, "branch"))
        .is_none_or(|branch| !branch.starts_with("z9hG4bK"))
    {
        Some("no Via with a branch of RFC 3261")
    } else if from(headers).and_then(tag).is_none() {
        Some("no From with a tag")
    } else if to(headers).is_none() {
        Some("no To")
    } else if call_id(headers).is_none() {
        Some("no Call-ID")
    } else if cseq(headers).is_none() {
        Some("no CSeq")
    } else if is_request && !hops {
        Some("no Max-Forwards")
    } else if length.is_some_and(|length| length.trim().parse() != Ok(body.len())) {
        Some("Content-Length is not the body's length")
    } else if !body.is_empty() && !typed {
        Some("a body without Content-Type")
    } else if contact(headers).is_some_and(|contact| !can_be_called(contact)) {
        Some("a Contact to which no request can be sent")
    } else {
        None
    }
}

/// Whether a session description offers audio over RTP/SAVP.
pub(crate) fn offers_savp(sdp: &[u8]) -> bool {
    String::from_utf8_lossy(sdp)
        .lines()
        .any(|line| line.starts_with("m=audio ") && line.contains(" RTP/SAVP "))
}
