//! Test bench without sockets: an exchange, its time, and everything that it sent.

use core::time::Duration;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};

use turno_ground::Moment;
use turno_media_plan::{
    BridgeId, Codec, Direction, Encoding, MediaCommand, MediaEvent, Member, Party, Role, StreamId,
};

use crate::clip::Sound;
use crate::exchange::{Exchange, Wire};
use crate::goertzel::sine;
use crate::library::Library;
use crate::packet::Header;
use crate::transcode::{Decoder, Encoder};

/// A caller's stream.
pub(crate) const CALLER: StreamId = StreamId(1);
/// An agent's stream.
pub(crate) const AGENT: StreamId = StreamId(2);
/// A second caller's stream.
pub(crate) const OTHER: StreamId = StreamId(3);

/// Music at 1000 Hz and two prompts of 100 ms at 500 and 700 Hz, encoded once for all tests.
static LIBRARY: LazyLock<Arc<Library>> = LazyLock::new(|| {
    let prompt = |hertz| Sound::new(8_000, sine(hertz, 8_000.0, 800, 8_000.0));
    // A rising level, so that every frame of the music differs from the others.
    let music = sine(1_000.0, 8_000.0, 16_000, 8_000.0);
    let music = music.iter().enumerate().map(|(n, s)| (i32::from(*s) * n as i32 / 16_000) as i16).collect();
    Arc::new(Library::new(&[prompt(500.0), prompt(700.0)], &Sound::new(8_000, music)))
});

/// What was sent, in order.
#[derive(Default)]
pub(crate) struct Sent {
    /// Time, slot, destination and packet.
    pub(crate) rtp: Vec<(Moment, usize, SocketAddr, Vec<u8>)>,
    /// The same for RTCP.
    pub(crate) rtcp: Vec<(Moment, usize, SocketAddr, Vec<u8>)>,
    /// Events reported to the engine.
    pub(crate) events: Vec<MediaEvent>,
    now: Moment,
}

impl Wire for Sent {
    fn rtp(&mut self, slot: usize, to: SocketAddr, packet: &[u8]) {
        self.rtp.push((self.now, slot, to, packet.to_vec()));
    }

    fn rtcp(&mut self, slot: usize, to: SocketAddr, packet: &[u8]) {
        self.rtcp.push((self.now, slot, to, packet.to_vec()));
    }

    fn event(&mut self, event: MediaEvent) {
        self.events.push(event);
    }
}

/// The test bench.
pub(crate) struct Stage {
    pub(crate) exchange: Exchange,
    pub(crate) now: Moment,
    pub(crate) sent: Sent,
}

impl Stage {
    /// No streams yet.
    pub(crate) fn new(inactivity: Option<Duration>) -> Self {
        let now = Moment::from_secs(1_700_000_000);
        Self { exchange: Exchange::new(Arc::clone(&LIBRARY), inactivity, 7, now), now, sent: Sent::default() }
    }

    /// Opens a stream and returns its slot.
    pub(crate) fn open(&mut self, id: StreamId) -> usize {
        self.exchange.open(id, self.now).unwrap()
    }

    /// Opens a stream and agrees on a codec by its static number, with telephone-event as 101.
    pub(crate) fn agreed(&mut self, id: StreamId, codec: Codec) -> usize {
        let slot = self.open(id);
        self.agree(id, encoding(codec), Direction::SendRecv);
        slot
    }

    pub(crate) fn agree(&mut self, id: StreamId, encoding: Encoding, direction: Direction) {
        let remote = phone(id);
        self.tell(MediaCommand::Agree { stream: id, remote, encoding, direction, latch: true, srtp: None });
    }

    pub(crate) fn tell(&mut self, command: MediaCommand) {
        self.exchange.handle_command(command, self.now);
    }

    /// Receives a packet from a stream's phone.
    pub(crate) fn hear(&mut self, slot: usize, from: SocketAddr, packet: &[u8]) -> bool {
        self.sent.now = self.now;
        self.exchange.handle_rtp(slot, from, &mut packet.to_vec(), self.now, &mut self.sent)
    }

