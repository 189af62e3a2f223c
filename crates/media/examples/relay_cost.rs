//! Measures the media thread's CPU time for a relayed packet, compared with a bare receive-and-send loop and a
//! transcoding call, on loopback. Run it with `cargo run --release -p turno-media --example relay_cost`.

use core::time::Duration;
use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use turno_media::{Plane, PlaneSettings};
use turno_media_plan::{
    Audio, BridgeId, Codec, Direction, Encoding, MediaCommand, Member, Party, Role, StreamId,
};

const CALLS: u64 = 50;
const ROUNDS: u64 = 2_000;
const PACKET_BYTES: usize = 172;

fn main() {
    let bare = bare();
    println!("bare receive and send: {bare:.2} us a packet");
    for (name, to) in
        [("relay", Codec::Pcma), ("transcode to PCMU", Codec::Pcmu), ("transcode to G722", Codec::G722)]
    {
        let cost = relay(to);
        println!("{name}: {cost:.2} us a packet, {:.2} times the bare loop", cost / bare);
    }
    println!("music: {:.2} us a packet", music());
}

fn settings() -> PlaneSettings {
    let music = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/music/hold.wav");
    PlaneSettings { inactivity: None, prompts: Vec::new(), music, pairs_max: None }
}

fn encoding(codec: Codec) -> Encoding {
    Encoding::new(codec, codec.payload_type(), None)
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
    let named =
        |task: &Path| std::fs::read_to_string(task.join("comm")).is_ok_and(|name| name.trim() == thread);
    let task = tasks.flatten().map(|task| task.path()).find(|task| named(task)).expect("the thread runs");
    let figures = std::fs::read_to_string(task.join("schedstat")).expect("the kernel keeps figures");
    figures.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).expect("a number") / 1_000.0
}

/// Sends a packet from each caller, then waits for each at the other end.
fn converse(callers: &[(UdpSocket, std::net::SocketAddr)], agents: &[UdpSocket]) {
    let mut buffer = [0; 2_048];
    for round in 0..ROUNDS {
        for (caller, to) in callers {
            caller.send_to(&packet(round), to).expect("loopback takes it");
        }
        for agent in agents {
            agent.recv(&mut buffer).expect("it arrives");
        }
    }
}

fn phone(ip: &str) -> UdpSocket {
    let socket = UdpSocket::bind((ip, 0)).expect("a free port");
    socket.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout can be set");
    socket
}

fn relay(to: Codec) -> f64 {
    let plane = Plane::start(settings(), |event| println!("{event:?}")).expect("the plane starts");
    let (mut callers, mut agents) = (Vec::new(), Vec::new());
    for call in 0..CALLS {
        for (side, codec) in [(0, Codec::Pcma), (1, to)] {
            let stream = StreamId(call * 2 + side);
            let local = ([127, 12, 1, 1], 20_000 + (call * 4 + side * 2) as u16).into();
            let socket = phone("127.12.1.2");
            let remote = socket.local_addr().expect("it is bound");
            plane.send(MediaCommand::Open { stream, local });
            let (encoding, direction) = (encoding(codec), Direction::SendRecv);
            plane.send(MediaCommand::Agree { stream, remote, encoding, direction, latch: true, srtp: None });
            if side == 0 { callers.push((socket, local)) } else { agents.push(socket) }
        }
        plane.send(together(StreamId(call * 2), StreamId(call * 2 + 1)));
    }
    while plane.gauges().streams < CALLS * 2 {
        std::thread::yield_now();
    }
    let before = cpu_micros("turno-media");
    converse(&callers, &agents);
    let cost = cpu_micros("turno-media") - before;
    plane.stop();
    cost / (CALLS * ROUNDS) as f64
}

fn music() -> f64 {
    let plane = Plane::start(settings(), |event| println!("{event:?}")).expect("the plane starts");
    let listener = phone("127.12.2.2");
    let remote = listener.local_addr().expect("it is bound");
    for call in 0..1_000 {
        let stream = StreamId(call);
        plane
            .send(MediaCommand::Open { stream, local: ([127, 12, 2, 1], 20_000 + (call * 2) as u16).into() });
        let (encoding, direction) = (encoding(Codec::Pcma), Direction::SendRecv);
        plane.send(MediaCommand::Agree { stream, remote, encoding, direction, latch: true, srtp: None });
        plane.send(MediaCommand::Play { stream, audio: Audio::Music });
    }
    while plane.gauges().packets_sent < 10_000 {
        std::thread::yield_now();
    }
    let (before, sent) = (cpu_micros("turno-media"), plane.gauges().packets_sent);
    while plane.gauges().packets_sent < sent + 100_000 {
        std::thread::yield_now();
    }
    let cost = (cpu_micros("turno-media") - before) / (plane.gauges().packets_sent - sent) as f64;
    plane.stop();
    cost
}

fn bare() -> f64 {
    let stops = Arc::new(AtomicBool::new(false));
    let relay = phone("127.12.3.1");
    let here = relay.local_addr().expect("it is bound");
    let callers: Vec<_> = (0..CALLS).map(|_| (phone("127.12.3.2"), here)).collect();
    let agent = phone("127.12.3.3");
    let there = agent.local_addr().expect("it is bound");
    let agents: Vec<_> = (0..CALLS).map(|_| agent.try_clone().expect("a handle more")).collect();
    let ends = Arc::clone(&stops);
    let thread = std::thread::Builder::new().name("bare".to_owned()).spawn(move || {
        let mut buffer = [0; 2_048];
        while !ends.load(Ordering::Acquire) {
            if let Ok(length) = relay.recv(&mut buffer) {
                relay.send_to(&buffer[..length], there).expect("loopback takes it");
            }
        }
    });
    let thread = thread.expect("a thread more");
    callers[0].0.send_to(&packet(0), here).expect("loopback takes it");
    agent.recv(&mut [0; 2_048]).expect("it arrives");
    let before = cpu_micros("bare");
    converse(&callers, &agents);
    let cost = cpu_micros("bare") - before;
    stops.store(true, Ordering::Release);
    callers[0].0.send_to(&packet(0), here).expect("loopback takes it");
    thread.join().expect("the thread ends");
    cost / (CALLS * ROUNDS) as f64
}

/// Two streams that hear each other.
fn together(one: StreamId, other: StreamId) -> MediaCommand {
    let members = [(one, Party::Caller), (other, Party::Agent)];
    let members = members.map(|(stream, party)| Member::new(stream, Role::Talk(party)));
    MediaCommand::Bridge { bridge: BridgeId(one.0), members: members.to_vec() }
}
