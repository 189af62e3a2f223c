//! One RTP stream with one peer: its address, encoding, keys, and what it sends and hears.

use core::ops::Range;
use core::time::Duration;
use std::net::SocketAddr;

use turno_ground::{Moment, Rng};
use turno_media_plan::{Codec, Direction, Encoding, Named, Protection, StreamId, StreamReport};

use crate::dtmf::{Digits, HeardKeys};
use crate::jitter::Reception;
use crate::judge::Judge;
use crate::latch::Latch;
use crate::mixer::Mix;
use crate::opus_ear::OpusEar;
use crate::packet::Header;
use crate::player::Player;
use crate::report::{Compound, LastReport, PeerReport, Sent};
use crate::rtp_sender::RtpSender;
use crate::srtp::{Refusal, Srtp};
use crate::transcode::Transcoder;
use crate::web::WebPeer;

/// A partner that sent nothing for this long is silent; a tone for this peer is then played over silence.
const SILENCE_SPAN: Duration = Duration::from_millis(60);

/// One stream. The fields that a packet of music needs come first, together: beside the system call, such a packet
/// costs mostly memory latency.
#[repr(C)]
pub(crate) struct Stream {
    /// Whether the tick visits this stream.
    pub(crate) is_ticking: bool,
    /// What is played to the peer.
    pub(crate) player: Option<Player>,
    /// The tone that is mixed into what the peer hears.
    pub(crate) mix: Option<Mix>,
    /// The keys that we send to the peer.
    pub(crate) digits: Digits,
    /// The SRTP state; `None` for plain RTP.
    pub(crate) srtp: Option<Box<Srtp>>,
    terms: Option<Terms>,
    latch: Latch,
    /// The RTP source that the peer sees.
    pub(crate) sender: RtpSender,
    /// Its name.
    pub(crate) id: StreamId,
    /// Where the peer's voice goes.
    pub(crate) route: Route,
    /// The transcoder for what the peer hears, where one is needed.
    pub(crate) transcoder: Option<Box<Transcoder>>,
    /// Listens who has answered, where the engine asks for it.
    pub(crate) judge: Option<Box<Judge>>,
    /// The peer's Opus, once it has sent some.
    pub(crate) opus: Option<Box<OpusEar>>,
    reception: Reception,
    keys: HeardKeys,
    refused: u64,
    /// When the peer was last heard, or when it was first expected.
    heard_at: Moment,
    is_missed: bool,
    relayed_at: Option<Moment>,
    rtcp_peer: Option<SocketAddr>,
    last_report: Option<LastReport>,
    packets_at_report: u64,
    /// ICE and DTLS, if the peer is a browser.
    pub(crate) web: Option<Box<WebPeer>>,
    /// The index of its bridge. It is not used for relayed packets.
    pub(crate) bridge: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Terms {
    encoding: Encoding,
    direction: Direction,
}

/// Where a peer's voice goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// Nowhere.
    Alone,
    /// To the other member of its pair, by slot, unchanged.
    Relay(usize),
    /// To its bridge, by index.
    Bridge(usize),
    /// To everybody who hears it live.
    Speaks,
}

/// The result of a packet from the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Nothing to do.
    Nothing,
    /// Refused and counted.
    Refused,
    /// A piece of the peer's voice, with its codec.
    Audio(Header, Range<usize>, Codec),
    /// The same in Opus.
    Opus(Header, Range<usize>),
    /// A packet of a telephone-event, with the digit if it is the first packet of the event.
    Key(Header, Range<usize>, Option<char>),
}

/// The address and the encoding for sending to a peer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outlet {
    /// The peer's address.
    pub(crate) to: SocketAddr,
    /// The encoding that it supports.
    pub(crate) encoding: Encoding,
}

impl Stream {
    /// A stream without a peer yet.
    pub(crate) fn new(id: StreamId, rng: &mut Rng, now: Moment) -> Self {
        Self {
            id,
            sender: RtpSender::new(rng),
            route: Route::Alone,
            bridge: None,
            player: None,
            mix: None,
            digits: Digits::default(),
            transcoder: None,
            judge: None,
            opus: None,
            is_ticking: false,
            terms: None,
            latch: Latch::default(),
            reception: Reception::default(),
            keys: HeardKeys::default(),
            refused: 0,
            heard_at: now,
            is_missed: false,
            relayed_at: None,
            rtcp_peer: None,
            last_report: None,
            packets_at_report: 0,
            srtp: None,
            web: None,
        }
    }

