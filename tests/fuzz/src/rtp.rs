//! Target `rtp`: packets of any bytes at the media plane's ports, with commands and time between them.

use core::time::Duration;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};

use turno_ground::Moment;
use turno_media::{Exchange, Library, Sound, Wire};
use turno_media_plan::{
    Announcement, Audience, Audio, BridgeId, Codec, Direction, Encoding, KeyMint, Manner, MediaCommand,
    MediaEvent, Member, Party, PromptId, Protection, Role, StreamId, Suite, Tone,
};

use crate::raw::Raw;

const STREAMS: u64 = 3;
const STEPS_MAX: usize = 200;
const BEGIN: Moment = Moment::from_secs(1_700_000_000);
const DIGITS: &str = "0123456789*#ABCD";

/// Half a second of music and two prompts, encoded once.
static LIBRARY: LazyLock<Arc<Library>> = LazyLock::new(|| {
    let sound =
        |samples: i16| Sound::new(8_000, (0..samples).map(|sample| sample.wrapping_mul(17)).collect());
    Arc::new(Library::new(&[sound(800), sound(160)], &sound(4_000)))
});

/// Receives all packets and events of the exchange and checks each at once.
#[derive(Default)]
struct Judge {
    heard: [u64; 8],
    closed: Vec<StreamId>,
    /// Whether a stream has had keys: only the beginning of an encrypted report can be parsed (RFC 3711, 3.4).
    may_be_sealed: bool,
}

impl Wire for Judge {
    fn rtp(&mut self, _slot: usize, to: SocketAddr, packet: &[u8]) {
        assert_ne!(to.port(), 0);
        assert!(packet.len() > 12 && packet[0] >> 6 == 2, "no RTP packet: {packet:?}");
        assert!(packet.len() <= 1_500);
    }

    fn rtcp(&mut self, _slot: usize, to: SocketAddr, packet: &[u8]) {
        assert_ne!(to.port(), 0);
        if self.may_be_sealed {
            let is_report = packet.len() >= 8 && packet[0] >> 6 == 2 && (200..=201).contains(&packet[1]);
            assert!(is_report, "{packet:?}");
            return;
        }
        let mut rest = packet;
        while !rest.is_empty() {
            assert!(rest.len() >= 4 && rest[0] >> 6 == 2 && (200..=204).contains(&rest[1]), "{packet:?}");
            let length = (usize::from(u16::from_be_bytes([rest[2], rest[3]])) + 1) * 4;
            rest =
                rest.get(length..).unwrap_or_else(|| panic!("a report longer than its packet: {packet:?}"));
        }
    }

    fn event(&mut self, event: MediaEvent) {
        match event {
            MediaEvent::Digit { digit, .. } => assert!(DIGITS.contains(digit)),
            MediaEvent::Closed { stream, report } => {
                let offered = self.heard[stream.0 as usize];
                // The plane counts refused packets too: the first packet of a restarted source may be counted later.
                assert!(report.received <= offered, "{report:?} of {offered}");
                assert!(report.jitter < Duration::from_secs(3_600 * 24 * 30), "{report:?}");
                assert!(!self.closed.contains(&stream), "{stream:?} was closed twice");
                self.closed.push(stream);
            }
            MediaEvent::Secured { .. } | MediaEvent::Insecure { .. } | MediaEvent::CutOff { .. } => {
                panic!("no stream is a browser's")
            }
            MediaEvent::PlayedOut { .. }
            | MediaEvent::Judged { .. }
            | MediaEvent::Inactive { .. }
            | MediaEvent::Failed { .. }
            | MediaEvent::Reserved { .. }
            | MediaEvent::NotReserved { .. }
            | MediaEvent::Scarce { .. } => {}
        }
    }
}

/// The bytes are a list of steps: a command, a packet or time.
pub fn rtp(bytes: &[u8]) {
    let mut raw = Raw::new(bytes);
    let mut exchange = Exchange::new(Arc::clone(&LIBRARY), Some(Duration::from_secs(30)), 7, BEGIN);
    let mut judge = Judge::default();
    let mut now = BEGIN;
    let mut slots = [None; STREAMS as usize];
    for (id, slot) in (0..).zip(&mut slots) {
        *slot = exchange.open(StreamId(id), now);
        let encoding = encoding(raw.byte());
        let (remote, direction) = (phone(id), Direction::SendRecv);
        let agree = MediaCommand::Agree {
            stream: StreamId(id),
            remote,
            encoding,
            direction,
            latch: true,
            srtp: None,
        };
        exchange.handle_command(agree, now);
    }
    for _ in 0..STEPS_MAX {
        if raw.is_empty() {
            break;
        }
        let kind = raw.byte();
        let id = u64::from(kind >> 4) % STREAMS;
        let Some(slot) = slots[id as usize] else { continue };
        match kind & 0x0f {
            0 => {
                exchange.close(StreamId(id), now, &mut judge);
                slots[id as usize] = None;
            }
            1 => now = pass(&mut exchange, &mut judge, now, u64::from(raw.byte()) * 20_000),
            2 => now = pass(&mut exchange, &mut judge, now, u64::from(raw.number()) * 1_000),
            3 => {
                let length = usize::from(raw.byte());
                exchange.handle_rtcp(slot, report_port(phone(id)), &mut raw.some(length).to_vec(), now);
            }
            4..=6 => {
                let command = command(StreamId(id), &mut raw);
                judge.may_be_sealed |= matches!(&command, MediaCommand::Agree { srtp: Some(_), .. });
                exchange.handle_command(command, now);
            }
            choice => {
                let source = if choice == 7 { phone(id + 7) } else { phone(id) };
                let mut packet = packet(choice, &mut raw);
                judge.heard[id as usize] += 1;
                exchange.handle_rtp(slot, source, &mut packet, now, &mut judge);
            }
        }
    }
    pass(&mut exchange, &mut judge, now, 1_000_000);
    let open = slots.iter().flatten().count();
    for id in 0..STREAMS {
        exchange.close(StreamId(id), now, &mut judge);
    }
    assert_eq!(judge.closed.len() as u64, STREAMS, "{open} were open");
    assert!(exchange.next_deadline().is_none(), "something is left to do for nobody");
}

