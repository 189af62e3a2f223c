//! Opens the peer's SRTP packets: checks the tag, rejects replays, and finds a source's rollover counter after a
//! restart.

use core::time::Duration;

use turno_ground::Moment;
use turno_media_plan::MasterKey;

use crate::packet::{HEADER_BYTES, PACKET_BYTES_MAX};
use crate::srtp::derive::Use;
use crate::srtp::outgoing::{ENCRYPTED, REPORT_HEAD_BYTES};
use crate::srtp::transform::{HEAD_BYTES_MAX, PacketIndex, TAG_BYTES_MAX, Transform};
use crate::srtp::window::{Window, index_near};

/// Sources of one peer that are remembered; the one that was silent longest is dropped first.
const SOURCES_MAX: usize = 4;

/// Rollover counters tried for the first packet of a source: 64 wraps are more than 23 hours of voice.
const ROLLOVERS_MAX: u64 = 64;

/// Unknown sources searched for in one [`SEARCH_SPAN`]: beyond it, noise at a port costs only one tag check for each
/// packet.
const SEARCHES_MAX: u8 = 8;

const SEARCH_SPAN: Duration = Duration::from_millis(20);

/// Why a packet was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is no SRTP packet.
    Malformed,
    /// It was received before, or is too old to tell.
    Replayed,
    /// Its authentication tag is wrong.
    Unauthentic,
}

/// The receiving direction.
pub(crate) struct Incoming {
    rtp: Transform,
    rtcp: Transform,
    mki_bytes: usize,
    /// Sources of voice.
    voices: Sources,
    reports: Sources,
    searches: u8,
    searched_since: Moment,
}

impl Incoming {
    pub(crate) fn new(master: &MasterKey, mki_bytes: u8) -> Self {
        Self {
            rtp: Transform::new(master, Use::Rtp),
            rtcp: Transform::new(master, Use::Rtcp),
            mki_bytes: mki_bytes.into(),
            voices: Sources::default(),
            reports: Sources::default(),
            searches: 0,
            searched_since: Moment::default(),
        }
    }

    /// The source that was heard last, and its highest index.
    pub(crate) fn heard(&self) -> Option<(u32, u64)> {
        self.voices.last()
    }

    /// Goes on after a restart with a source and its highest index.
    pub(crate) fn continue_from(&mut self, (ssrc, index): (u32, u64)) {
        self.voices = Sources::default();
        self.voices.known[SOURCES_MAX - 1] = Some((ssrc, Window::closed(index)));
    }

    pub(crate) fn open_rtp(&mut self, packet: &mut [u8], now: Moment) -> Result<usize, Refusal> {
        let start = head_bytes(packet).ok_or(Refusal::Malformed)?;
        let sequence = u16::from_be_bytes([packet[2], packet[3]]);
        let ssrc = u32::from_be_bytes([packet[8], packet[9], packet[10], packet[11]]);
        let tag_bytes = self.rtp.tag_bytes();
        let end = packet.len().checked_sub(tag_bytes + self.mki_bytes).filter(|end| *end >= start);
        let end = end.ok_or(Refusal::Malformed)?;
        // The MKI stands before HMAC's tag and behind GCM's, which is part of the ciphertext.
        let tag_at = if self.rtp.is_aead() { end } else { end + self.mki_bytes };
        let mut tag = [0; TAG_BYTES_MAX];
        tag[..tag_bytes].copy_from_slice(&packet[tag_at..tag_at + tag_bytes]);
        let tag = &tag[..tag_bytes];
        let known = self.voices.find(ssrc);
        let index = match known {
            Some(window) => index_near(window.highest(), sequence).ok_or(Refusal::Replayed)?,
            None => sequence.into(),
        };
        if known.is_some_and(|window| !window.admits(index)) {
            return Err(Refusal::Replayed);
        }
        let rtp = &self.rtp;
        let mut open = |index: u64| {
            let rollover = ((index >> 16) as u32).to_be_bytes();
            rtp.open(PacketIndex { ssrc, index }, packet, start..end, (rollover, tag), Use::Rtp).is_ok()
        };
        let found = if open(index) {
            Some(index)
        } else if known.is_none() && may_search(&mut self.searches, &mut self.searched_since, now) {
            (1..ROLLOVERS_MAX).map(|rollover| (rollover << 16) | index).find(|index| open(*index))
        } else {
            None
        };
        let index = found.ok_or(Refusal::Unauthentic)?;
        self.voices.take(ssrc, index);
        Ok(end)
    }

