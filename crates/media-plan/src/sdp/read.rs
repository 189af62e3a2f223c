//! Reads the audio lines of a peer's SDP.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use smallvec::SmallVec;

use crate::codec::Codec;
use crate::encoding::Named;
use crate::sdp::body::{Attributes, Body, Section};
use crate::sdp::crypto::{CRYPTOS_MAX, Crypto};
use crate::sdp::web::{PeerWeb, mid};
use crate::sdp::{SDP_BYTES_MAX, SDP_LINES_MAX, Unacceptable};
use crate::stream::Direction;

/// Cap on formats of one media line that are read.
const FORMATS_MAX: usize = 64;

/// The parts of a body that we need.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Described<'a> {
    /// Every media line, in order.
    pub(crate) lines: SmallVec<[SdpLine<'a>; 2]>,
}

/// One media line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SdpLine<'a> {
    /// `audio`, `video` and so on.
    pub(crate) media: Cow<'a, str>,
    /// `RTP/AVP` and so on.
    pub(crate) proto: Cow<'a, str>,
    /// The formats, as written.
    pub(crate) formats: Cow<'a, str>,
    /// Its name, which browsers want to see again.
    pub(crate) mid: Option<String>,
    /// Its audio, or why that can't be used.
    pub(crate) audio: Result<Audio, Unacceptable>,
}

/// A usable audio line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Audio {
    /// The peer's RTP address. A host name or a missing address leaves it to the peer's first packet.
    pub(crate) remote: Option<SocketAddr>,
    /// Its port.
    pub(crate) port: u16,
    /// Allowed directions of audio, seen from the peer.
    pub(crate) direction: Direction,
    /// The codecs that we support, with the peer's payload types, in the peer's order.
    pub(crate) codecs: SmallVec<[(Codec, u8); 4]>,
    /// The payload type of telephone-event at 8 kHz.
    pub(crate) telephone_event: Option<u8>,
    /// The payload type of Opus.
    pub(crate) opus: Option<u8>,
    /// All payload types that we support, in the peer's order.
    pub(crate) numbers: Numbers,
    /// Dynamic payload types without a mapping: in an answer they mean what our offer said.
    pub(crate) unmapped: SmallVec<[u8; 4]>,
    /// Whether it is RTP/SAVP, which requires keys.
    pub(crate) secure: bool,
    /// Whether its profile has feedback (RFC 4585). An answer repeats the profile; we never request feedback.
    pub(crate) feedback: bool,
    /// The keys that we support, in the peer's order.
    pub(crate) cryptos: Vec<Crypto>,
    /// ICE and DTLS of a browser.
    pub(crate) web: Option<Box<PeerWeb>>,
}

/// Payload types with their meanings.
pub(crate) type Numbers = SmallVec<[(Named, u8); 6]>;

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

    /// Reads a body of any shape.
    pub(crate) fn read_slowly(bytes: &[u8]) -> Result<Self, Unacceptable> {
        // Other encodings than UTF-8 only occur in names, which we do not use.
        let text = String::from_utf8_lossy(bytes);
        let described = Described::of(&Body::read(&text).ok_or(Unacceptable::Malformed)?)?;
        Ok(Self { lines: described.lines.into_iter().map(SdpLine::into_owned).collect() })
    }

    fn of(body: &Body<'a>) -> Result<Self, Unacceptable> {
        if body.sections.len() > SDP_LINES_MAX {
            return Err(Unacceptable::Malformed);
        }
        let line = |section: &Section<'a>| SdpLine {
            media: Cow::Borrowed(section.media),
            proto: Cow::Borrowed(section.proto),
            formats: Cow::Borrowed(section.formats),
            mid: mid(&section.attributes),
            audio: Audio::read(body, section),
        };
        Ok(Self { lines: body.sections.iter().map(line).collect() })
    }
}

impl SdpLine<'_> {
    fn into_owned<'o>(self) -> SdpLine<'o> {
        SdpLine {
            media: Cow::Owned(self.media.into_owned()),
            proto: Cow::Owned(self.proto.into_owned()),
            formats: Cow::Owned(self.formats.into_owned()),
            mid: self.mid,
            audio: self.audio,
        }
    }
}

impl Audio {
    fn read(body: &Body<'_>, section: &Section<'_>) -> Result<Self, Unacceptable> {
        let Profile { secure, feedback, is_web } = profile(section.proto).ok_or(Unacceptable::NoAudio)?;
        if !section.media.eq_ignore_ascii_case("audio") || section.port == 0 {
            return Err(Unacceptable::NoAudio);
        }
        // A browser comes to us from wherever it is, so its address is not read.
        let connection = section.connection.or(body.connection).filter(|_| !is_web);
        let ip = connection.map_or(Ok(None), address)?;
        let web = is_web.then(|| PeerWeb::read(body, section)).transpose()?.map(Box::new);
        let mut audio = Self {
            remote: ip.map(|ip| SocketAddr::new(ip, section.port)),
            port: section.port,
            direction: Direction::SendRecv,
            codecs: SmallVec::new(),
            telephone_event: None,
            opus: None,
            numbers: Numbers::new(),
            unmapped: SmallVec::new(),
            secure,
            feedback,
            cryptos: Vec::new(),
            web,
        };
        audio.take_formats(section);
        let stated = direction(&section.attributes).or_else(|| direction(&body.attributes));
        audio.direction = match stated.unwrap_or(Direction::SendRecv) {
            // Old-style hold (RFC 2543): the unspecified address means that we must not send.
            Direction::SendRecv if audio.is_nowhere() => Direction::SendOnly,
            Direction::RecvOnly if audio.is_nowhere() => Direction::Inactive,
            stated @ (Direction::SendRecv
            | Direction::SendOnly
            | Direction::RecvOnly
            | Direction::Inactive) => stated,
        };
        let cryptos = section.attributes.iter().filter(|(name, _)| *name == "crypto").take(CRYPTOS_MAX);
        audio.cryptos = cryptos.filter_map(|(_, value)| Crypto::read((*value)?)).collect();
        Ok(audio)
    }

