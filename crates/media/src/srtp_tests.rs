//! SRTP legs in the exchange: an encrypting phone talks to a plain one, hears our music, and survives key changes.

use turno_media_plan::{
    Audio, BridgeId, Codec, Direction, KeyMint, MediaCommand, Member, Party, Protection, Role, StreamId,
    Suite, Tone,
};

use crate::goertzel::level;
use crate::packet::Header;
use crate::srtp::Srtp;
use crate::stage_tests::{
    AGENT, CALLER, OTHER, Stage, Voice, assert_one_source, encoding, phone, samples, together,
};
use crate::tape::tape;

/// A phone with SRTP.
struct SrtpPhone {
    slot: usize,
    id: StreamId,
    srtp: Srtp,
    keys: Protection,
}

fn keys(secret: u8, suite: Suite) -> Protection {
    let mut mint = KeyMint::new([secret; 32]);
    Protection { ours: mint.mint(suite), theirs: mint.mint(suite), their_mki_bytes: 0 }
}

fn mirrored(keys: &Protection) -> Protection {
    Protection { ours: keys.theirs, theirs: keys.ours, their_mki_bytes: 0 }
}

impl SrtpPhone {
    fn new(stage: &mut Stage, id: StreamId, codec: Codec, suite: Suite) -> Self {
        let keys = keys(id.0 as u8, suite);
        let slot = stage.open(id);
        let phone = Self { slot, id, srtp: Srtp::new(&mirrored(&keys)), keys };
        phone.agree(stage, codec, Direction::SendRecv);
        phone
    }

    fn agree(&self, stage: &mut Stage, codec: Codec, direction: Direction) {
        let srtp = Some(Box::new(self.keys));
        let (stream, remote) = (self.id, phone(self.id));
        stage.tell(MediaCommand::Agree {
            stream,
            remote,
            encoding: encoding(codec),
            direction,
            latch: true,
            srtp,
        });
    }

    fn say(&mut self, stage: &mut Stage, packet: &[u8]) -> bool {
        let mut packet = packet.to_vec();
        assert!(self.srtp.seal_rtp(&mut packet));
        stage.hear(self.slot, phone(self.id), &packet)
    }

    /// All packets that it was sent, opened; each must be authentic.
    fn heard(&mut self, stage: &mut Stage) -> Vec<(Header, Vec<u8>)> {
        let all = core::mem::take(&mut stage.sent.rtp);
        let (mine, rest) = all.into_iter().partition(|(_, slot, _, _)| *slot == self.slot);
        stage.sent.rtp = rest;
        let mine: Vec<_> = mine;
        let open = |(_, _, _, mut packet): (_, _, _, Vec<u8>)| {
            let length = self.srtp.open_rtp(&mut packet, stage.now).expect("what we send is authentic");
            let (header, payload) = Header::read(&packet[..length]).expect("a packet");
            (header, packet[payload].to_vec())
        };
        mine.into_iter().map(open).collect()
    }
}

#[test]
fn a_phone_with_srtp_talks_to_a_caller_without_it_and_the_other_way() {
    // One leg is opened, the other protected: the same voice comes out under every suite, transcoded or not.
    for suite in Suite::ALL {
        for codec in [Codec::Pcma, Codec::Pcmu] {
            let mut stage = Stage::new(None);
            let caller = stage.agreed(CALLER, Codec::Pcma);
            let mut agent = SrtpPhone::new(&mut stage, AGENT, codec, suite);
            stage.tell(together(CALLER, AGENT));
            let (mut asks, mut answers) =
                (Voice::new(5, encoding(Codec::Pcma), 440.0), Voice::new(6, encoding(codec), 700.0));
            for _ in 0..50 {
                let (said, back) = (asks.next(), answers.next());
                assert!(stage.hear(caller, phone(CALLER), &said));
                assert!(agent.say(&mut stage, &back));
                stage.pass(20);
                let heard = agent.heard(&mut stage);
                let heard_back = stage.take(caller);
                assert_eq!((heard.len(), heard_back.len()), (1, 1));
                if codec == Codec::Pcma {
                    assert_eq!(heard[0].1, said[12..], "the very octets");
                    assert_eq!(heard_back[0].1, back[12..]);
                }
            }
        }
    }
}

#[test]
fn music_tones_and_keys_are_sealed_as_voices_are() {
    let mut stage = Stage::new(None);
    let mut one = SrtpPhone::new(&mut stage, CALLER, Codec::Pcma, Suite::AeadAes128Gcm);
    let mut other = SrtpPhone::new(&mut stage, AGENT, Codec::Pcma, Suite::AesCm128HmacSha1_32);
    stage.tell(MediaCommand::Play { stream: CALLER, audio: Audio::Music });
    stage.pass(200);
    let mut all = one.heard(&mut stage);
    assert!(all.len() >= 9, "{} packets of music", all.len());
    stage.tell(together(CALLER, AGENT));
    stage.tell(MediaCommand::Mix { stream: CALLER, tone: Tone::Warning });
    stage.tell(MediaCommand::SendDigit { stream: AGENT, digit: '5' });
    let mut voice = Voice::new(6, encoding(Codec::Pcma), 700.0);
    for _ in 0..50 {
        other.say(&mut stage, &voice.next());
        stage.pass(20);
        all.extend(one.heard(&mut stage));
    }
    assert_one_source(&all);
    let keys = other.heard(&mut stage);
    assert!(keys.iter().any(|(header, _)| header.payload_type == 101), "the key came through");
}

