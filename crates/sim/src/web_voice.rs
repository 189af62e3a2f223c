//! The browsers' side of the simulated media plane: handshakes, and which packet numbers were used under which keys.
//!
//! No packets are sent; their numbers grow with the time, as far as the journal covers them. What was used outlives the
//! engine, so a second use under the same keys is noticed.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use turno_ground::Moment;
use turno_media_plan::{
    Fingerprint, Insecure, MasterKey, MediaEvent, Protection, StreamId, Suite, WebState, WebTerms,
};

use crate::page_deed::PageStage;

/// How many packets one row covers, as in the real media plane.
const PACKETS_AHEAD: u64 = 1_024;
/// The same for reports.
const REPORTS_AHEAD: u32 = 64;
/// The pause between two packets.
const PACKET: Duration = Duration::from_millis(20);
/// How long a handshake takes at least.
const HANDSHAKE: Duration = Duration::from_millis(20);
/// When a handshake without a partner is given up.
const NO_HANDSHAKE: Duration = Duration::from_secs(20);

/// The numbers of one key, and the certificates whose handshake has begun: what is true in the world, whatever the
/// engine knows.
#[derive(Clone, Debug, Default)]
struct Used {
    packets: BTreeMap<Vec<u8>, u64>,
    begun: BTreeSet<Vec<u8>>,
    /// The certificates whose keys the journal has.
    kept: BTreeSet<Vec<u8>>,
    /// Where the browser of a certificate is now, if it has moved.
    moved: BTreeMap<Vec<u8>, SocketAddr>,
    numbered: u64,
}

/// One stream on the browsers' port.
#[derive(Clone, Debug, Default)]
struct WebStream {
    fingerprint: Option<Fingerprint>,
    secured_at: Option<Moment>,
    fails_at: Option<Moment>,
    sent: Option<Sent>,
}

/// How far a secured stream is.
#[derive(Clone, Debug)]
struct Sent {
    keys: Protection,
    remote: SocketAddr,
    /// The next number at `since`.
    next: u64,
    since: Moment,
    /// What the journal covers.
    limit: u64,
    /// What it was asked to cover.
    asked: u64,
    /// The state must be told again: the browser has moved.
    is_news: bool,
}

impl Sent {
    fn at(&self, now: Moment) -> u64 {
        let more = now.since(self.since).as_micros() / PACKET.as_micros();
        let wanted = self.next.saturating_add(u64::try_from(more).unwrap_or(0));
        wanted.min(self.limit.max(self.next))
    }

    /// When the journal must cover more.
    fn runs_out_at(&self) -> Option<Moment> {
        if self.is_news || self.asked == self.next {
            return Some(self.since);
        }
        let half = self.asked.saturating_sub(PACKETS_AHEAD / 2);
        // Nothing more is asked for before the last question is answered.
        let has_answer = self.limit == self.asked;
        let packets = u32::try_from(half.saturating_sub(self.next)).unwrap_or(u32::MAX);
        has_answer.then(|| self.since + PACKET * packets)
    }
}

/// All streams of browsers.
#[derive(Clone, Debug, Default)]
pub(crate) struct WebVoices {
    streams: BTreeMap<StreamId, WebStream>,
    used: Used,
    news: Vec<(SocketAddr, PageStage)>,
}

impl WebVoices {
    /// Those of the next process: only what is true in the world stays.
    pub(crate) fn renewed(&self, now: Moment) -> Self {
        let mut used = self.used.clone();
        for sent in self.streams.values().filter_map(|it| it.sent.as_ref()) {
            used.uses(&sent.keys, sent.at(now));
        }
        Self { streams: BTreeMap::new(), used, news: Vec::new() }
    }

    /// A stream is opened.
    pub(crate) fn opens(&mut self, stream: StreamId) {
        self.streams.insert(stream, WebStream::default());
    }

    /// Whether it is one of a browser.
    pub(crate) fn has(&self, stream: StreamId) -> bool {
        self.streams.contains_key(&stream)
    }

    /// A stream is closed.
    pub(crate) fn closes(&mut self, stream: StreamId, now: Moment) {
        if let Some(sent) = self.streams.remove(&stream).and_then(|it| it.sent) {
            self.used.uses(&sent.keys, sent.at(now));
        }
    }

    /// How many pages are in a handshake now, and how many talk.
    pub(crate) fn stages(&self) -> (usize, usize) {
        let talking = self.streams.values().filter(|it| it.sent.is_some()).count();
        let begun = self.streams.values().filter(|it| it.secured_at.is_some()).count();
        (begun, talking)
    }

    /// Which pages have come to which stage since the last look.
    pub(crate) fn take_news(&mut self) -> Vec<(SocketAddr, PageStage)> {
        core::mem::take(&mut self.news)
    }

