//! Our own SDP as a body.

use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use sdp_types::{Attribute, Connection, Media, Origin, Session};

use crate::codec::Codec;
use crate::command::Direction;

/// Packets of one leg carry this much audio.
const PACKET_MILLISECONDS: u8 = 20;

/// A media line as we write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OurLine {
    /// The stream.
    Audio {
        /// Where we listen.
        local: SocketAddr,
        /// Codecs with their payload types, best first.
        codecs: Vec<(Codec, u8)>,
        /// The payload type of telephone-event.
        telephone_event: Option<u8>,
        /// Which way audio may flow, seen from us.
        direction: Direction,
    },
    /// A line of the peer's that we refuse by port 0, in its place (RFC 3264, 6).
    Refused {
        /// The media, as the peer wrote it.
        media: String,
        /// The transport, as the peer wrote it.
        proto: String,
        /// The formats, as the peer wrote them.
        formats: String,
    },
}

/// The body that has these lines.
pub(crate) fn body(ip: IpAddr, number: u64, version: u64, lines: &[OurLine]) -> Bytes {
    let mut origin = Origin::with_ip_addr(number, version, ip);
    origin.set_username("turno");
    let mut session = Session::new(origin, "turno");
    session.connection = Some(Connection::from_ip_addr(ip));
    session.medias = lines.iter().map(media).collect();
    let mut written = Vec::with_capacity(320);
    session.write(&mut written).expect("writing into memory does not fail");
    Bytes::from(written)
}

fn media(line: &OurLine) -> Media {
    let (media, port, proto, fmt, attributes) = match line {
        OurLine::Refused { media, proto, formats } => {
            (media.clone(), 0, proto.clone(), formats.clone(), Vec::new())
        }
        OurLine::Audio { local, codecs, telephone_event, direction } => {
            let types = codecs.iter().map(|(_, payload_type)| *payload_type).chain(*telephone_event);
            let formats = types.map(|number| number.to_string()).collect::<Vec<_>>().join(" ");
            let attributes = attributes(codecs, *telephone_event, *direction);
            ("audio".to_owned(), local.port(), "RTP/AVP".to_owned(), formats, attributes)
        }
    };
    Media {
        media,
        port,
        num_ports: None,
        proto,
        fmt,
        media_title: None,
        connections: Vec::new(),
        bandwidths: Vec::new(),
        key: None,
        attributes,
    }
}

fn attributes(codecs: &[(Codec, u8)], telephone_event: Option<u8>, direction: Direction) -> Vec<Attribute> {
    let mut attributes = Vec::with_capacity(codecs.len() + 4);
    for (codec, payload_type) in codecs {
        attributes.push(with_value("rtpmap", format!("{payload_type} {}/8000", codec.name())));
    }
    if let Some(payload_type) = telephone_event {
        attributes.push(with_value("rtpmap", format!("{payload_type} telephone-event/8000")));
        attributes.push(with_value("fmtp", format!("{payload_type} 0-16")));
    }
    attributes.push(with_value("ptime", PACKET_MILLISECONDS.to_string()));
    let flow = match direction {
        Direction::SendRecv => "sendrecv",
        Direction::SendOnly => "sendonly",
        Direction::RecvOnly => "recvonly",
        Direction::Inactive => "inactive",
    };
    attributes.push(Attribute { attribute: flow.to_owned(), value: None });
    attributes
}

fn with_value(name: &str, value: String) -> Attribute {
    Attribute { attribute: name.to_owned(), value: Some(value) }
}
