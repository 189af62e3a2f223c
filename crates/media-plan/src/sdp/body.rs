//! A peer's SDP in pieces that borrow from it: found by a scan of our own where it has the usual shape, else by sdp-types.
//!
//! Nearly every body is a handful of plain lines, and to make a tree of strings of them cost more than all else in a
//! call. What the scan takes, sdp-types takes too and reads the same (a test asks it); whatever is odd is left to it.

use sdp_types::{Media, Session};
use smallvec::SmallVec;

/// Names and values of `a=` lines, in order.
pub(crate) type Attributes<'a> = SmallVec<[(&'a str, Option<&'a str>); 12]>;

/// A body.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Body<'a> {
    /// The address of the session's connection line.
    pub(crate) connection: Option<&'a str>,
    pub(crate) attributes: Attributes<'a>,
    pub(crate) sections: SmallVec<[Section<'a>; 2]>,
}

/// A media line and what follows it.
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
    /// Reads a body of the usual shape: printable ASCII in whole lines, each kind at its place and plain. `None` leaves
    /// it to sdp-types; it may be good all the same.
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

    /// What sdp-types has read.
    pub(crate) fn of(session: &'a Session) -> Self {
        Self {
            connection: session.connection.as_ref().map(|line| line.connection_address.as_str()),
            attributes: attributes(&session.attributes),
            sections: session.medias.iter().map(Section::of).collect(),
        }
    }
}

impl<'a> Section<'a> {
    fn scan(value: &'a str) -> Option<Self> {
        let mut parts = value.splitn(4, ' ');
        let (media, port, proto, formats) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let (connection, attributes) = (None, Attributes::new());
        Some(Self { media, port: number(port)?.try_into().ok()?, proto, formats, connection, attributes })
    }

    fn of(media: &'a Media) -> Self {
        Self {
            media: &media.media,
            port: media.port,
            proto: &media.proto,
            formats: &media.fmt,
            connection: media.connections.first().map(|line| line.connection_address.as_str()),
            attributes: attributes(&media.attributes),
        }
    }
}

fn attributes(lines: &[sdp_types::Attribute]) -> Attributes<'_> {
    lines.iter().map(|line| (line.attribute.as_str(), line.value.as_deref())).collect()
}

fn attribute(value: &str) -> (&str, Option<&str>) {
    match value.split_once(':') {
        Some((name, value)) => (name, Some(value)),
        None => (value, None),
    }
}

/// Digits alone, and not too many for 64 bits.
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