    /// Takes the terms of a stream. Returns where its browser is.
    pub(crate) fn secures(&mut self, stream: StreamId, terms: &WebTerms, now: Moment) -> Option<SocketAddr> {
        let digest = terms.fingerprint.digest().to_vec();
        let remote = self.used.moved.get(&digest).copied().or_else(|| address_in(&digest))?;
        let it = self.streams.get_mut(&stream)?;
        if it.fingerprint.as_ref() == Some(&terms.fingerprint) {
            return Some(remote);
        }
        if let Some(sent) = it.sent.take() {
            self.used.uses(&sent.keys, sent.at(now));
        }
        let is_new = it.fingerprint.replace(terms.fingerprint.clone()).is_none();
        let kept = terms.kept.as_deref().filter(|kept| is_new && kept.fingerprint == terms.fingerprint);
        (it.secured_at, it.fails_at) = (None, None);
        if let Some(kept) = kept {
            let used = self.used.packets.get(&key_of(&kept.keys)).copied().unwrap_or_default();
            assert!(
                kept.packets >= used,
                "{stream:?} goes on at packet {}, and had used all below {used} under this key",
                kept.packets
            );
            let (next, limit, asked) = (kept.packets, kept.packets, kept.packets);
            let sent = Sent { keys: kept.keys, remote, next, since: now, limit, asked, is_news: false };
            it.sent = Some(sent);
            return Some(remote);
        }
        assert!(!self.used.kept.contains(&digest), "{stream:?} has forgotten the keys that were written");
        if !self.used.begun.insert(digest) {
            // Its browser has had its handshake with a process that is gone.
            it.fails_at = Some(now + NO_HANDSHAKE);
            return Some(remote);
        }
        self.used.numbered += 1;
        let late = u32::try_from(self.used.numbered % 7).unwrap_or(0);
        it.secured_at = Some(now + HANDSHAKE * (1 + late));
        self.news.push((remote, PageStage::Handshake));
        Some(remote)
    }

    /// The journal covers the numbers of a stream below this one.
    pub(crate) fn kept(&mut self, stream: StreamId, packets: u64, now: Moment) {
        let Some(it) = self.streams.get_mut(&stream) else { return };
        let (Some(sent), Some(fingerprint)) = (&mut it.sent, &it.fingerprint) else { return };
        self.used.kept.insert(fingerprint.digest().to_vec());
        if sent.limit < sent.asked && sent.limit == sent.next {
            self.news.push((sent.remote, PageStage::Talks));
        }
        (sent.next, sent.since) = (sent.at(now), now);
        sent.limit = sent.limit.max(packets.min(sent.asked));
    }

    /// The browsers at one address are at another from now on.
    pub(crate) fn move_to(&mut self, from: IpAddr, to: IpAddr) -> Vec<(StreamId, SocketAddr)> {
        let mut moved = Vec::new();
        for (id, it) in &mut self.streams {
            let Some(fingerprint) = &it.fingerprint else { continue };
            let digest = fingerprint.digest().to_vec();
            let place = self.used.moved.get(&digest).copied().or_else(|| address_in(&digest));
            let Some(place) = place.filter(|place| place.ip() == from) else { continue };
            let place = SocketAddr::new(to, place.port());
            self.used.moved.insert(digest, place);
            if let Some(sent) = &mut it.sent {
                (sent.remote, sent.is_news) = (place, true);
            }
            moved.push((*id, place));
        }
        moved
    }

    /// When there is an event.
    pub(crate) fn next(&self) -> Option<Moment> {
        let due = |it: &WebStream| {
            let runs_out = it.sent.as_ref().and_then(Sent::runs_out_at);
            [it.secured_at, it.fails_at, runs_out].into_iter().flatten().min()
        };
        self.streams.values().filter_map(due).min()
    }

    /// The next event for the engine by `now`.
    pub(crate) fn due(&mut self, now: Moment) -> Option<MediaEvent> {
        for (&stream, it) in &mut self.streams {
            if it.fails_at.take_if(|at| *at <= now).is_some() {
                return Some(MediaEvent::Insecure { stream, why: Insecure::NoHandshake });
            }
            let Some(fingerprint) = it.fingerprint.clone() else { continue };
            if it.secured_at.take_if(|at| *at <= now).is_some() {
                self.used.numbered += 1;
                let keys = protection(self.used.numbered)?;
                let place = self.used.moved.get(fingerprint.digest()).copied();
                let remote = place.or_else(|| address_in(fingerprint.digest()))?;
                let next = self.used.numbered % 60_000;
                it.sent =
                    Some(Sent { keys, remote, next, since: now, limit: next, asked: next, is_news: false });
            }
            let Some(sent) = &mut it.sent else { continue };
            if sent.runs_out_at().is_none_or(|at| now < at) {
                continue;
            }
            (sent.next, sent.since, sent.is_news) = (sent.at(now), now, false);
            sent.asked = sent.asked.max(sent.next + PACKETS_AHEAD);
            let state = WebState {
                fingerprint,
                keys: sent.keys,
                remote: sent.remote,
                ssrc: 1,
                packets: sent.asked,
                reports: REPORTS_AHEAD,
                heard: None,
                timestamp: 0,
                stamped_at: now,
            };
            return Some(MediaEvent::Secured { stream, state: Box::new(state) });
        }
        None
    }
}

impl Used {
    fn uses(&mut self, keys: &Protection, below: u64) {
        let used = self.packets.entry(key_of(keys)).or_default();
        *used = (*used).max(below);
    }
}

/// Where the page is whose certificate has this digest.
fn address_in(digest: &[u8]) -> Option<SocketAddr> {
    let [a, b, c, d, high, low, ..] = *digest else { return None };
    let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(a, b, c, d)), u16::from_be_bytes([high, low]));
    (address.port() > 0).then_some(address)
}

fn key_of(keys: &Protection) -> Vec<u8> {
    keys.ours.key().to_vec()
}

fn protection(number: u64) -> Option<Protection> {
    let suite = Suite::AesCm128HmacSha1_80;
    let mut bytes = vec![7; suite.key_bytes() + suite.salt_bytes()];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    let ours = MasterKey::new(suite, &bytes)?;
    bytes[8] = 9;
    Some(Protection { ours, theirs: MasterKey::new(suite, &bytes)?, their_mki_bytes: 0 })
}
