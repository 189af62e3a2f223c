//! What a peer's SDP says of its audio.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};

use sdp_types::Session;
use smallvec::SmallVec;

use crate::codec::Codec;
use crate::command::Direction;
use crate::sdp::body::{Attributes, Body, Section};
use crate::sdp::crypto::{CRYPTOS_MAX, Crypto};
use crate::sdp::{SDP_BYTES_MAX, SDP_LINES_MAX, Unacceptable};

/// Most formats of one media line that are looked at.
const FORMATS_MAX: usize = 64;

/// A body as we need it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Described<'a> {
    /// Every media line, in order.
    pub(crate) lines: SmallVec<[Line<'a>; 2]>,
}

/// One media line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// `audio`, `video` and so on.
    pub(crate) media: Cow<'a, str>,
    /// `RTP/AVP` and so on.
    pub(crate) proto: Cow<'a, str>,
    /// The formats, as written.
    pub(crate) formats: Cow<'a, str>,
    /// What it says of audio, or why that can't be used.
    pub(crate) audio: Result<Audio, Unacceptable>,
}

/// An audio line that can be used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Audio {
    /// Where the peer listens.
    pub(crate) remote: SocketAddr,
    /// Which way audio may flow, seen from the peer.
    pub(crate) direction: Direction,
    /// The codecs that we know with the payload types that the peer gave them, in the peer's order.
    pub(crate) codecs: SmallVec<[(Codec, u8); 4]>,
    /// The payload type of telephone-event at 8 kHz.
    pub(crate) telephone_event: Option<u8>,
    /// Whether it is RTP/SAVP, which has no meaning without keys.
    pub(crate) secure: bool,
    /// The keys that can be used, in the peer's order.
    pub(crate) cryptos: Vec<Crypto>,
}

impl<'a> Described<'a> {
    /// Reads a body.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Unacceptable> {
        if bytes.len() > SDP_BYTES_MAX {
            return Err(Unacceptable::Malformed);
        }
        match Body::scan(bytes) {
            Some(body) => Self::of(&body),
            None => Self::read_slowly(bytes),
        }
    }

    /// Reads a body whatever its shape.
    pub(crate) fn read_slowly(bytes: &[u8]) -> Result<Self, Unacceptable> {
        let session = Session::parse(bytes).map_err(|_| Unacceptable::Malformed)?;
        let described = Described::of(&Body::of(&session))?;
        Ok(Self { lines: described.lines.into_iter().map(Line::into_owned).collect() })
    }

    fn of(body: &Body<'a>) -> Result<Self, Unacceptable> {
        if body.sections.len() > SDP_LINES_MAX {
            return Err(Unacceptable::Malformed);
        }
        let line = |section: &Section<'a>| Line {
            media: Cow::Borrowed(section.media),
            proto: Cow::Borrowed(section.proto),
            formats: Cow::Borrowed(section.formats),
            audio: Audio::read(body, section),
        };
        Ok(Self { lines: body.sections.iter().map(line).collect() })
    }
}

impl Line<'_> {
    fn into_owned<'o>(self) -> Line<'o> {
        Line {
            media: Cow::Owned(self.media.into_owned()),
            proto: Cow::Owned(self.proto.into_owned()),
            formats: Cow::Owned(self.formats.into_owned()),
            audio: self.audio,
        }
    }
}

impl Audio {
    fn read(body: &Body<'_>, section: &Section<'_>) -> Result<Self, Unacceptable> {
        let secure = section.proto.eq_ignore_ascii_case("RTP/SAVP");
        let is_rtp = secure || section.proto.eq_ignore_ascii_case("RTP/AVP");
        if section.media != "audio" || section.port == 0 || !is_rtp {
            return Err(Unacceptable::NoAudio);
        }
        let ip = address(section.connection.or(body.connection).ok_or(Unacceptable::Malformed)?)?;
        let mut codecs = SmallVec::new();
        let mut telephone_event = None;
        for format in section.formats.split_ascii_whitespace().take(FORMATS_MAX) {
            // A format that is no payload type is ignored, as an unknown codec is (RFC 3264, 6.1).
            let Some(payload_type) = format.parse::<u8>().ok().filter(|number| *number < 128) else {
                continue;
            };
            match Named::of(payload_type, &section.attributes) {
                Named::Codec(codec) if codecs.iter().all(|(known, _)| *known != codec) => {
                    codecs.push((codec, payload_type));
                }
                Named::TelephoneEvent if telephone_event.is_none() => telephone_event = Some(payload_type),
                Named::Codec(_) | Named::TelephoneEvent | Named::Unknown => {}
            }
        }
        if codecs.is_empty() {
            return Err(Unacceptable::NoCodec);
        }
        let stated = direction(&section.attributes).or_else(|| direction(&body.attributes));
        let direction = match stated.unwrap_or(Direction::SendRecv) {
            // Hold as RFC 2543 had it: nobody can send to no address.
            Direction::SendRecv if ip.is_unspecified() => Direction::SendOnly,
            Direction::RecvOnly if ip.is_unspecified() => Direction::Inactive,
            stated @ (Direction::SendRecv
            | Direction::SendOnly
            | Direction::RecvOnly
            | Direction::Inactive) => stated,
        };
        let cryptos = section.attributes.iter().filter(|(name, _)| *name == "crypto").take(CRYPTOS_MAX);
        let cryptos = cryptos.filter_map(|(_, value)| Crypto::read((*value)?)).collect();
        let remote = SocketAddr::new(ip, section.port);
        Ok(Self { remote, direction, codecs, telephone_event, secure, cryptos })
    }
}

/// What a payload type stands for.
enum Named {
    Codec(Codec),
    TelephoneEvent,
    Unknown,
}

impl Named {
    fn of(payload_type: u8, attributes: &Attributes<'_>) -> Self {
        let mapping = attributes.iter().filter(|(name, _)| *name == "rtpmap").find_map(|(_, value)| {
            let (number, encoding) = (*value)?.trim().split_once(' ')?;
            (number.parse() == Ok(payload_type)).then(|| encoding.trim())
        });
        let Some(mapping) = mapping else {
            let fixed = Codec::ALL.into_iter().find(|codec| codec.payload_type() == payload_type);
            return fixed.map_or(Self::Unknown, Self::Codec);
        };
        let mut parts = mapping.split('/');
        let (name, rate, channels) = (parts.next(), parts.next(), parts.next());
        if rate.map(str::trim) != Some("8000") || !matches!(channels.map(str::trim), None | Some("1")) {
            return Self::Unknown;
        }
        let name = name.unwrap_or_default();
        if name.eq_ignore_ascii_case("telephone-event") {
            return Self::TelephoneEvent;
        }
        let named = Codec::ALL.into_iter().find(|codec| name.eq_ignore_ascii_case(codec.name()));
        named.map_or(Self::Unknown, Self::Codec)
    }
}

fn address(text: &str) -> Result<IpAddr, Unacceptable> {
    let ip: IpAddr = text.parse().map_err(|_| Unacceptable::Address)?;
    let broadcast = matches!(ip, IpAddr::V4(four) if four.is_broadcast());
    if ip.is_multicast() || broadcast { Err(Unacceptable::Address) } else { Ok(ip) }
}

fn direction(attributes: &Attributes<'_>) -> Option<Direction> {
    attributes.iter().find_map(|(name, _)| match *name {
        "sendrecv" => Some(Direction::SendRecv),
        "sendonly" => Some(Direction::SendOnly),
        "recvonly" => Some(Direction::RecvOnly),
        "inactive" => Some(Direction::Inactive),
        _ => None,
    })
}
