//! An SRTP packet on its way through the media plane allocates no memory.

use std::net::SocketAddr;
use std::sync::Arc;

use turno_ground::Moment;
use turno_media::{Exchange, Library, Sound, Wire};
use turno_media_plan::{
    BridgeId, Codec, Direction, Encoding, KeyMint, MediaCommand, MediaEvent, Member, Party, Protection, Role,
    StreamId, Suite,
};

const PACKETS: u16 = 1_000;

/// A loop through streams 1 and 2: each acts as the other's phone, so one decrypts what the other encrypts.
struct Way {
    between: [u8; 256],
    length: usize,
    arrived: u16,
}

impl Wire for Way {
    fn rtp(&mut self, slot: usize, _to: SocketAddr, packet: &[u8]) {
        if slot == 1 {
            self.between[..packet.len()].copy_from_slice(packet);
            self.length = packet.len();
        } else {
            self.arrived += 1;
        }
    }

    fn rtcp(&mut self, _slot: usize, _to: SocketAddr, _packet: &[u8]) {}

    fn event(&mut self, _event: MediaEvent) {}
}

fn joined(suite: Suite, now: Moment) -> Exchange {
    let library = Arc::new(Library::new(&[], &Sound::new(8_000, vec![0; 800])));
    let mut exchange = Exchange::new(library, None, 7, now);
    let mut mint = KeyMint::new([1; 32]);
    let one = Protection { ours: mint.mint(suite), theirs: mint.mint(suite), their_mki_bytes: 0 };
    let other = Protection { ours: one.theirs, theirs: one.ours, their_mki_bytes: 0 };
    for (id, keys) in (0..).zip([None, Some(one), Some(other), None]) {
        exchange.open(StreamId(id), now).expect("there is room");
        let encoding = Encoding::new(Codec::Pcma, 8, None);
        let (stream, remote, direction) = (StreamId(id), phone(id), Direction::SendRecv);
        let srtp = keys.map(Box::new);
        exchange.handle_command(
            MediaCommand::Agree { stream, remote, encoding, direction, latch: true, srtp },
            now,
        );
    }
    for one in [0, 2] {
        let members = [(one, Party::Caller), (one + 1, Party::Agent)];
        let members = members.map(|(stream, party)| Member::new(StreamId(stream), Role::Talk(party)));
        let bridge = BridgeId(one);
        exchange.handle_command(MediaCommand::Bridge { bridge, members: members.to_vec() }, now);
    }
    exchange
}

fn phone(id: u64) -> SocketAddr {
    SocketAddr::from(([192, 0, 2, 1], 4_000 + id as u16))
}

#[test]
fn an_encrypted_packet_is_opened_and_sealed_without_the_heap() {
    // The media thread must not allocate for a packet, with any suite, from the first packet of a source on.
    let now = Moment::from_secs(1_700_000_000);
    for suite in Suite::ALL {
        let mut exchange = joined(suite, now);
        let mut way = Way { between: [0; 256], length: 0, arrived: 0 };
        let counted = allocation_counter::measure(|| {
            for number in 0..PACKETS {
                let mut packet = [0xd5; 172];
                packet[..2].copy_from_slice(&[0x80, 8]);
                packet[2..4].copy_from_slice(&number.to_be_bytes());
                packet[8..12].copy_from_slice(&[1, 2, 3, 4]);
                exchange.handle_rtp(0, phone(0), &mut packet, now, &mut way);
                let (mut between, length) = (way.between, way.length);
                exchange.handle_rtp(2, phone(2), &mut between[..length], now, &mut way);
            }
        });
        assert_eq!((way.arrived, counted.count_total), (PACKETS, 0), "{suite:?}");
    }
}