    fn take_formats(&mut self, section: &Section<'_>) {
        for format in section.formats.split_ascii_whitespace().take(FORMATS_MAX) {
            // A format that is no payload type is ignored, like an unknown codec (RFC 3264, 6.1).
            let Some(payload_type) = format.parse::<u8>().ok().filter(|number| *number < 128) else {
                continue;
            };
            match meaning(payload_type, &section.attributes) {
                Meaning::Known(named) => self.take(named, payload_type),
                Meaning::Unmapped => self.unmapped.push(payload_type),
                Meaning::Foreign => {}
            }
        }
    }

    /// Adds a payload type with its meaning; the first of each kind is used for sending.
    pub(crate) fn take(&mut self, named: Named, payload_type: u8) {
        self.numbers.push((named, payload_type));
        match named {
            Named::Voice(codec) if self.codecs.iter().all(|(known, _)| *known != codec) => {
                self.codecs.push((codec, payload_type));
            }
            Named::TelephoneEvent if self.telephone_event.is_none() => {
                self.telephone_event = Some(payload_type);
            }
            Named::Opus if self.opus.is_none() => self.opus = Some(payload_type),
            Named::Voice(_) | Named::TelephoneEvent | Named::Opus => {}
        }
    }

    /// Whether the peer holds in the old style, with an unspecified address.
    pub(crate) fn is_nowhere(&self) -> bool {
        self.remote.is_some_and(|remote| remote.ip().is_unspecified())
    }
}

/// The profile of a media line.
struct Profile {
    /// Whether it is SRTP.
    secure: bool,
    /// Whether it has feedback.
    feedback: bool,
    /// Whether its keys come by DTLS.
    is_web: bool,
}

/// `None` for an unsupported profile.
fn profile(proto: &str) -> Option<Profile> {
    let (proto, is_web) = match proto.split_at_checked("UDP/TLS/".len()) {
        Some((dtls, proto)) if dtls.eq_ignore_ascii_case("UDP/TLS/") => (proto, true),
        Some(_) | None => (proto, false),
    };
    let is = |name: &str| proto.eq_ignore_ascii_case(name);
    let (secure, feedback) = if is("RTP/AVP") {
        (false, false)
    } else if is("RTP/SAVP") {
        (true, false)
    } else if is("RTP/AVPF") {
        (false, true)
    } else if is("RTP/SAVPF") {
        (true, true)
    } else {
        return None;
    };
    (secure || !is_web).then_some(Profile { secure, feedback, is_web })
}

/// Meaning of a payload type.
enum Meaning {
    Known(Named),
    /// A codec that we do not support.
    Foreign,
    /// Without a mapping.
    Unmapped,
}

fn meaning(payload_type: u8, attributes: &Attributes<'_>) -> Meaning {
    let mapping = attributes.iter().filter(|(name, _)| *name == "rtpmap").find_map(|(_, value)| {
        let value = (*value)?.trim();
        let (number, encoding) = value.split_once([' ', '\t'])?;
        (number.parse() == Ok(payload_type)).then(|| encoding.trim())
    });
    let Some(mapping) = mapping else {
        let fixed = Codec::ALL.into_iter().find(|codec| codec.payload_type() == payload_type);
        return fixed.map_or(Meaning::Unmapped, |codec| Meaning::Known(Named::Voice(codec)));
    };
    let mut parts = mapping.split('/');
    let (name, rate, channels) = (parts.next(), parts.next(), parts.next());
    let name = name.unwrap_or_default().trim();
    if name.eq_ignore_ascii_case("opus") {
        // RFC 7587, 7: the numbers are always these.
        let is_right = rate.map(str::trim) == Some("48000") && channels.map(str::trim) == Some("2");
        return if is_right { Meaning::Known(Named::Opus) } else { Meaning::Foreign };
    }
    // RFC 3551, 4.5.2: G722 is written with 8000 although it samples at 16000; some phones write 16000.
    let is_wideband = name.eq_ignore_ascii_case(Codec::G722.name()) && rate.map(str::trim) == Some("16000");
    let has_rate = rate.map(str::trim) == Some("8000") || is_wideband;
    if !has_rate || !matches!(channels.map(str::trim), None | Some("1" | "")) {
        return Meaning::Foreign;
    }
    if name.eq_ignore_ascii_case("telephone-event") {
        return Meaning::Known(Named::TelephoneEvent);
    }
    let named = Codec::ALL.into_iter().find(|codec| name.eq_ignore_ascii_case(codec.name()));
    named.map_or(Meaning::Foreign, |codec| Meaning::Known(Named::Voice(codec)))
}

/// The address of a connection line; `None` for a host name, since the call's path does no DNS.
fn address(text: &str) -> Result<Option<IpAddr>, Unacceptable> {
    // `/127` is the TTL of a multicast address.
    let text = text.split('/').next().unwrap_or_default();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let Ok(ip) = bare.parse::<IpAddr>() else { return Ok(None) };
    let is_everybody = ip == IpAddr::V4(Ipv4Addr::BROADCAST);
    if ip.is_multicast() || is_everybody { Err(Unacceptable::Address) } else { Ok(Some(ip)) }
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