fn pass(exchange: &mut Exchange, judge: &mut Judge, now: Moment, micros: u64) -> Moment {
    let end = now + Duration::from_micros(micros);
    let mut now = now;
    while let Some(at) = exchange.next_deadline().filter(|at| *at <= end) {
        now = now.max(at);
        exchange.handle_time(now, judge);
        assert!(
            exchange.next_deadline().is_none_or(|next| next > now),
            "nothing was done and it is due still"
        );
    }
    end
}

/// A packet of any bytes, or one with a correct header, so that its payload is processed.
fn packet(choice: u8, raw: &mut Raw<'_>) -> Vec<u8> {
    if choice < 10 {
        let length = usize::from(raw.byte());
        return raw.some(length).to_vec();
    }
    let payload_type = [0, 8, 9, 101, 96, raw.byte() & 0x7f][usize::from(choice - 10) % 6];
    let mut packet = vec![0x80, payload_type];
    packet.extend(raw.number().to_be_bytes());
    packet.extend([0, raw.byte(), raw.byte(), 0]);
    packet.extend([0, 0, 0, raw.byte() & 3]);
    if payload_type == 101 {
        packet.extend([raw.byte(), raw.byte(), raw.byte(), raw.byte()]);
    } else {
        packet.extend([raw.byte(); 160]);
    }
    packet
}

fn command(stream: StreamId, raw: &mut Raw<'_>) -> MediaCommand {
    let choice = raw.byte();
    let other = StreamId(u64::from(choice >> 4) % (STREAMS + 1));
    match choice & 0x0f {
        0..=2 => {
            MediaCommand::Bridge { bridge: BridgeId(choice.into()), members: members(stream, other, raw) }
        }
        3 => MediaCommand::Bridge { bridge: BridgeId(raw.byte().into()), members: Vec::new() },
        4 => MediaCommand::Play { stream, audio: Audio::Music },
        5 => {
            MediaCommand::Play { stream, audio: Audio::Prompts(vec![PromptId(0), PromptId(1), PromptId(9)]) }
        }
        6 => MediaCommand::Play { stream, audio: Audio::Tone(Tone::Confirm) },
        7 => MediaCommand::Play { stream, audio: Audio::Ringback },
        8 => MediaCommand::Hush { stream },
        9 | 10 => MediaCommand::Mix { stream, tone: Tone::Warning },
        11 => MediaCommand::SendDigit { stream, digit: char::from(raw.byte()) },
        _ => {
            let directions =
                [Direction::SendRecv, Direction::SendOnly, Direction::RecvOnly, Direction::Inactive];
            let direction = directions[usize::from(choice >> 6)];
            let remote = phone(stream.0 + u64::from(choice >> 4 & 1));
            MediaCommand::Agree {
                stream,
                remote,
                encoding: encoding(raw.byte()),
                direction,
                latch: choice & 0x20 == 0,
                srtp: (raw.byte() & 3 == 0).then(|| Box::new(protection(raw.byte()))),
            }
        }
    }
}

/// Two streams; depending on the bytes also a third stream, a recorder and an announcer.
fn members(stream: StreamId, other: StreamId, raw: &mut Raw<'_>) -> Vec<Member> {
    let choice = raw.byte();
    let third = [Role::Listen, Role::Whisper, Role::Talk(Party::Other)][usize::from(choice) % 3].clone();
    let manner = if choice & 0x10 == 0 { Manner::OverTalk } else { Manner::InsteadOfTalk };
    let said = Announcement { audio: Audio::Prompts(vec![PromptId(1)]), to: Audience::Everybody, manner };
    let mut members = vec![
        Member::new(stream, Role::Talk(Party::Caller)),
        Member::new(other, Role::Talk(Party::Agent)),
        Member::new(StreamId((stream.0 + 1) % STREAMS), third),
        Member::new(StreamId(100), Role::Record),
        Member::new(StreamId(101), Role::Announce(said)),
    ];
    members.truncate(2 + usize::from(choice >> 5) % 4);
    members
}

/// Keys that depend only on `choice`, so that streams keep them or change them.
fn protection(choice: u8) -> Protection {
    let suite = Suite::ALL[usize::from(choice) % 4];
    let mut mint = KeyMint::new([choice >> 6; 32]);
    Protection { ours: mint.mint(suite), theirs: mint.mint(suite), their_mki_bytes: choice >> 2 & 1 }
}

fn encoding(choice: u8) -> Encoding {
    let codec = Codec::ALL[usize::from(choice) % 3];
    let telephone_event = (choice & 0x80 == 0).then_some(101);
    Encoding::new(codec, codec.payload_type(), telephone_event)
}

fn phone(id: u64) -> SocketAddr {
    SocketAddr::from(([127, 0, 1, id as u8 + 1], 40_000))
}

fn report_port(rtp: SocketAddr) -> SocketAddr {
    SocketAddr::new(rtp.ip(), rtp.port() + 1)
}