    /// Joins a bridge: what was played to the peer ends.
    pub(crate) fn enters(&mut self, bridge: usize) {
        self.bridge = Some(bridge);
        self.player = None;
        self.hears_another();
    }

    /// Leaves its bridge.
    pub(crate) fn leaves(&mut self) {
        self.bridge = None;
        if self.route != Route::Speaks {
            self.route = Route::Alone;
        }
        self.hears_another();
    }

    /// The peer's audio comes from another source now. What was said in between is not sent, and must not count as
    /// lost.
    pub(crate) fn hears_another(&mut self) {
        self.transcoder = None;
        self.sender.pause();
    }

    /// Applies the result of offer and answer.
    pub(crate) fn agree(
        &mut self,
        remote: SocketAddr,
        encoding: Encoding,
        direction: Direction,
        learns: bool,
        now: Moment,
    ) {
        let before = self.latch.destination();
        self.latch.agree(remote, learns);
        if self.latch.destination() != before {
            self.rtcp_peer = None;
        }
        self.terms = Some(Terms { encoding, direction });
        if !direction.sends() {
            // What the other side says on hold is not sent; the phone must not count it as lost when it comes back.
            self.sender.pause();
        }
        self.heard_at = now;
        self.is_missed = false;
    }

    /// Applies the keys of offer and answer.
    pub(crate) fn set_srtp(&mut self, protection: Option<&Protection>, rng: &mut Rng) {
        if self.web.is_some() {
            // Its keys come by DTLS.
            return;
        }
        match (protection, &mut self.srtp) {
            (None, srtp) => *srtp = None,
            (Some(protection), Some(srtp)) => {
                if srtp.agree(protection) {
                    self.sender = self.sender.renewed(rng);
                }
            }
            (Some(protection), srtp @ None) => *srtp = Some(Box::new(Srtp::new(protection))),
        }
    }

    /// Opens a voice packet in place and returns its length. Plain packets stay as they are.
    pub(crate) fn open_rtp(&mut self, packet: &mut [u8], now: Moment) -> Result<usize, Refusal> {
        let opened = match &mut self.srtp {
            Some(srtp) => srtp.open_rtp(packet, now),
            // A browser's voice is always encrypted; what comes before the keys is lost.
            None if self.web.is_some() => Err(Refusal::Unauthentic),
            None => Ok(packet.len()),
        };
        self.refused += u64::from(opened.is_err());
        opened
    }

    /// Opens a report in place.
    pub(crate) fn open_rtcp(&mut self, packet: &mut [u8]) -> Result<usize, Refusal> {
        let opened = match &mut self.srtp {
            Some(srtp) => srtp.open_rtcp(packet),
            None if self.web.is_some() => Err(Refusal::Unauthentic),
            None => Ok(packet.len()),
        };
        self.refused += u64::from(opened.is_err());
        opened
    }

    /// Whether packets to the peer must be protected first.
    pub(crate) fn has_srtp(&self) -> bool {
        self.srtp.is_some()
    }

    /// Protects a packet if SRTP was agreed. False: it must not be sent.
    pub(crate) fn seal(&mut self, packet: &mut Vec<u8>) -> bool {
        self.srtp.as_mut().is_none_or(|srtp| srtp.seal_rtp(packet))
    }

    /// A datagram came to the RTP port.
    pub(crate) fn hear(&mut self, source: SocketAddr, bytes: &[u8], now: Moment) -> Heard {
        // Packets that come before the agreement are ignored.
        let Some(terms) = self.terms else { return Heard::Nothing };
        let Some((header, payload)) = Header::read(bytes) else {
            self.refused += 1;
            return Heard::Refused;
        };
        let Some(named) = terms.encoding.hears(header.payload_type) else {
            // Comfort noise and the like are still a sign of life.
            if self.knows(source) {
                self.alive(now);
            }
            self.refused += 1;
            return Heard::Refused;
        };
        // A browser's address was checked.
        if self.web.is_none() && !self.latch.admits(source, &header) {
            self.refused += 1;
            return Heard::Refused;
        }
        self.alive(now);
        let timed = match named {
            Named::Opus => self.opus.get_or_insert_default().in_eighths(&header),
            Named::Voice(_) | Named::TelephoneEvent => header,
        };
        self.reception.heard(&timed, named != Named::TelephoneEvent, now);
        match named {
            _ if !terms.direction.receives() => Heard::Nothing,
            Named::Voice(codec) => Heard::Audio(header, payload, codec),
            Named::Opus => Heard::Opus(header, payload),
            Named::TelephoneEvent => {
                let digit = self.keys.heard(header.ssrc, header.timestamp, &bytes[payload.clone()]);
                Heard::Key(header, payload, digit)
            }
        }
    }

