//! The voice of a browser: a peer connection of webrtc-rs with one stream of G.711.

use core::time::Duration;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use rtc::media_stream::MediaStreamTrack;
use rtc::peer_connection::configuration::media_engine::{
    MIME_TYPE_PCMA, MIME_TYPE_TELEPHONE_EVENT, MediaEngine,
};
use rtc::peer_connection::configuration::setting_engine::SettingEngineBuilder;
use rtc::peer_connection::event::RTCPeerConnectionEvent;
use rtc::peer_connection::message::{RTCMessage, TaggedRTCMessage};
use rtc::peer_connection::sdp::RTCSessionDescription;
use rtc::peer_connection::state::RTCPeerConnectionState;
use rtc::peer_connection::transport::{CandidateConfig, CandidateHostConfig, RTCDtlsRole, RTCIceCandidate};
use rtc::peer_connection::{RTCPeerConnection, RTCPeerConnectionBuilder};
use rtc::rtp::header::Header;
use rtc::rtp::packet::Packet;
use rtc::rtp_transceiver::RTCRtpSenderId;
use rtc::rtp_transceiver::rtp_sender::{
    RTCRtpCodec, RTCRtpCodecParameters, RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind,
};
use rtc::sansio::Protocol;
use rtc::shared::error::Error;
use rtc::shared::{TaggedBytesMut, TransportContext, TransportProtocol};

/// G.711 A-law (RFC 3551).
const PAYLOAD_TYPE: u8 = 8;

/// The part of a plain packet before its payload (RFC 3550, 5.1), as our phones write it.
const RTP_HEADER_BYTES: usize = 12;

/// Packets that wait to be taken.
const HEARD_MAX: usize = 500;

/// Why a voice can't go on, in the words of webrtc-rs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoiceFault(pub String);

impl From<Error> for VoiceFault {
    fn from(error: Error) -> Self {
        Self(error.to_string())
    }
}

/// A browser's end of one talk.
pub struct Voice {
    connection: RTCPeerConnection,
    sender: RTCRtpSenderId,
    local: SocketAddr,
    ssrc: u32,
    sequence: u16,
    timestamp: u32,
    is_connected: bool,
    heard: VecDeque<Bytes>,
}

impl core::fmt::Debug for Voice {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Voice").field("is_connected", &self.is_connected).finish_non_exhaustive()
    }
}

impl Voice {
    /// A voice whose packets go by the UDP socket at `local`.
    ///
    /// # Errors
    /// [`VoiceFault`].
    pub fn new(local: SocketAddr, ssrc: u32, now: Instant) -> Result<Self, VoiceFault> {
        let codec = |name: &str, payload_type| RTCRtpCodecParameters {
            rtp_codec: RTCRtpCodec {
                mime_type: name.to_owned(),
                clock_rate: 8_000,
                channels: 1,
                sdp_fmtp_line: String::new(),
                rtcp_feedback: vec![],
            },
            payload_type,
        };
        let mut codecs = MediaEngine::default();
        let voice = codec(MIME_TYPE_PCMA, PAYLOAD_TYPE);
        codecs.register_codec(voice.clone(), RtpCodecKind::Audio)?;
        codecs.register_codec(codec(MIME_TYPE_TELEPHONE_EVENT, 101), RtpCodecKind::Audio)?;
        let settings = SettingEngineBuilder::new()
            .with_answering_dtls_role(RTCDtlsRole::Client)
            .with_host_acceptance_min_wait(Some(Duration::ZERO))
            .with_include_loopback_candidate(true)
            .build();
        let mut connection = RTCPeerConnectionBuilder::new()
            .with_setting_engine(settings)
            .with_media_engine(codecs)
            .build(now)?;
        let encoding = RTCRtpEncodingParameters {
            rtp_coding_parameters: RTCRtpCodingParameters { ssrc: Some(ssrc), ..Default::default() },
            codec: voice.rtp_codec,
            ..Default::default()
        };
        let track = MediaStreamTrack::new(
            "page".to_owned(),
            "microphone".to_owned(),
            "microphone".to_owned(),
            RtpCodecKind::Audio,
            vec![encoding],
        );
        let sender = connection.add_track(track)?;
        Ok(Self {
            connection,
            sender,
            local,
            ssrc,
            sequence: 1,
            timestamp: 0,
            is_connected: false,
            heard: VecDeque::new(),
        })
    }

    /// Our offer.
    ///
    /// # Errors
    /// [`VoiceFault`].
    pub fn offer(&mut self, now: Instant) -> Result<String, VoiceFault> {
        self.shows_itself()?;
        let offer = self.connection.create_offer(None)?;
        self.connection.set_local_description(now, offer)?;
        self.said()
    }

    /// Our answer to an offer.
    ///
    /// # Errors
    /// [`VoiceFault`].
    pub fn answer(&mut self, offer: &str, now: Instant) -> Result<String, VoiceFault> {
        self.connection.set_remote_description(now, RTCSessionDescription::offer(offer.to_owned())?)?;
        self.shows_itself()?;
        let answer = self.connection.create_answer(None)?;
        self.connection.set_local_description(now, answer)?;
        self.said()
    }

    /// The answer to our offer.
    ///
    /// # Errors
    /// [`VoiceFault`].
    pub fn accept(&mut self, answer: &str, now: Instant) -> Result<(), VoiceFault> {
        let answer = RTCSessionDescription::answer(answer.to_owned())?;
        Ok(self.connection.set_remote_description(now, answer)?)
    }

