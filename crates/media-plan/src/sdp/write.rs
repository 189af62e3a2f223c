//! Writes our SDP.

use std::io::Write;
use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::codec::Codec;
use crate::encoding::Named;
use crate::sdp::crypto;
use crate::sdp::opus::{OpusPlace, OurOpus};
use crate::sdp::web::WebLine;
use crate::srtp::MasterKey;
use crate::stream::Direction;

/// Initial capacity, enough for a usual body, in bytes.
const ROOM_BYTES: usize = 384;

/// Audio in each packet.
const PTIME: &str = "a=ptime:20\r\n";

/// Codecs with their payload types, the preferred one first.
pub(crate) type Formats = SmallVec<[(Codec, u8); 4]>;

/// A media line of our SDP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum OurLine {
    /// The audio stream.
    Audio {
        /// Our RTP address.
        local: SocketAddr,
        /// Our codecs.
        codecs: Formats,
        /// The payload type of telephone-event.
        telephone_event: Option<u8>,
        /// Allowed directions of audio, seen from us.
        direction: Direction,
        /// Profile and keys.
        line_srtp: LineSrtp,
        /// Whether the peer's profile has feedback, which our line repeats.
        #[serde(default)]
        feedback: bool,
        /// ICE and DTLS, for a browser.
        #[serde(default)]
        web: Option<Box<WebLine>>,
        /// Opus beside the codecs.
        #[serde(default)]
        opus: Option<OurOpus>,
    },
    /// A line of the peer that we refuse with port 0, at its place (RFC 3264, 6).
    Refused {
        /// The media, as the peer wrote it.
        media: String,
        /// The transport, as the peer wrote it.
        proto: String,
        /// The formats, as the peer wrote them.
        formats: String,
        /// Its name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mid: Option<String>,
    },
}

/// SDP profile and keys of our line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LineSrtp {
    /// Whether it is RTP/SAVP; otherwise it is RTP/AVP.
    pub(crate) secure: bool,
    /// Our keys by tag; none for plain RTP.
    pub(crate) keys: Vec<(u32, MasterKey)>,
}

/// A body with these lines.
pub(crate) fn body(ip: IpAddr, number: u64, version: u64, lines: &[OurLine]) -> Bytes {
    let mut body = Draft(Vec::with_capacity(ROOM_BYTES));
    body.text("v=0\r\no=turno ").number(number).text(" ").number(version);
    let from = body.0.len();
    body.text(if ip.is_ipv4() { " IN IP4 " } else { " IN IP6 " });
    write!(body.0, "{ip}").expect("writing into memory does not fail");
    let address = from + 1..body.0.len();
    body.text("\r\ns=turno\r\nc=").0.extend_from_within(address);
    body.text("\r\nt=0 0\r\n");
    body.bundle(lines);
    for line in lines {
        body.line(line);
    }
    Bytes::from(body.0)
}

struct Draft(Vec<u8>);

impl Draft {
    fn text(&mut self, text: &str) -> &mut Self {
        self.0.extend_from_slice(text.as_bytes());
        self
    }

    fn number(&mut self, number: u64) -> &mut Self {
        let mut digits = [0; 20];
        let (mut at, mut rest) = (digits.len(), number);
        loop {
            at -= 1;
            digits[at] = b'0' + u8::try_from(rest % 10).expect("a digit");
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.0.extend_from_slice(&digits[at..]);
        self
    }

    /// Text of the peer, without characters that could begin another line.
    fn foreign(&mut self, text: &str) -> &mut Self {
        self.0.extend(text.bytes().filter(|byte| !matches!(byte, b'\0' | b'\r' | b'\n')));
        self
    }

    fn line<'a>(&mut self, line: &'a OurLine) {
        match line {
            OurLine::Refused { media, proto, formats, mid } => {
                let or = |text: &'a str, instead| if text.is_empty() { instead } else { text };
                self.text("m=").foreign(or(media, "audio")).text(" 0 ").foreign(or(proto, "RTP/AVP"));
                self.text(" ").foreign(or(formats, "0"));
                self.text("\r\n");
                if let Some(mid) = mid {
                    self.text("a=mid:").foreign(mid).text("\r\n");
                }
            }
            OurLine::Audio { local, codecs, telephone_event, direction, line_srtp, feedback, web, opus } => {
                self.text("m=audio ").number(local.port().into());
                self.text(match web {
                    Some(_) => " UDP/TLS/RTP/SAVP",
                    None if line_srtp.secure => " RTP/SAVP",
                    None => " RTP/AVP",
                });
                self.text(if *feedback { "F" } else { "" });
                let opus_at = |place| opus.filter(|opus| opus.place == place).map(|opus| opus.number);
                let voices = codecs.iter().map(|(_, number)| *number);
                let formats =
                    opus_at(OpusPlace::First).into_iter().chain(voices).chain(opus_at(OpusPlace::Last));
                for number in formats.chain(*telephone_event) {
                    self.text(" ").number(number.into());
                }
                self.text("\r\n");
                for (tag, key) in &line_srtp.keys {
                    crypto::write(&mut self.0, *tag, key);
                }
                if let Some(OurOpus { number, .. }) = opus {
                    let number = u64::from(*number);
                    self.text("a=rtpmap:").number(number).text(" opus/48000/2\r\n");
                    self.text("a=fmtp:").number(number).text(" minptime=10;useinbandfec=1\r\n");
                }
                self.attributes(codecs, *telephone_event, *direction);
                if let Some(web) = web {
                    self.text(&web.attributes()).text("a=candidate:1 1 udp 2130706431 ");
                    write!(self.0, "{} {} typ host\r\n", local.ip(), local.port())
                        .expect("writing into memory does not fail");
                    self.text("a=end-of-candidates\r\n");
                }
            }
        }
    }

    /// What browsers want to read before the media lines: the bundled ones, and that they must do the asking.
    fn bundle(&mut self, lines: &[OurLine]) {
        let webs = lines.iter().filter_map(|line| match line {
            OurLine::Audio { web, .. } => web.as_deref(),
            OurLine::Refused { .. } => None,
        });
        for web in webs {
            if let Some(mid) = web.bundled() {
                self.text("a=group:BUNDLE ").foreign(mid).text("\r\n");
            }
            self.text("a=ice-lite\r\n");
        }
    }

    fn attributes(&mut self, codecs: &[(Codec, u8)], telephone_event: Option<u8>, direction: Direction) {
        for (codec, number) in codecs {
            self.text("a=rtpmap:").number((*number).into()).text(" ").text(codec.name()).text("/8000\r\n");
        }
        if let Some(number) = telephone_event.map(u64::from) {
            self.text("a=rtpmap:").number(number).text(" telephone-event/8000\r\n");
            self.text("a=fmtp:").number(number).text(" 0-16\r\n");
        }
        self.text(PTIME).text(match direction {
            Direction::SendRecv => "a=sendrecv\r\n",
            Direction::SendOnly => "a=sendonly\r\n",
            Direction::RecvOnly => "a=recvonly\r\n",
            Direction::Inactive => "a=inactive\r\n",
        });
    }
}

/// Meanings of the payload types in our line.
pub(crate) fn named(
    codecs: &Formats,
    telephone_event: Option<u8>,
    opus: Option<OurOpus>,
) -> impl Iterator<Item = (Named, u8)> + '_ {
    let voices = codecs.iter().map(|(codec, number)| (Named::Voice(*codec), *number));
    let opus = opus.map(|opus| (Named::Opus, opus.number));
    voices.chain(telephone_event.map(|number| (Named::TelephoneEvent, number))).chain(opus)
}