    /// A datagram came to the RTCP port. Returns whether it was the peer's report.
    pub(crate) fn hear_report(&mut self, source: SocketAddr, bytes: &[u8], now: Moment) -> bool {
        let report = PeerReport::read(bytes).filter(|_| self.knows(source));
        let Some(report) = report else {
            self.refused += 1;
            return false;
        };
        self.alive(now);
        self.rtcp_peer = Some(source);
        if let Some(ntp_middle) = report.ntp_middle {
            self.last_report = Some(LastReport { ntp_middle, at: now });
        }
        true
    }

    /// Notes that the partner's voice was sent to the peer.
    pub(crate) fn relayed(&mut self, now: Moment) {
        self.relayed_at = Some(now);
    }

    /// Whether the partner is silent at present.
    pub(crate) fn is_silent(&self, now: Moment) -> bool {
        self.relayed_at.is_none_or(|at| now.since(at) >= SILENCE_SPAN)
    }

    /// Whether the peer hears its bridge now: nothing is played to it, no key is sent to it.
    pub(crate) fn hears_bridge(&self) -> bool {
        self.player.is_none() && !self.digits.is_busy()
    }

    /// The address and encoding of the peer; `None` before the agreement, on hold, and without an address.
    pub(crate) fn outlet(&self) -> Option<Outlet> {
        let terms = self.terms.filter(|terms| terms.direction.sends())?;
        Some(Outlet { to: self.destination()?, encoding: terms.encoding })
    }

    /// Where our packets go. A browser gets none before its keys are agreed.
    fn destination(&self) -> Option<SocketAddr> {
        match &self.web {
            None => self.latch.destination(),
            Some(web) => web.remote().filter(|_| self.srtp.is_some()),
        }
    }

    fn knows(&self, source: SocketAddr) -> bool {
        self.web.is_some() || self.latch.knows(source)
    }

    /// The agreed encoding.
    pub(crate) fn encoding(&self) -> Option<Encoding> {
        self.terms.map(|terms| terms.encoding)
    }

    /// When the peer will have been silent for `span`; `None` if it need not send, or its silence was reported.
    pub(crate) fn missed_at(&self, span: Duration) -> Option<Moment> {
        let expected = self.terms.is_some_and(|terms| terms.direction.receives());
        (expected && !self.is_missed).then(|| self.heard_at + span)
    }

    /// Marks the peer's silence as reported.
    pub(crate) fn miss(&mut self) {
        self.is_missed = true;
    }

    /// Whether the peer's silence was reported and it has not been heard since.
    pub(crate) fn is_missed(&self) -> bool {
        self.is_missed
    }

    /// Notes that the peer was heard.
    fn alive(&mut self, now: Moment) {
        self.heard_at = now;
        self.is_missed = false;
    }

    /// Our next RTCP packet and its destination; `None` before the agreement.
    pub(crate) fn report_packet(&mut self, bye: bool, now: Moment) -> Option<(SocketAddr, Vec<u8>)> {
        self.terms?;
        let rtp = self.destination()?;
        let to = match (&self.web, self.rtcp_peer) {
            (Some(_), _) => rtp,
            (None, Some(peer)) => peer,
            (None, None) => SocketAddr::new(rtp.ip(), rtp.port().checked_add(1)?),
        };
        let packets = self.sender.packets();
        let sent = (packets > self.packets_at_report).then(|| Sent {
            timestamp: self.sender.timestamp_at(now),
            packets,
            octets: self.sender.octets(),
        });
        self.packets_at_report = packets;
        let heard = self.reception.report();
        let compound = Compound { ssrc: self.sender.ssrc(), sent, heard, last: self.last_report, bye };
        let mut packet = compound.bytes(now);
        let may_go = self.srtp.as_mut().is_none_or(|srtp| srtp.seal_rtcp(&mut packet));
        may_go.then_some((to, packet))
    }

    /// The figures up to now.
    pub(crate) fn figures(&self) -> StreamReport {
        StreamReport {
            received: self.reception.received(),
            sent: self.sender.packets(),
            lost: self.reception.lost(),
            jitter: self.reception.jitter(),
            refused: self.refused,
        }
    }
}
