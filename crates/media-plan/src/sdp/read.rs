//! What a peer's SDP says of its audio.

use std::net::{IpAddr, SocketAddr};

use sdp_types::{Attribute, Connection, Media, Session};
use smallvec::SmallVec;

use crate::codec::Codec;
use crate::command::Direction;
use crate::sdp::{SDP_BYTES_MAX, SDP_LINES_MAX, Unacceptable};

/// Most formats of one media line that are looked at.
const FORMATS_MAX: usize = 64;

/// A body as we need it.
pub(crate) struct Described {
    /// Every media line, in order.
    pub(crate) lines: Vec<Line>,
}

/// One media line.
pub(crate) struct Line {
    /// `audio`, `video` and so on.
    pub(crate) media: String,
    /// `RTP/AVP` and so on.
    pub(crate) proto: String,
    /// The formats, as written.
    pub(crate) formats: String,
    /// What it says of audio, or why that can't be used.
    pub(crate) audio: Result<Audio, Unacceptable>,
}

/// An audio line that can be used.
pub(crate) struct Audio {
    /// Where the peer listens.
    pub(crate) remote: SocketAddr,
    /// Which way audio may flow, seen from the peer.
    pub(crate) direction: Direction,
    /// The codecs that we know with the payload types that the peer gave them, in the peer's order.
    pub(crate) codecs: SmallVec<[(Codec, u8); 4]>,
    /// The payload type of telephone-event at 8 kHz.
    pub(crate) telephone_event: Option<u8>,
}

impl Described {
    /// Reads a body.
    pub(crate) fn read(body: &[u8]) -> Result<Self, Unacceptable> {
        if body.len() > SDP_BYTES_MAX {
            return Err(Unacceptable::Malformed);
        }
        let session = Session::parse(body).map_err(|_| Unacceptable::Malformed)?;
        if session.medias.len() > SDP_LINES_MAX {
            return Err(Unacceptable::Malformed);
        }
        let lines = session.medias.iter().map(|media| Line::read(&session, media)).collect();
        Ok(Self { lines })
    }
}

impl Line {
    fn read(session: &Session, media: &Media) -> Self {
        Self {
            media: media.media.clone(),
            proto: media.proto.clone(),
            formats: media.fmt.clone(),
            audio: Audio::read(session, media),
        }
    }
}

impl Audio {
    fn read(session: &Session, media: &Media) -> Result<Self, Unacceptable> {
        if media.media != "audio" || media.port == 0 || !media.proto.eq_ignore_ascii_case("RTP/AVP") {
            return Err(Unacceptable::NoAudio);
        }
        let connection = media.connections.first().or(session.connection.as_ref());
        let ip = address(connection.ok_or(Unacceptable::Malformed)?)?;
        let mut codecs = SmallVec::new();
        let mut telephone_event = None;
        for format in media.fmt.split_ascii_whitespace().take(FORMATS_MAX) {
            // A format that is no payload type is ignored, as an unknown codec is (RFC 3264, 6.1).
            let Some(payload_type) = format.parse::<u8>().ok().filter(|number| *number < 128) else {
                continue;
            };
            match Named::of(payload_type, &media.attributes) {
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
        let stated = direction(&media.attributes).or_else(|| direction(&session.attributes));
        let direction = match stated.unwrap_or(Direction::SendRecv) {
            // Hold as RFC 2543 had it: nobody can send to no address.
            Direction::SendRecv if ip.is_unspecified() => Direction::SendOnly,
            Direction::RecvOnly if ip.is_unspecified() => Direction::Inactive,
            stated @ (Direction::SendRecv
            | Direction::SendOnly
            | Direction::RecvOnly
            | Direction::Inactive) => stated,
        };
        Ok(Self { remote: SocketAddr::new(ip, media.port), direction, codecs, telephone_event })
    }
}

/// What a payload type stands for.
enum Named {
    Codec(Codec),
    TelephoneEvent,
    Unknown,
}

impl Named {
    fn of(payload_type: u8, attributes: &[Attribute]) -> Self {
        let mapping =
            attributes.iter().filter(|attribute| attribute.attribute == "rtpmap").find_map(|attribute| {
                let (number, encoding) = attribute.value.as_deref()?.trim().split_once(' ')?;
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

fn address(connection: &Connection) -> Result<IpAddr, Unacceptable> {
    let ip: IpAddr = connection.connection_address.parse().map_err(|_| Unacceptable::Address)?;
    let broadcast = matches!(ip, IpAddr::V4(four) if four.is_broadcast());
    if ip.is_multicast() || broadcast { Err(Unacceptable::Address) } else { Ok(ip) }
}

fn direction(attributes: &[Attribute]) -> Option<Direction> {
    attributes.iter().find_map(|attribute| match attribute.attribute.as_str() {
        "sendrecv" => Some(Direction::SendRecv),
        "sendonly" => Some(Direction::SendOnly),
        "recvonly" => Some(Direction::RecvOnly),
        "inactive" => Some(Direction::Inactive),
        _ => None,
    })
}