#[test]
fn a_mix_is_opened_and_sealed_as_a_relay_is_and_recorded_in_the_clear() {
    let mut stage = Stage::new(None);
    let (end, reader) = tape(1_000);
    stage.exchange.record_to(end);
    let caller = stage.agreed(CALLER, Codec::Pcma);
    let mut agent = SrtpPhone::new(&mut stage, AGENT, Codec::Pcma, Suite::AeadAes256Gcm);
    let mut third = SrtpPhone::new(&mut stage, OTHER, Codec::Pcmu, Suite::AesCm128HmacSha1_80);
    let roles = [Role::Talk(Party::Caller), Role::Talk(Party::Agent), Role::Whisper, Role::Record];
    let names = [CALLER, AGENT, OTHER, StreamId(50)];
    let members = names.into_iter().zip(roles).map(|(stream, role)| Member::new(stream, role)).collect();
    stage.tell(MediaCommand::Bridge { bridge: BridgeId(9), members });
    let tones = [(Codec::Pcma, 440.0), (Codec::Pcma, 700.0), (Codec::Pcmu, 1_000.0)];
    let [mut asks, mut answers, mut prompts] =
        tones.map(|(codec, hertz)| Voice::new(hertz as u32, encoding(codec), hertz));
    let mut heard = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..100 {
        assert!(stage.hear(caller, phone(CALLER), &asks.next()));
        assert!(agent.say(&mut stage, &answers.next()));
        assert!(third.say(&mut stage, &prompts.next()));
        stage.pass(20);
        heard[0].extend(stage.take(caller));
        heard[1].extend(agent.heard(&mut stage));
        heard[2].extend(third.heard(&mut stage));
    }
    let heard_by = [vec![700.0], vec![440.0, 1_000.0], vec![440.0, 700.0]];
    for ((heard, whom), (codec, _)) in heard.iter().zip(heard_by).zip(tones) {
        assert_one_source(heard);
        for (_, hertz) in tones {
            let loud = level(&samples(codec, heard), hertz, 8_000.0);
            assert_eq!(loud > 7_000.0, whom.contains(&hertz), "{loud} of {hertz}, {whom:?}");
        }
    }
    let own = core::iter::from_fn(|| reader.next()).filter(|piece| piece.speaker == AGENT);
    let own: Vec<i16> = own.flat_map(|piece| piece.samples().to_vec()).collect();
    assert!(level(&own, 700.0, 8_000.0) > 7_000.0);
}

#[test]
fn plain_packets_and_a_thiefs_are_counted_and_not_heard() {
    // SRTP is required and agreed: plain packets are not heard, and a stranger who sends first can't take the stream
    // over.
    let mut stage = Stage::new(None);
    let caller = stage.agreed(CALLER, Codec::Pcma);
    let mut agent = SrtpPhone::new(&mut stage, AGENT, Codec::Pcma, Suite::AesCm128HmacSha1_80);
    stage.tell(together(CALLER, AGENT));
    let thief = "203.0.113.66:6666".parse().expect("an address");
    let mut voice = Voice::new(6, encoding(Codec::Pcma), 700.0);
    assert!(!stage.hear(agent.slot, thief, &voice.next()));
    assert!(!stage.hear(agent.slot, phone(AGENT), &voice.next()));
    let mut forged = voice.next();
    assert!(Srtp::new(&keys(99, Suite::AesCm128HmacSha1_80)).seal_rtp(&mut forged));
    assert!(!stage.hear(agent.slot, thief, &forged));
    assert!(stage.take(caller).is_empty());
    assert!(agent.say(&mut stage, &voice.next()));
    assert_eq!(stage.take(caller).len(), 1);
    assert!(stage.hear(caller, phone(CALLER), &Voice::new(5, encoding(Codec::Pcma), 440.0).next()));
    assert_eq!(stage.sent.rtp.last().expect("relayed").2, phone(AGENT), "the thief hears nothing");
    assert_eq!(stage.exchange.unopened.unauthentic, 3);
}

#[test]
fn hold_and_its_end_keep_the_place_under_the_key() {
    let mut stage = Stage::new(None);
    let caller = stage.agreed(CALLER, Codec::Pcma);
    let mut agent = SrtpPhone::new(&mut stage, AGENT, Codec::Pcma, Suite::AeadAes256Gcm);
    stage.tell(together(CALLER, AGENT));
    let mut voice = Voice::new(6, encoding(Codec::Pcma), 700.0);
    let first = voice.next();
    assert!(agent.say(&mut stage, &first));
    agent.agree(&mut stage, Codec::Pcma, Direction::RecvOnly);
    agent.agree(&mut stage, Codec::Pcma, Direction::SendRecv);
    assert!(agent.say(&mut stage, &voice.next()));
    assert_eq!(stage.take(caller).len(), 2);
    let mut again = first.clone();
    assert!(Srtp::new(&mirrored(&agent.keys)).seal_rtp(&mut again));
    assert!(!stage.hear(agent.slot, phone(AGENT), &again), "what was there before the hold is still known");
    assert_eq!(stage.exchange.unopened.replayed, 1);
}

#[test]
fn reports_are_sealed_and_the_last_one_too() {
    let mut stage = Stage::new(None);
    let mut agent = SrtpPhone::new(&mut stage, AGENT, Codec::Pcma, Suite::AesCm128HmacSha1_80);
    stage.pass(5_100);
    stage.close(AGENT);
    let reports = core::mem::take(&mut stage.sent.rtcp);
    assert_eq!(reports.len(), 2);
    for (_, _, _, mut report) in reports {
        let length = agent.srtp.open_rtcp(&mut report).expect("authentic");
        assert!(length > 8 && report[1] == 201);
    }
}
