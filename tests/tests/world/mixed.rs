//! A running mix allocates no memory.

use core::time::Duration;
use std::net::SocketAddr;
use std::sync::Arc;

use turno_ground::Moment;
use turno_media::{Exchange, Library, Sound, Wire, tape};
use turno_media_plan::{
    BridgeId, Codec, Direction, Encoding, MediaCommand, MediaEvent, Member, Party, Role, StreamId,
};

/// Two parties of a talk, three others, and a recorder.
const ROLES: [Role; 6] = [
    Role::Talk(Party::Caller),
    Role::Talk(Party::Agent),
    Role::Talk(Party::Other),
    Role::Listen,
    Role::Whisper,
    Role::Record,
];

struct Count(u64);

impl Wire for Count {
    fn rtp(&mut self, _slot: usize, _to: SocketAddr, _packet: &[u8]) {
        self.0 += 1;
    }

    fn rtcp(&mut self, _slot: usize, _to: SocketAddr, _packet: &[u8]) {}

    fn event(&mut self, _event: MediaEvent) {}
}

fn phone(id: u64) -> SocketAddr {
    SocketAddr::from(([192, 0, 2, 1], 4_000 + 2 * id as u16))
}

#[test]
fn a_mix_and_its_recording_go_on_without_the_heap() {
    // The media thread must not allocate in a tick. G.722 is left out, because its coder allocates its results.
    let mut now = Moment::from_secs(1_700_000_000);
    let library = Arc::new(Library::new(&[], &Sound::new(8_000, vec![0; 800])));
    let mut exchange = Exchange::new(library, None, 7, now);
    let (end, reader) = tape(100);
    exchange.record_to(end);
    let members: Vec<Member> = (0..).zip(ROLES).map(|(id, role)| Member::new(StreamId(id), role)).collect();
    for (id, codec) in (0..5).zip([Codec::Pcma, Codec::Pcmu].into_iter().cycle()) {
        exchange.open(StreamId(id), now).expect("there is room");
        let (stream, remote, direction) = (StreamId(id), phone(id), Direction::SendRecv);
        let encoding = Encoding::new(codec, codec.payload_type(), None);
        exchange.handle_command(
            MediaCommand::Agree { stream, remote, encoding, direction, latch: true, srtp: None },
            now,
        );
    }
    exchange.handle_command(MediaCommand::Bridge { bridge: BridgeId(1), members }, now);
    let mut count = Count(0);
    let mut talk = |frames: core::ops::Range<u16>| {
        let (mut taped, before) = (0, count.0);
        for frame in frames {
            for slot in 0..5 {
                let mut packet = [0x55; 172];
                packet[..2].copy_from_slice(&[0x80, if slot % 2 == 0 { 8 } else { 0 }]);
                packet[2..4].copy_from_slice(&frame.to_be_bytes());
                packet[4..8].copy_from_slice(&(u32::from(frame) * 160).to_be_bytes());
                packet[8..12].copy_from_slice(&[1, 2, 3, slot as u8]);
                exchange.handle_rtp(slot, phone(slot as u64), &mut packet, now, &mut count);
            }
            now = now + Duration::from_millis(20);
            exchange.handle_time(now, &mut count);
            taped += core::iter::from_fn(|| reader.next()).count();
        }
        (count.0 - before, taped)
    };
    talk(0..20);
    // Less than five seconds, because then RTCP reports are sent; these are few and may allocate.
    let mut sent = (0, 0);
    let counted = allocation_counter::measure(|| sent = talk(20..220));
    assert_eq!((sent, counted.count_total), ((5 * 200, 3 * 200), 0));
}
