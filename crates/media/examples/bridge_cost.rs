//! Measures the cost of a mix: one bridge without sockets, two talkers and some listeners, compared with relaying the
//! two. Run it with `cargo run --release -p turno-media --example bridge_cost`.

use core::time::Duration;
use std::net::SocketAddr;
use std::sync::Arc;

use turno_ground::Moment;
use turno_media::{Exchange, Library, Sound, Wire, tape};
use turno_media_plan::{
    BridgeId, Codec, Direction, Encoding, MediaCommand, MediaEvent, Member, Party, Role, StreamId,
};

const FRAMES: u32 = 20_000;
const FRAME: Duration = Duration::from_millis(20);

struct Nowhere(u64);

impl Wire for Nowhere {
    fn rtp(&mut self, _slot: usize, _to: SocketAddr, _packet: &[u8]) {
        self.0 += 1;
    }

    fn rtcp(&mut self, _slot: usize, _to: SocketAddr, _packet: &[u8]) {}

    fn event(&mut self, _event: MediaEvent) {}
}

fn main() {
    let (pcma, g722) = (Codec::Pcma, Codec::G722);
    let listens = |codec| (codec, Role::Listen);
    let relay = cost(&[], false);
    println!("two by relay: {relay:.2} us a frame of 20 ms");
    let told = |name: &str, cost: f64| println!("{name}: {cost:.2} us a frame, {:.1} times", cost / relay);
    told("two by relay, recorded", cost(&[], true));
    told("and one who listens", cost(&[listens(pcma)], false));
    told("and one who listens by G.722", cost(&[listens(g722)], false));
    told("and three who listen", cost(&[listens(pcma), listens(pcma), listens(pcma)], false));
    told("and one who talks", cost(&[(pcma, Role::Talk(Party::Other))], false));
}

/// Microseconds for 20 ms of a bridge of two talkers with G.711 and these members.
fn cost(others: &[(Codec, Role)], is_recorded: bool) -> f64 {
    let library = Arc::new(Library::new(&[], &Sound::new(8_000, vec![0; 800])));
    let mut now = Moment::from_secs(1_700_000_000);
    let mut exchange = Exchange::new(library, None, 7, now);
    let (end, reader) = tape(1_000);
    exchange.record_to(end);
    let two = [(Codec::Pcma, Role::Talk(Party::Caller)), (Codec::Pcma, Role::Talk(Party::Agent))];
    let mut members = Vec::new();
    for (id, (codec, role)) in (0..).zip(two.iter().chain(others)) {
        exchange.open(StreamId(id), now).expect("there is room");
        let (remote, direction) = (phone(id), Direction::SendRecv);
        let encoding = Encoding::new(*codec, codec.payload_type(), None);
        let stream = StreamId(id);
        exchange.handle_command(
            MediaCommand::Agree { stream, remote, encoding, direction, latch: true, srtp: None },
            now,
        );
        members.push(Member::new(stream, role.clone()));
    }
    let voices: Vec<(usize, Codec)> = two.iter().chain(others).map(|(codec, _)| *codec).enumerate().collect();
    if is_recorded {
        members.push(Member::new(StreamId(99), Role::Record));
    }
    exchange.handle_command(MediaCommand::Bridge { bridge: BridgeId(1), members }, now);
    let mut wire = Nowhere(0);
    let began = cpu_micros();
    for frame in 0..FRAMES {
        for (slot, codec) in &voices {
            let mut packet = [0x55; 172];
            packet[..2].copy_from_slice(&[0x80, codec.payload_type()]);
            packet[2..4].copy_from_slice(&(frame as u16).to_be_bytes());
            packet[4..8].copy_from_slice(&(frame * 160).to_be_bytes());
            packet[8..12].copy_from_slice(&[1, 2, 3, *slot as u8]);
            exchange.handle_rtp(*slot, phone(*slot as u64), &mut packet, now, &mut wire);
        }
        now = now + FRAME;
        exchange.handle_time(now, &mut wire);
        while reader.next().is_some() {}
    }
    let spent = (cpu_micros() - began) / f64::from(FRAMES);
    assert!(wire.0 >= u64::from(FRAMES) * 2 - 10, "{} packets", wire.0);
    spent
}

fn phone(id: u64) -> SocketAddr {
    SocketAddr::from(([192, 0, 2, 1], 4_000 + 2 * id as u16))
}

/// CPU time of this thread, in microseconds.
fn cpu_micros() -> f64 {
    let figures = std::fs::read_to_string("/proc/thread-self/schedstat").expect("the kernel keeps figures");
    figures.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).expect("a number") / 1_000.0
}
