//! Measures what a browser's leg costs beside a plain one. Run it with `cargo run --release -p turno-media --example
//! web_cost`.
//!
//! Without sockets, as `srtp_cost`: a packet comes in plain, goes out to a browser, comes back from one, and goes out
//! plain. The path of a browser's packet has the look at its first byte, the look-up of its address, the tags, and the
//! question whether the journal covers the next numbers. Memory is what the process has more for each of many streams.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use turno_ground::Moment;
use turno_media::{Exchange, Identity, Library, Sound, Wire};
use turno_media_plan::{
    BridgeId, Codec, Direction, DtlsRole, Encoding, Fingerprint, Hash, IceCredentials, KeyMint, MediaCommand,
    MediaEvent, Member, Party, Protection, Role, Shown, StreamId, Suite, WebState, WebTerms,
};

const PACKETS: u64 = 50_000;
const TURNS: usize = 15;
const PACKET_BYTES: usize = 172;
const STREAMS: u64 = 4_000;
const NOW: Moment = Moment::from_secs(1_700_000_000);

fn main() {
    let identity = Identity::generate().expect("chance");
    #[expect(clippy::disallowed_methods, reason = "a measurement")]
    let begin = Instant::now();
    let given = (identity, begin);
    let (mut plain, mut web) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        plain.push(inside(&given, false));
        web.push(inside(&given, true));
    }
    let more = middle(&web) - middle(&plain);
    println!("two relayed packets: plain {:.2} us", middle(&plain));
    println!("to a browser and from one: {more:.2} us more, {:.2} us a packet", more / 2.0);
    println!(
        "a plain stream: {:.1} KiB; a browser's with keys: {:.1} KiB; before its handshake: {:.1} KiB",
        memory(&given, Kind::Plain),
        memory(&given, Kind::Web),
        memory(&given, Kind::Shaking)
    );
}

fn middle(costs: &[f64]) -> f64 {
    let mut costs = costs.to_vec();
    costs.sort_by(f64::total_cmp);
    costs[costs.len() / 2]
}

fn packet(round: u64) -> [u8; PACKET_BYTES] {
    let mut packet = [0xd5; PACKET_BYTES];
    packet[..2].copy_from_slice(&[0x80, Codec::Pcma.payload_type()]);
    packet[2..4].copy_from_slice(&(round as u16).to_be_bytes());
    packet[4..8].copy_from_slice(&(round as u32 * 160).to_be_bytes());
    packet[8..12].copy_from_slice(&[1, 2, 3, 4]);
    packet
}

/// Nanoseconds of this thread, from the kernel.
fn cpu_micros() -> f64 {
    let figures = std::fs::read_to_string("/proc/thread-self/schedstat").expect("the kernel keeps figures");
    figures.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).expect("a number") / 1_000.0
}

/// Streams 0 to 3 of one path. What the second sends comes back to the third.
#[derive(Default)]
struct Way {
    between: Vec<u8>,
    arrived: u64,
    asked: Vec<(StreamId, u64, u32)>,
}

impl Wire for Way {
    fn rtp(&mut self, slot: usize, _to: SocketAddr, packet: &[u8]) {
        if slot == 1 {
            self.between.clear();
            self.between.extend_from_slice(packet);
        } else {
            assert_eq!(packet.len(), PACKET_BYTES, "as plain as it went in");
            self.arrived += 1;
        }
    }

    fn rtcp(&mut self, _slot: usize, _to: SocketAddr, _packet: &[u8]) {}

    fn event(&mut self, event: MediaEvent) {
        if let MediaEvent::Secured { stream, state } = event {
            self.asked.push((stream, state.packets, state.reports));
        }
    }
}

fn exchange(given: &(Identity, Instant)) -> Exchange {
    let library = Arc::new(Library::new(&[], &Sound::new(8_000, vec![0; 800])));
    let mut exchange = Exchange::new(library, None, 7, NOW);
    exchange.serve_browsers(given.0.clone(), (given.1, NOW));
    exchange
}

fn peer(stream: u64) -> SocketAddr {
    SocketAddr::from(([192, 0, (stream >> 8) as u8, stream as u8], 4_000))
}

fn agree(stream: u64) -> MediaCommand {
    let (encoding, direction) = (Encoding::new(Codec::Pcma, 8, None), Direction::SendRecv);
    let stream_id = StreamId(stream);
    MediaCommand::Agree {
        stream: stream_id,
        remote: peer(stream),
        encoding,
        direction,
        latch: true,
        srtp: None,
    }
}

