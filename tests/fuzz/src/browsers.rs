//! Target `browsers`: any bytes at the port that all browsers share, and any SDP for a browser's leg.

use core::time::Duration;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use turno_ground::Moment;
use turno_media::{Exchange, Identity, Library, Sound, Wire, check};
use turno_media_plan::sdp::Negotiation;
use turno_media_plan::{
    Audio, Codec, Direction, DtlsRole, Encoding, Fingerprint, Hash, IceCredentials, KeyMint, MediaCommand,
    MediaEvent, Protection, Shown, StreamId, Suite, WebState, WebTerms,
};

use crate::raw::Raw;

const STEPS_MAX: usize = 200;
const BEGIN: Moment = Moment::from_secs(1_700_000_000);
const NEW: StreamId = StreamId(0);
const KEPT: StreamId = StreamId(1);

static LIBRARY: LazyLock<Arc<Library>> = LazyLock::new(|| {
    Arc::new(Library::new(
        &[],
        &Sound::new(8_000, (0..800i16).map(|sample| sample.wrapping_mul(17)).collect()),
    ))
});

/// A certificate, and an instant from which the target's time goes on.
static GIVEN: LazyLock<(Identity, Instant)> = LazyLock::new(|| {
    #[expect(clippy::disallowed_methods, reason = "an instant can't be made otherwise")]
    let begin = Instant::now();
    (Identity::generate().expect("chance"), begin)
});

/// Checks everything that is sent at once.
#[derive(Default)]
struct Judge {
    /// How far the journal covers each stream.
    kept: [u64; 2],
    /// The length of the datagram that is handled.
    received: usize,
    is_timed: bool,
}

impl Wire for Judge {
    fn rtp(&mut self, slot: usize, to: SocketAddr, packet: &[u8]) {
        assert!(is_known(to) && packet.len() > 12 && packet[0] >> 6 == 2);
        assert!(self.kept[slot] > 0, "voice before the keys are in the journal");
    }

    fn rtcp(&mut self, _slot: usize, to: SocketAddr, packet: &[u8]) {
        assert!(is_known(to), "{to}");
        if packet[0] < 4 {
            assert!(packet.len() <= self.received && !self.is_timed, "an answer longer than the check");
        }
    }

    fn event(&mut self, event: MediaEvent) {
        if let MediaEvent::Secured { stream, state } = event {
            assert!(is_known(state.remote));
            let kept = &mut self.kept[stream.0 as usize];
            assert!(state.packets >= *kept || *kept == 0, "numbers that were used are given again");
            *kept = state.packets;
        }
    }
}

/// The first byte chooses between packets and SDP.
pub fn browsers(bytes: &[u8]) {
    let mut raw = Raw::new(bytes);
    if raw.byte() & 1 == 0 { packets(&mut raw) } else { bodies(&mut raw) }
}

/// The bytes are a list of steps: a datagram, a check that is signed, a command or time.
fn packets(raw: &mut Raw<'_>) {
    let mut exchange = Exchange::new(Arc::clone(&LIBRARY), None, 7, BEGIN);
    exchange.serve_browsers(GIVEN.0.clone(), (GIVEN.1, BEGIN));
    let mut judge = Judge::default();
    let mut now = BEGIN;
    for stream in [NEW, KEPT] {
        exchange.open(stream, now);
        let kept = (stream == KEPT).then(|| Box::new(state()));
        exchange.handle_command(secure(stream, 0, kept), now);
        let (encoding, direction) = (Encoding::new(Codec::Pcma, 8, Some(101)), Direction::SendRecv);
        let agree =
            MediaCommand::Agree { stream, remote: browser(9), encoding, direction, latch: true, srtp: None };
        exchange.handle_command(agree, now);
        exchange.handle_command(MediaCommand::Play { stream, audio: Audio::Music }, now);
    }
    for _ in 0..STEPS_MAX {
        if raw.is_empty() {
            break;
        }
        let kind = raw.byte();
        let (stream, from) = (StreamId(u64::from(kind >> 4 & 1)), browser(kind >> 5 & 3));
        let mut datagram = match kind & 0x0f {
            0 => {
                now = pass(&mut exchange, &mut judge, now, u64::from(raw.number()) * 1_000);
                continue;
            }
            1 => {
                exchange.handle_command(secure(stream, raw.byte(), None), now);
                continue;
            }
            2 => {
                let (packets, reports) = (u64::from(raw.number()) * 40, u32::from(raw.byte()) * 3);
                exchange.handle_command(MediaCommand::Kept { stream, packets, reports }, now);
                continue;
            }
            3..=6 => signed(stream, raw),
            7..=9 => [&[22, 254, 253][..], raw.some(60)].concat(),
            10..=12 => [&[0x80, 8 + (kind & 8) * 24][..], raw.some(180)].concat(),
            _ => {
                let length = usize::from(raw.byte());
                raw.some(length).to_vec()
            }
        };
        judge.received = datagram.len();
        exchange.handle_web(from, &mut datagram, now, &mut judge);
    }
    pass(&mut exchange, &mut judge, now, 60_000_000);
    exchange.close(NEW, now, &mut judge);
    exchange.close(KEPT, now, &mut judge);
    let mut last = check(&username(NEW), &credentials(NEW, 0).password, true, 9);
    assert!(!exchange.handle_web(browser(0), &mut last, now, &mut judge), "nobody is left");
}

