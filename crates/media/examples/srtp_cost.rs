//! Measures what SRTP adds to a relayed packet. Run it with `cargo run --release -p turno-media --example srtp_cost`.
//!
//! Without sockets: a packet comes in plain, goes out through a stream that protects it, comes back through one that
//! opens it, and goes out plain; the cost of the same path without keys is subtracted. A call between two encrypted
//! phones opens and protects each packet once. With sockets, on loopback: the media thread's time for relaying a plain
//! packet, for comparison.

use core::time::Duration;
use std::net::{SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use turno_ground::Moment;
use turno_media::{Exchange, Library, Plane, PlaneSettings, Sound, Wire};
use turno_media_plan::{
    BridgeId, Codec, Direction, Encoding, KeyMint, MediaCommand, MediaEvent, Member, Party, Protection, Role,
    StreamId, Suite,
};

const CALLS: u64 = 50;
const ROUNDS: u64 = 400;
const PACKETS: u64 = 50_000;
const TURNS: usize = 15;
const PACKET_BYTES: usize = 172;

fn main() {
    let mut without = Vec::new();
    let mut with = [const { Vec::new() }; 4];
    for _ in 0..TURNS {
        without.push(inside(None));
        for (suite, costs) in Suite::ALL.into_iter().zip(&mut with) {
            costs.push(inside(Some(suite)));
        }
    }
    let relayed = middle(&(0..TURNS / 3).map(|_| relay()).collect::<Vec<_>>());
    println!(
        "plain relay with sockets: {relayed:.2} us a packet; two of them without: {:.2} us",
        middle(&without)
    );
    for (suite, costs) in Suite::ALL.into_iter().zip(&with) {
        let more = middle(costs) - middle(&without);
        let ratio = (relayed + more) / relayed;
        println!("{}: opened and sealed for {more:.2} us more, {ratio:.2} times", suite.name());
    }
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

/// CPU time of the thread with this name, in microseconds.
fn cpu_micros(thread: &str) -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").expect("Linux has /proc");
    let is_ours =
        |task: &Path| std::fs::read_to_string(task.join("comm")).is_ok_and(|name| name.trim() == thread);
    let task = tasks.flatten().map(|task| task.path()).find(|task| is_ours(task)).expect("the thread runs");
    let figures = std::fs::read_to_string(task.join("schedstat")).expect("the kernel keeps figures");
    figures.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).expect("a number") / 1_000.0
}

fn phone() -> UdpSocket {
    let socket = UdpSocket::bind(("127.12.4.2", 0)).expect("a free port");
    socket.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout can be set");
    socket
}

/// Streams 0 to 3 of one path: the caller's, the protecting one, the opening one, the agent's. What the second sends
/// comes back to the third.
#[derive(Default)]
struct Way {
    between: Vec<u8>,
    arrived: u64,
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

    fn event(&mut self, _event: MediaEvent) {}
}

/// Microseconds that one packet costs on its path through four streams, without sockets.
fn inside(suite: Option<Suite>) -> f64 {
    let library = Arc::new(Library::new(&[], &Sound::new(8_000, vec![0; 800])));
    let now = Moment::from_secs(1_700_000_000);
    let mut exchange = Exchange::new(library, None, 7, now);
    let mut mint = KeyMint::new([1; 32]);
    let keys = suite.map(|suite| {
        let ours = Protection { ours: mint.mint(suite), theirs: mint.mint(suite), their_mki_bytes: 0 };
        (ours, Protection { ours: ours.theirs, theirs: ours.ours, their_mki_bytes: 0 })
    });
    let keys = [None, keys.map(|keys| keys.0), keys.map(|keys| keys.1), None];
    let peer = |stream: u64| SocketAddr::from(([192, 0, 2, 1], 4_000 + stream as u16));
    for (stream, keys) in (0..).zip(keys) {
        exchange.open(StreamId(stream), now).expect("there is room");
        exchange.handle_command(agree(StreamId(stream), peer(stream), keys), now);
    }
    for one in [0, 2] {
        exchange.handle_command(together(StreamId(one), StreamId(one + 1)), now);
    }
    let mut way = Way::default();
    let before = cpu_micros("srtp_cost");
    for round in 0..PACKETS {
        exchange.handle_rtp(0, peer(0), &mut packet(round), now, &mut way);
        let mut between = core::mem::take(&mut way.between);
        exchange.handle_rtp(2, peer(2), &mut between, now, &mut way);
        way.between = between;
    }
    assert_eq!(way.arrived, PACKETS);
    (cpu_micros("srtp_cost") - before) / PACKETS as f64
}

fn settings() -> PlaneSettings {
    let music = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/music/hold.wav");
    PlaneSettings { inactivity: None, prompts: Vec::new(), music, pairs_max: None }
}

fn agree(stream: StreamId, remote: SocketAddr, keys: Option<Protection>) -> MediaCommand {
    let encoding = Encoding::new(Codec::Pcma, 8, None);
    let (direction, srtp) = (Direction::SendRecv, keys.map(Box::new));
    MediaCommand::Agree { stream, remote, encoding, direction, latch: true, srtp }
}

/// Microseconds of the media thread for each plain packet that it relays on loopback.
fn relay() -> f64 {
    let plane = Plane::start(settings(), drop).expect("the plane starts");
    let (callers, agents): (Vec<_>, Vec<_>) = (0..CALLS).map(|_| (phone(), phone())).unzip();
    let port = |stream: u64| SocketAddr::from(([127, 12, 4, 1], 20_000 + stream as u16 * 2));
    for (call, (caller, agent)) in (0..CALLS).zip(callers.iter().zip(&agents)) {
        for (stream, phone) in [(call * 2, caller), (call * 2 + 1, agent)] {
            plane.post(MediaCommand::Open { stream: StreamId(stream), local: port(stream) });
            let remote = phone.local_addr().expect("it is bound");
            plane.post(agree(StreamId(stream), remote, None));
        }
        plane.post(together(StreamId(call * 2), StreamId(call * 2 + 1)));
    }
    plane.wake();
    while plane.gauges().streams < CALLS * 2 {
        std::thread::yield_now();
    }
    let before = cpu_micros("turno-media");
    let mut buffer = [0; 2_048];
    for round in 0..ROUNDS {
        for (call, caller) in (0..).zip(&callers) {
            caller.send_to(&packet(round), port(call * 2)).expect("loopback takes it");
        }
        for agent in &agents {
            agent.recv(&mut buffer).expect("it arrives");
        }
    }
    let cost = cpu_micros("turno-media") - before;
    plane.stop();
    cost / (CALLS * ROUNDS) as f64
}

/// Two streams that hear each other.
fn together(one: StreamId, other: StreamId) -> MediaCommand {
    let members = [(one, Party::Caller), (other, Party::Agent)];
    let members = members.map(|(stream, party)| Member::new(stream, Role::Talk(party)));
    MediaCommand::Bridge { bridge: BridgeId(one.0), members: members.to_vec() }
}
