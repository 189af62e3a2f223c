//! Requests that follow from other messages: within a dialog, ACK, CANCEL, and the same again with other headers.

use bytes::Bytes;
use turno_ground::{Flow, Transport};

use crate::dialog::Dialog;
use crate::message::header::Name;
use crate::message::line::{HeaderValue, Line};
use crate::message::method::Method;
use crate::message::received::Message;
use crate::message::write::Request;
use crate::stack::layer::Layer;

/// How many proxies a request of ours may pass (RFC 3261, 8.1.1.6).
pub(crate) const MAX_FORWARDS: u8 = 70;

/// The extensions that every INVITE and 2xx of ours lists.
pub(crate) const SUPPORTED: &str = "100rel, timer, replaces";

/// A CSeq value.
struct Numbered<'m>(u32, &'m str);

impl HeaderValue for Numbered<'_> {
    fn put<'l>(&self, line: Line<'l>) -> Line<'l> {
        line.number(self.0.into()).text(" ").text(self.1)
    }
}

/// A Via value of ours.
pub(crate) fn via(layer: &mut Layer, flow: &Flow, branch: &str) -> String {
    let address = layer.address_on(flow);
    ["SIP/2.0/", flow.transport.via_name(), " ", address, ";rport;branch=", branch].concat()
}

/// A Contact value of ours.
pub(crate) fn contact(layer: &mut Layer, user: &str, flow: &Flow) -> String {
    let address = layer.address_on(flow);
    let at = if user.is_empty() { "" } else { "@" };
    match flow.transport {
        Transport::Udp => ["<sip:", user, at, address, ">"].concat(),
        Transport::Tcp | Transport::Tls | Transport::Ws | Transport::Wss => {
            ["<sip:", user, at, address, ";transport=", flow.transport.uri_name(), ">"].concat()
        }
    }
}

/// Begins a request within `dialog`: what every one of them says (RFC 3261, 12.2.1.1). Returns its branch too.
pub(crate) fn within(
    layer: &mut Layer,
    dialog: &Dialog,
    flow: &Flow,
    method: Method,
    cseq: u32,
) -> (Request, String) {
    let branch = layer.branch();
    let (uri, routes) = dialog.route_set.towards(&dialog.remote_target);
    let mut request = Request::new(method, uri)
        .header(Name::Via, via(layer, flow, &branch))
        .header(Name::MaxForwards, MAX_FORWARDS);
    for route in &routes {
        request = request.header(Name::Route, route);
    }
    let request = request
        .header(Name::From, &dialog.local)
        .header(Name::To, &dialog.remote)
        .header(Name::CallId, &dialog.call_id)
        .header(Name::CSeq, Numbered(cseq, method.name()))
        .header(Name::UserAgent, &layer.settings.user_agent);
    (request, branch)
}

/// The ACK of a 2xx to `invite`: a request of its own, with the INVITE's number and credentials
/// (RFC 3261, 13.2.2.4).
pub(crate) fn ack_of_success(
    layer: &mut Layer,
    dialog: &Dialog,
    flow: &Flow,
    invite: &Message,
    sdp: Option<&Bytes>,
) -> Bytes {
    let cseq = invite.cseq().map_or(1, |cseq| cseq.number);
    let (mut request, _) = within(layer, dialog, flow, Method::Ack, cseq);
    for name in [Name::Authorization, Name::ProxyAuthorization] {
        for value in invite.values(name) {
            request = request.header(name, value);
        }
    }
    layer.counters.requests_out[Method::Ack as usize] += 1;
    finish(request, sdp)
}

/// Ends a request with SDP, or without a body.
pub(crate) fn finish(request: Request, sdp: Option<&Bytes>) -> Bytes {
    match sdp {
        Some(sdp) => request.body("application/sdp", sdp),
        None => request.finish(),
    }
}

/// The ACK of a refusal: the INVITE's own way, with the To of the response (RFC 3261, 17.1.1.3).
pub(crate) fn ack_of_refusal(invite: &Message, response: &Message) -> Bytes {
    let to = response.header(Name::To).unwrap_or_default();
    beside(invite, Method::Ack, to).finish()
}

/// The CANCEL of an INVITE (RFC 3261, 9.1).
pub(crate) fn cancel(invite: &Message, reason: Option<&str>) -> Bytes {
    let to = invite.header(Name::To).unwrap_or_default();
    let mut request = beside(invite, Method::Cancel, to);
    if let Some(reason) = reason {
        request = request.header(Name::Reason, reason);
    }
    request.finish()
}