    /// Takes a packet from the UDP socket.
    pub fn handle_datagram(&mut self, from: SocketAddr, bytes: &[u8], now: Instant) {
        let transport = TransportContext {
            local_addr: self.local,
            peer_addr: from,
            ecn: None,
            transport_protocol: TransportProtocol::UDP,
        };
        // What is no packet of this talk is dropped, as in a browser.
        let _ =
            self.connection.handle_read(TaggedBytesMut { now, transport, message: BytesMut::from(bytes) });
        self.look();
    }

    /// The next packet for the UDP socket.
    pub fn poll_datagram(&mut self) -> Option<(SocketAddr, Bytes)> {
        let packet = self.connection.poll_write()?;
        Some((packet.transport.peer_addr, packet.message.freeze()))
    }

    /// When [`Self::handle_deadline`] is due.
    pub fn next_deadline(&mut self) -> Option<Instant> {
        self.connection.poll_timeout()
    }

    /// Handles what is due.
    pub fn handle_deadline(&mut self, now: Instant) {
        let _ = self.connection.handle_timeout(now);
        self.look();
    }

    /// Says what a plain RTP packet has; before ICE and DTLS are done it is lost.
    ///
    /// # Errors
    /// [`VoiceFault`].
    pub fn say(&mut self, packet: &[u8], now: Instant) -> Result<(), VoiceFault> {
        let Some(payload) = packet.get(RTP_HEADER_BYTES..) else { return Ok(()) };
        self.sequence = self.sequence.wrapping_add(1);
        self.timestamp = self.timestamp.wrapping_add(u32::try_from(payload.len()).unwrap_or(160));
        if !self.is_connected {
            return Ok(());
        }
        let header = Header {
            version: 2,
            payload_type: PAYLOAD_TYPE,
            sequence_number: self.sequence,
            timestamp: self.timestamp,
            ssrc: self.ssrc,
            ..Default::default()
        };
        let packet = Packet { header, payload: Bytes::copy_from_slice(payload) };
        match self.connection.rtp_sender(self.sender) {
            Some(mut sender) => Ok(sender.write_rtp(now, packet)?),
            None => Ok(()),
        }
    }

    /// The next packet that was heard, as plain RTP.
    pub fn poll_heard(&mut self) -> Option<Bytes> {
        self.heard.pop_front()
    }

    /// Whether ICE and DTLS are done.
    pub const fn is_connected(&self) -> bool {
        self.is_connected
    }

    /// One candidate: that of the socket.
    fn shows_itself(&mut self) -> Result<(), VoiceFault> {
        let candidate = CandidateHostConfig {
            base_config: CandidateConfig {
                network: "udp".to_owned(),
                address: self.local.ip().to_string(),
                port: self.local.port(),
                component: 1,
                ..Default::default()
            },
            ..Default::default()
        };
        let candidate = RTCIceCandidate::from(&candidate.new_candidate_host()?).to_json()?;
        Ok(self.connection.add_local_candidate(candidate)?)
    }

    fn said(&self) -> Result<String, VoiceFault> {
        let said = self.connection.local_description();
        said.map(|said| said.sdp).ok_or_else(|| VoiceFault("no description".to_owned()))
    }

    fn look(&mut self) {
        while let Some(event) = self.connection.poll_event() {
            if let RTCPeerConnectionEvent::OnConnectionStateChangeEvent(state) = event {
                self.is_connected = state == RTCPeerConnectionState::Connected;
            }
        }
        while let Some(TaggedRTCMessage { message, .. }) = self.connection.poll_read() {
            if let RTCMessage::RtpPacket(_, packet) = message
                && packet.header.payload_type == PAYLOAD_TYPE
                && self.heard.len() < HEARD_MAX
            {
                self.heard.push_back(plain_rtp(&packet));
            }
        }
    }
}

fn plain_rtp(packet: &Packet) -> Bytes {
    let Header { sequence_number, timestamp, ssrc, payload_type, .. } = packet.header;
    let mut plain = vec![0x80, payload_type];
    plain.extend(sequence_number.to_be_bytes());
    plain.extend(timestamp.to_be_bytes());
    plain.extend(ssrc.to_be_bytes());
    plain.extend_from_slice(&packet.payload);
    plain.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Carries what waits from one to the other.
    fn carry(from: (&mut Voice, SocketAddr), to: (&mut Voice, SocketAddr), now: Instant) {
        while let Some((address, bytes)) = from.0.poll_datagram() {
            if address == to.1 {
                to.0.handle_datagram(from.1, &bytes, now);
            }
        }
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "std makes no other moment; from there on time is virtual")]
    fn two_browsers_hear_each_other() {
        let mut now = Instant::now();
        let [here, there] = [40_000, 40_002].map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
        let mut ana = Voice::new(here, 1, now).expect("a voice");
        let mut eva = Voice::new(there, 2, now).expect("a voice");
        let offer = ana.offer(now).expect("an offer");
        let answer = eva.answer(&offer, now).expect("an answer");
        ana.accept(&answer, now).expect("it fits");
        for _ in 0..2_000 {
            now += Duration::from_millis(5);
            ana.handle_deadline(now);
            eva.handle_deadline(now);
            carry((&mut ana, here), (&mut eva, there), now);
            carry((&mut eva, there), (&mut ana, here), now);
            if ana.is_connected() && eva.is_connected() {
                break;
            }
        }
        assert!(ana.is_connected() && eva.is_connected(), "{ana:?} {eva:?}");
        let mut packet = vec![0x80, PAYLOAD_TYPE];
        packet.resize(RTP_HEADER_BYTES, 0);
        packet.extend([0x55; 160]);
        ana.say(&packet, now).expect("it is sent");
        carry((&mut ana, here), (&mut eva, there), now);
        let heard = eva.poll_heard().expect("it is heard");
        assert_eq!(heard[RTP_HEADER_BYTES..], [0x55; 160]);
    }
}