    /// Advances the time, deadline by deadline.
    pub(crate) fn pass(&mut self, milliseconds: u64) {
        let end = self.now + Duration::from_millis(milliseconds);
        while let Some(at) = self.exchange.next_deadline().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.sent.now = self.now;
            self.exchange.handle_time(self.now, &mut self.sent);
        }
        self.now = end;
    }

    /// Closes a stream.
    pub(crate) fn close(&mut self, id: StreamId) {
        self.sent.now = self.now;
        self.exchange.close(id, self.now, &mut self.sent);
    }

    /// Takes the packets that a slot sent.
    pub(crate) fn take(&mut self, slot: usize) -> Vec<(Header, Vec<u8>)> {
        let all = core::mem::take(&mut self.sent.rtp);
        let (mine, rest) = all.into_iter().partition(|(_, from, _, _)| *from == slot);
        self.sent.rtp = rest;
        let mine: Vec<_> = mine;
        let read = |(_, _, _, packet): (_, _, _, Vec<u8>)| {
            let (header, payload) = Header::read(&packet).unwrap();
            (header, packet[payload].to_vec())
        };
        mine.into_iter().map(read).collect()
    }
}

/// Two streams that hear each other; [`parted`] ends it.
pub(crate) fn together(one: StreamId, other: StreamId) -> MediaCommand {
    let members = [(one, Party::Caller), (other, Party::Agent)];
    let members = members.map(|(stream, party)| Member::new(stream, Role::Talk(party)));
    MediaCommand::Bridge { bridge: bridge_of(one, other), members: members.to_vec() }
}

/// Ends the bridge of two streams.
pub(crate) fn parted(one: StreamId, other: StreamId) -> MediaCommand {
    MediaCommand::Bridge { bridge: bridge_of(one, other), members: Vec::new() }
}

fn bridge_of(one: StreamId, other: StreamId) -> BridgeId {
    BridgeId(one.0.min(other.0) * 1_000 + one.0.max(other.0))
}

/// The address of a stream's phone.
pub(crate) fn phone(id: StreamId) -> SocketAddr {
    SocketAddr::from(([192, 0, 2, id.0 as u8], 4_000))
}

/// A codec by its static number.
pub(crate) fn encoding(codec: Codec) -> Encoding {
    Encoding::new(codec, codec.payload_type(), Some(101))
}

/// A phone that sends a tone, packet by packet.
pub(crate) struct Voice {
    header: Header,
    samples: Vec<i16>,
    encoder: Encoder,
}

impl Voice {
    /// A voice of four seconds.
    pub(crate) fn new(ssrc: u32, encoding: Encoding, hertz: f64) -> Self {
        let rate = encoding.codec.sample_rate();
        let samples = sine(hertz, 8_000.0, rate as usize * 4, f64::from(rate));
        let payload_type = encoding.payload_type;
        let header = Header { marker: true, payload_type, sequence: 100, timestamp: 5_000, ssrc };
        Self { header, samples, encoder: Encoder::new(encoding.codec) }
    }

    /// The next 20 ms.
    pub(crate) fn next(&mut self) -> Vec<u8> {
        let mut packet = self.header.bytes().to_vec();
        let rest = self.samples.split_off(self.samples.len().min(self.samples_in_a_packet()));
        self.encoder.encode(&self.samples, &mut packet);
        self.samples = rest;
        self.header.sequence = self.header.sequence.wrapping_add(1);
        self.header.timestamp = self.header.timestamp.wrapping_add(160);
        self.header.marker = false;
        packet
    }

    fn samples_in_a_packet(&self) -> usize {
        match self.encoder {
            Encoder::Pcmu | Encoder::Pcma => 160,
            Encoder::G722(_) => 320,
        }
    }
}

/// The decoded samples of payloads, without the first 100 ms.
pub(crate) fn samples(codec: Codec, packets: &[(Header, Vec<u8>)]) -> Vec<i16> {
    let octets: Vec<u8> = packets.iter().flat_map(|(_, payload)| payload).copied().collect();
    let mut samples = Vec::new();
    Decoder::new(codec).decode(&octets, &mut samples);
    samples.drain(..(codec.sample_rate() as usize / 10).min(samples.len()));
    samples
}

/// Asserts that a phone sees one source with one running sequence and a clock that never steps back.
pub(crate) fn assert_one_source(packets: &[(Header, Vec<u8>)]) {
    for pair in packets.windows(2) {
        let (before, after) = (pair[0].0, pair[1].0);
        assert_eq!(after.ssrc, before.ssrc);
        assert_eq!(after.sequence, before.sequence.wrapping_add(1));
        let step = after.timestamp.wrapping_sub(before.timestamp);
        assert!(step <= 80_000, "the clock went from {} to {}", before.timestamp, after.timestamp);
    }
}