fn pass(exchange: &mut Exchange, judge: &mut Judge, now: Moment, micros: u64) -> Moment {
    let end = now + Duration::from_micros(micros);
    let mut now = now;
    judge.is_timed = true;
    while let Some(at) = exchange.next_deadline().filter(|at| *at <= end) {
        now = now.max(at);
        exchange.handle_time(now, judge);
        let next = exchange.next_deadline();
        assert!(next.is_none_or(|next| next > now), "nothing was done and it is due still");
    }
    judge.is_timed = false;
    end
}

/// A check with a right signature, of which at most one byte is another one.
fn signed(stream: StreamId, raw: &mut Raw<'_>) -> Vec<u8> {
    let choice = raw.byte();
    let password = credentials(stream, 0).password;
    let mut check = check(&username(stream), &password, choice & 1 == 0, choice);
    if choice & 0x60 == 0x60 {
        let place = usize::from(raw.byte()) % check.len();
        check[place] ^= raw.byte();
    }
    check
}

fn credentials(stream: StreamId, choice: u8) -> IceCredentials {
    IceCredentials {
        ufrag: format!("ours-{}-{}", stream.0, choice & 1),
        password: format!("a password of stream {}", stream.0),
    }
}

fn username(stream: StreamId) -> String {
    format!("{}:theirs", credentials(stream, 0).ufrag)
}

fn secure(stream: StreamId, choice: u8, kept: Option<Box<WebState>>) -> MediaCommand {
    let role = if choice & 2 == 0 { DtlsRole::Server } else { DtlsRole::Client };
    let terms = WebTerms {
        ours: credentials(stream, choice),
        fingerprint: print(choice >> 2 & 1),
        role,
        kept,
        shows: Shown::First,
        was_begun: choice & 64 > 0,
    };
    MediaCommand::Secure { stream, terms: Box::new(terms) }
}

fn print(byte: u8) -> Fingerprint {
    Fingerprint::new(Hash::Sha256, &[byte; 32]).expect("a digest")
}

fn state() -> WebState {
    let mut mint = KeyMint::new([3; 32]);
    let suite = Suite::AeadAes128Gcm;
    WebState {
        fingerprint: print(0),
        keys: Protection { ours: mint.mint(suite), theirs: mint.mint(suite), their_mki_bytes: 0 },
        remote: browser(0),
        ssrc: 5,
        packets: 70_000,
        reports: 9,
        heard: Some((9, 70_000)),
        timestamp: 1,
        stamped_at: BEGIN,
    }
}

fn browser(number: u8) -> SocketAddr {
    SocketAddr::from(([127, 0, 2, number], 50_000))
}

fn is_known(address: SocketAddr) -> bool {
    (0..4).any(|number| browser(number) == address)
}

/// Any SDP as the offer of a browser, or as its answer.
fn bodies(raw: &mut Raw<'_>) {
    let choice = raw.byte();
    let body = raw.rest();
    let local = SocketAddr::from(([192, 0, 2, 1], 19_998));
    let leg = || Negotiation::new(local, 1, &Codec::ALL).with_web(print(7), KeyMint::new([1; 32]));
    let mut ours = leg();
    let agreed = if choice & 1 == 0 {
        ours.answer(body, Direction::SendRecv, None).map(|(answer, agreed)| {
            let text = String::from_utf8_lossy(&answer).into_owned();
            let count = |word: &str| text.matches(word).count();
            assert_eq!((count("a=ice-lite"), count("UDP/TLS/RTP/SAVP 8") <= 1), (1, true), "{text}");
            assert!(!text.contains("a=crypto") && !text.contains("actpass"), "{text}");
            agreed
        })
    } else {
        ours.offer(Direction::SendRecv);
        ours.answered(body)
    };
    let Ok(agreed) = agreed else {
        assert!(ours.agreed().is_none(), "nothing was agreed and it stands all the same");
        return;
    };
    assert!(agreed.srtp.is_none() && Codec::ALL.contains(&agreed.encoding.codec));
    let terms = ours.web_terms().expect("a browser is talked to");
    assert!(terms.ours.ufrag.len() >= 4 && terms.ours.password.len() >= 22);
    // Another turno's leg for browsers understands our next offer.
    let mut other = leg();
    let offer = ours.offer(Direction::SendRecv);
    let told = other.answer(&offer, Direction::SendRecv, None);
    let (answer, _) = told.unwrap_or_else(|why| panic!("{why}: {}", String::from_utf8_lossy(&offer)));
    ours.answered(&answer).unwrap_or_else(|why| panic!("{why}: {}", String::from_utf8_lossy(&answer)));
    assert_eq!(ours.web_terms().expect("terms").ours, terms.ours, "no ICE that begins anew without a wish");
}