    pub(crate) fn open_rtcp(&mut self, packet: &mut [u8]) -> Result<usize, Refusal> {
        let (tag_bytes, mki_bytes) = (self.rtcp.tag_bytes(), self.mki_bytes);
        let trailer = tag_bytes + mki_bytes + 4;
        let end = packet.len().checked_sub(trailer).filter(|end| *end >= REPORT_HEAD_BYTES);
        let end = end.filter(|_| packet.len() <= PACKET_BYTES_MAX).ok_or(Refusal::Malformed)?;
        let (word_at, tag_at) =
            if self.rtcp.is_aead() { (end + tag_bytes, end) } else { (end, end + 4 + mki_bytes) };
        let mut word = [0; 4];
        word.copy_from_slice(&packet[word_at..word_at + 4]);
        let mut tag = [0; TAG_BYTES_MAX];
        tag[..tag_bytes].copy_from_slice(&packet[tag_at..tag_at + tag_bytes]);
        let ssrc = u32::from_be_bytes([packet[4], packet[5], packet[6], packet[7]]);
        let flagged = u32::from_be_bytes(word);
        if flagged & ENCRYPTED == 0 {
            // Unencrypted reports were not agreed.
            return Err(Refusal::Malformed);
        }
        let index = u64::from(flagged & !ENCRYPTED);
        if self.reports.find(ssrc).is_some_and(|window| !window.admits(index)) {
            return Err(Refusal::Replayed);
        }
        let place = PacketIndex { ssrc, index };
        self.rtcp
            .open(place, packet, REPORT_HEAD_BYTES..end, (word, &tag[..tag_bytes]), Use::Rtcp)
            .map_err(|_| Refusal::Unauthentic)?;
        self.reports.take(ssrc, index);
        Ok(end)
    }
}

fn may_search(searches: &mut u8, since: &mut Moment, now: Moment) -> bool {
    if now.since(*since) >= SEARCH_SPAN {
        *since = now;
        *searches = 0;
    }
    let may = *searches < SEARCHES_MAX;
    *searches += u8::from(may);
    may
}

/// The sources of one peer with their replay windows: the one heard last comes last.
#[derive(Default)]
struct Sources {
    known: [Option<(u32, Window)>; SOURCES_MAX],
}

impl Sources {
    fn find(&self, ssrc: u32) -> Option<Window> {
        self.known.iter().flatten().find(|(known, _)| *known == ssrc).map(|&(_, window)| window)
    }

    fn last(&self) -> Option<(u32, u64)> {
        self.known.last()?.map(|(ssrc, window)| (ssrc, window.highest()))
    }

    /// Records an authenticated packet.
    fn take(&mut self, ssrc: u32, index: u64) {
        let place = self.known.iter().position(|known| known.is_some_and(|(known, _)| known == ssrc));
        let place = place.unwrap_or(0);
        match &mut self.known[place] {
            Some((known, window)) if *known == ssrc => window.take(index),
            other @ (Some(_) | None) => *other = Some((ssrc, Window::new(index))),
        }
        self.known[place..].rotate_left(1);
    }
}

/// Where the encrypted part of a packet begins: behind the CSRCs and the extension (RFC 3711, 3.1).
fn head_bytes(packet: &[u8]) -> Option<usize> {
    let (head, _) = packet.split_first_chunk::<HEADER_BYTES>()?;
    if packet.len() > PACKET_BYTES_MAX || head[0] >> 6 != 2 {
        return None;
    }
    let mut start = HEADER_BYTES + usize::from(head[0] & 0x0f) * 4;
    if head[0] & 0x10 != 0 {
        let extension = packet.get(start..start + 4)?;
        start += 4 + usize::from(u16::from_be_bytes([extension[2], extension[3]])) * 4;
    }
    (start <= HEAD_BYTES_MAX && start <= packet.len()).then_some(start)
}