/// A request that goes the very way of `invite`, as part of its transaction.
fn beside(invite: &Message, method: Method, to: &str) -> Request {
    let cseq = invite.cseq().map_or(1, |cseq| cseq.number);
    let mut request = Request::new(method, invite.request_uri())
        .header(Name::Via, invite.values(Name::Via).next().unwrap_or_default())
        .header(Name::MaxForwards, MAX_FORWARDS);
    for route in invite.values(Name::Route) {
        request = request.header(Name::Route, route);
    }
    request
        .header(Name::From, invite.header(Name::From).unwrap_or_default())
        .header(Name::To, to)
        .header(Name::CallId, invite.call_id())
        .header(Name::CSeq, Numbered(cseq, method.name()))
}

/// `request` once more, with a fresh branch and number, and with `changes` in place of headers of those names.
pub(crate) fn revised(
    layer: &mut Layer,
    request: &Message,
    flow: &Flow,
    cseq: u32,
    changes: &[(Name, String)],
) -> (Bytes, String) {
    let branch = layer.branch();
    let mut revised = Request::named(request.method_name(), request.request_uri())
        .header(Name::Via, via(layer, flow, &branch));
    for (name, text, value) in request.headers() {
        let replaced = changes.iter().any(|(changed, _)| *changed == name && name != Name::Other);
        if name == Name::CSeq {
            revised = revised.header(Name::CSeq, Numbered(cseq, request.method_name()));
        } else if !replaced && !matches!(name, Name::Via | Name::ContentLength | Name::ContentType) {
            revised = revised.other_header(text, value);
        }
    }
    revised = revised.headers(changes);
    let body = request.body();
    let bytes = if body.is_empty() {
        revised.finish()
    } else {
        revised.body(request.header(Name::ContentType).unwrap_or_default(), &body)
    };
    (bytes, branch)
}

/// The SDP that a message carries, alone or as a part of several (RFC 5621). A body of which nothing is said is SDP if it
/// begins as SDP does.
pub(crate) fn sdp_of(message: &Message) -> Option<Bytes> {
    let body = message.body();
    if body.is_empty() {
        return None;
    }
    match message.header(Name::ContentType) {
        Some(kind) => sdp_in(&body, kind, PARTS_DEPTH_MAX),
        None => body.starts_with(b"v=").then_some(body),
    }
}

/// How deep parts may lie in parts.
const PARTS_DEPTH_MAX: u8 = 2;

fn sdp_in(body: &Bytes, kind: &str, depth: u8) -> Option<Bytes> {
    let (media, params) = kind.split_once(';').unwrap_or((kind, ""));
    let is_sdp = media.split_once('/').is_some_and(|(kind, of)| {
        kind.trim().eq_ignore_ascii_case("application") && of.trim().eq_ignore_ascii_case("sdp")
    });
    let media = media.trim();
    if is_sdp {
        return Some(body.clone());
    }
    let is_several = media.get(..10).is_some_and(|start| start.eq_ignore_ascii_case("multipart/"));
    if !is_several || depth == 0 {
        return None;
    }
    let boundary = params.split(';').find_map(|param| {
        let (name, value) = param.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"'))
    })?;
    let fence = format!("--{boundary}");
    let fences: Vec<usize> = memchr::memmem::find_iter(body, fence.as_bytes()).collect();
    fences.windows(2).find_map(|pair| sdp_part(&body.slice(pair[0] + fence.len()..pair[1]), depth - 1))
}

/// The SDP of one part. Its lines may end as Unix has it.
fn sdp_part(part: &Bytes, depth: u8) -> Option<Bytes> {
    let ends = [&b"\r\n\r\n"[..], b"\n\n"];
    let end = ends.into_iter().filter_map(|end| Some((memchr::memmem::find(part, end)?, end.len()))).min()?;
    let head = core::str::from_utf8(&part[..end.0]).ok()?;
    let kind = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let name = name.trim();
        (name.eq_ignore_ascii_case("content-type") || name.eq_ignore_ascii_case("c")).then_some(value.trim())
    })?;
    let content = part.slice(end.0 + end.1..);
    let kept =
        content.strip_suffix(b"\r\n").or(content.strip_suffix(b"\n")).map_or(content.len(), <[u8]>::len);
    sdp_in(&content.slice(..kept), kind, depth)
}

/// A name-addr: a bare URI gets its brackets, so that a tag can follow.
pub(crate) fn bracketed(address: &str) -> String {
    if address.contains('<') { address.to_owned() } else { format!("<{address}>") }
}