fn secure(stream: u64, keys: Option<Protection>) -> MediaCommand {
    let fingerprint = Fingerprint::new(Hash::Sha256, &[1; 32]).expect("a digest");
    let kept = keys.map(|keys| {
        let (ssrc, remote) = (5, peer(stream));
        let fingerprint = fingerprint.clone();
        let (packets, reports, timestamp, stamped_at) = (1, 0, 0, NOW);
        let heard = None;
        Box::new(WebState { fingerprint, keys, remote, ssrc, packets, reports, heard, timestamp, stamped_at })
    });
    let ours = IceCredentials {
        ufrag: format!("fragment{stream}"),
        password: "a password of many letters".to_owned(),
    };
    let terms =
        WebTerms { ours, fingerprint, role: DtlsRole::Server, kept, shows: Shown::First, was_begun: false };
    MediaCommand::Secure { stream: StreamId(stream), terms: Box::new(terms) }
}

fn protection(mint: &mut KeyMint) -> Protection {
    let suite = Suite::AeadAes128Gcm;
    Protection { ours: mint.mint(suite), theirs: mint.mint(suite), their_mki_bytes: 0 }
}

/// Microseconds that one packet costs on its path through four streams, without sockets.
fn inside(given: &(Identity, Instant), is_web: bool) -> f64 {
    let mut exchange = exchange(given);
    let ours = protection(&mut KeyMint::new([1; 32]));
    let theirs = Protection { ours: ours.theirs, theirs: ours.ours, their_mki_bytes: 0 };
    for (stream, keys) in (0..).zip([None, Some(ours), Some(theirs), None]) {
        exchange.open(StreamId(stream), NOW).expect("there is room");
        if let Some(keys) = keys.filter(|_| is_web) {
            exchange.handle_command(secure(stream, Some(keys)), NOW);
        }
        exchange.handle_command(agree(stream), NOW);
    }
    for one in [0, 2] {
        let members = [(one, Party::Caller), (one + 1, Party::Agent)];
        let members = members.map(|(stream, party)| Member::new(StreamId(stream), Role::Talk(party)));
        exchange
            .handle_command(MediaCommand::Bridge { bridge: BridgeId(one), members: members.to_vec() }, NOW);
    }
    let mut way = Way::default();
    exchange.handle_time(NOW, &mut way);
    keep(&mut exchange, &mut way);
    let before = cpu_micros();
    for round in 0..PACKETS {
        exchange.handle_rtp(0, peer(0), &mut packet(round), NOW, &mut way);
        let mut between = core::mem::take(&mut way.between);
        if is_web {
            exchange.handle_web(peer(2), &mut between, NOW, &mut way);
        } else {
            exchange.handle_rtp(2, peer(2), &mut between, NOW, &mut way);
        }
        way.between = between;
        if round % 200 == 0 && is_web {
            // The browser that hears asks at its own checks; here it says something.
            exchange.handle_web(peer(1), &mut [0x80, 8, 0, 0], NOW, &mut way);
        }
        keep(&mut exchange, &mut way);
    }
    assert_eq!(way.arrived, PACKETS);
    (cpu_micros() - before) / PACKETS as f64
}

/// The engine's answers.
fn keep(exchange: &mut Exchange, way: &mut Way) {
    for (stream, packets, reports) in way.asked.drain(..) {
        exchange.handle_command(MediaCommand::Kept { stream, packets, reports }, NOW);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Web,
    Shaking,
}

/// KiB that the process has more for each stream.
fn memory(given: &(Identity, Instant), kind: Kind) -> f64 {
    let mut exchange = exchange(given);
    let mut mint = KeyMint::new([1; 32]);
    let before = resident_kib();
    for stream in 0..STREAMS {
        exchange.open(StreamId(stream), NOW).expect("there is room");
        match kind {
            Kind::Plain => {}
            Kind::Web => exchange.handle_command(secure(stream, Some(protection(&mut mint))), NOW),
            Kind::Shaking => exchange.handle_command(secure(stream, None), NOW),
        }
        exchange.handle_command(agree(stream), NOW);
    }
    (resident_kib() - before) / STREAMS as f64
}

fn resident_kib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux has /proc");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("the kernel keeps figures");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
