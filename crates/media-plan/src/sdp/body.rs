//! Parses SDP without copying: a fast scan for the usual shape, a tolerant reader for all others.
//!
//! Nearly every body has a few plain lines, and the scan recognises it in one pass. Some phones and carriers omit
//! lines, change their order, end them differently, or write lines outside the RFCs. A call depends only on the media
//! lines, an address and the attributes that we read.

use smallvec::SmallVec;

/// The attributes that we read, in our spelling.
const READ: [&str; 13] = [
    "rtpmap",
    "crypto",
    "sendrecv",
    "sendonly",
    "recvonly",
    "inactive",
    "ice-ufrag",
    "ice-pwd",
    "fingerprint",
    "setup",
    "rtcp-mux",
    "mid",
    "group",
];

/// Names and values of `a=` lines, in order.
pub(crate) type Attributes<'a> = SmallVec<[(&'a str, Option<&'a str>); 12]>;

/// A parsed body.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Body<'a> {
    /// The address of the session's connection line.
    pub(crate) connection: Option<&'a str>,
    pub(crate) attributes: Attributes<'a>,
    pub(crate) sections: SmallVec<[Section<'a>; 2]>,
}

/// A media line with the lines that follow it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Section<'a> {
    pub(crate) media: &'a str,
    pub(crate) port: u16,
    pub(crate) proto: &'a str,
    pub(crate) formats: &'a str,
    /// The address of its first connection line.
    pub(crate) connection: Option<&'a str>,
    pub(crate) attributes: Attributes<'a>,
}

impl<'a> Body<'a> {
    /// Scans a body of the usual shape: printable ASCII in whole lines, each kind at its place. `None` leaves the body
    /// to [`Self::read`], which may still accept it.
    pub(crate) fn scan(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = core::str::from_utf8(bytes).ok()?.strip_prefix("v=0\r\n")?;
        let mut body = Self::default();
        let (mut has_origin, mut has_name) = (false, false);
        while !rest.is_empty() {
            let (line, behind) = rest.split_at(rest.bytes().position(|byte| byte == b'\n')? + 1);
            rest = behind;
            let line = line.strip_suffix("\r\n")?;
            if !line.bytes().all(|byte| matches!(byte, b' '..=b'~')) || line.as_bytes().get(1) != Some(&b'=')
            {
                return None;
            }
            let (key, value) = (line.as_bytes()[0], &line[2..]);
            match (key, body.sections.last_mut()) {
                (b'a', _) if value.as_bytes().first().is_none_or(u8::is_ascii_uppercase) => return None,
                (b'a', None) => body.attributes.push(attribute(value)),
                (b'a', Some(section)) => section.attributes.push(attribute(value)),
                (b'm', _) => body.sections.push(Section::scan(value)?),
                (b'c', None) if body.connection.is_none() => body.connection = Some(connection(value)?),
                (b'c', Some(section)) => {
                    let address = connection(value)?;
                    section.connection.get_or_insert(address);
                }
                (b'b', _) => bandwidth(value)?,
                (b'o', None) if !core::mem::replace(&mut has_origin, true) => origin(value)?,
                (b's', None) if !core::mem::replace(&mut has_name, true) => {}
                (b't', None) => time(value)?,
                _ => return None,
            }
        }
        Some(body)
    }

    /// Reads a body of any shape. `None` if it is not SDP: no line has a version or a medium.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        let mut body = Self::default();
        let mut is_sdp = false;
        for line in text.trim_end_matches('\0').split(['\r', '\n']) {
            let Some((key, value)) = line.split_once('=') else { continue };
            let value = value.trim();
            match (key.trim(), body.sections.last_mut()) {
                ("v", None) => is_sdp = true,
                ("m", _) => {
                    is_sdp = true;
                    body.sections.push(Section::read(value));
                }
                ("a", None) => body.attributes.push(spelled(value)),
                ("a", Some(section)) => section.attributes.push(spelled(value)),
                ("c", None) => body.connection = body.connection.or(address(value)),
                ("c", Some(section)) => section.connection = section.connection.or(address(value)),
                // Origin, name, times and bandwidth are not used.
                (_, _) => {}
            }
        }
        is_sdp.then_some(body)
    }
}

impl<'a> Section<'a> {
    fn scan(value: &'a str) -> Option<Self> {
        let mut parts = value.splitn(4, ' ');
        let (media, port, proto, formats) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if media.is_empty() || proto.is_empty() {
            return None;
        }
        let (port, formats) = (number(port)?.try_into().ok()?, formats.trim_ascii());
        Some(Self { media, port, proto, formats, connection: None, attributes: Attributes::new() })
    }

    /// Reads a media line; one without a port counts as refused, like port 0.
    fn read(value: &'a str) -> Self {
        let (media, rest) = word(value);
        let (port, rest) = word(rest);
        let (proto, formats) = word(rest);
        // `4000/2`: two ports, the first for the stream (RFC 8866, 5.14).
        let port = port.split('/').next().and_then(|port| port.parse().ok()).unwrap_or(0);
        Self { media, port, proto, formats, connection: None, attributes: Attributes::new() }
    }
}

/// The first word, and the rest.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim_ascii_start();
    let end = text.find(|sign: char| sign.is_ascii_whitespace()).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    (word, rest.trim_ascii())
}

/// The address of a connection line with any spacing; `None` if it is missing.
fn address(value: &str) -> Option<&str> {
    value.split_ascii_whitespace().nth(2)
}

/// An attribute; if we read it, its name is in our spelling.
fn spelled(value: &str) -> (&str, Option<&str>) {
    let (name, value) = attribute(value);
    let name = name.trim();
    let ours = READ.into_iter().find(|ours| name.eq_ignore_ascii_case(ours));
    (ours.unwrap_or(name), value.map(str::trim))
}

fn attribute(value: &str) -> (&str, Option<&str>) {
    match value.split_once(':') {
        Some((name, value)) => (name, Some(value)),
        None => (value, None),
    }
}

/// Only digits, and few enough for 64 bits.
fn number(text: &str) -> Option<u64> {
    let plain = (1..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.bytes().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')))
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The address of a connection line.
fn connection(value: &str) -> Option<&str> {
    let mut parts = value.split(' ');
    let (net, kind, address) = (parts.next()?, parts.next()?, parts.next()?);
    let plain = is_word(net) && is_word(kind) && !address.is_empty() && parts.next().is_none();
    plain.then_some(address)
}

fn origin(value: &str) -> Option<()> {
    let mut parts = value.split(' ');
    let (user, id, version) = (parts.next()?, parts.next()?, parts.next()?);
    let (net, kind, address) = (parts.next()?, parts.next()?, parts.next()?);
    let plain = ![user, id, address].contains(&"") && is_word(net) && is_word(kind) && parts.next().is_none();
    number(version).filter(|_| plain).map(|_| ())
}

fn time(value: &str) -> Option<()> {
    let (start, stop) = value.split_once(' ')?;
    number(start).and(number(stop)).map(|_| ())
}

fn bandwidth(value: &str) -> Option<()> {
    number(value.split_once(':')?.1).map(|_| ())
}
