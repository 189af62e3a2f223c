//! A peer's Opus: passed on as it is to a peer that has it too, decoded for everybody else.
//!
//! turno never encodes Opus. What is played, mixed or comes from a trunk goes to every peer in its other codec, which it
//! takes at any time (RFC 3264, 6.1).

use core::ops::Range;

use opus_rs::OpusDecoder;
use turno_ground::Moment;
use turno_media_plan::Codec;

use crate::exchange::{Exchange, Wire};
use crate::g711::to_alaw;
use crate::packet::{HEADER_BYTES, Header};
use crate::relay::{listening, rewrite};
use crate::stream::Route;
use crate::transcode::PAYLOAD_BYTES_MAX;

/// The rate to which Opus is decoded, in hertz.
const RATE: i32 = 8_000;

/// Samples of the longest packet: 120 ms (RFC 6716, 2.1.4).
const SAMPLES_MAX: usize = 960;

/// Units of Opus's RTP clock in one unit of the other codecs'.
const UNITS_PER_UNIT: u32 = 6;

/// The state of a peer that sends Opus.
#[derive(Default)]
pub(crate) struct OpusEar {
    /// The last timestamp that was converted, and what it became.
    timed: Option<(u32, u32)>,
    /// The last converted timestamp.
    now: u32,
    /// `None` while everything is passed on.
    decoder: Option<Box<OpusDecoder>>,
    samples: Vec<f32>,
    /// A packet of A-law that is made of one with Opus, with room for a header.
    packet: Vec<u8>,
}

impl OpusEar {
    /// The header with a timestamp in the clock of all other codecs.
    pub(crate) fn in_eighths(&mut self, header: &Header) -> Header {
        let (wide, narrow) = *self.timed.get_or_insert((header.timestamp, header.timestamp));
        // Late packets go back, so the distance has a sign.
        let ahead = header.timestamp.wrapping_sub(wide).cast_signed() / UNITS_PER_UNIT.cast_signed();
        self.now = narrow.wrapping_add_signed(ahead);
        if ahead > 0 {
            let whole = ahead.cast_unsigned() * UNITS_PER_UNIT;
            self.timed = Some((wide.wrapping_add(whole), self.now));
        }
        Header { timestamp: self.now, ..*header }
    }

    /// Makes a packet of A-law; returns where its payload stands. `None` if it can't be decoded.
    fn decode(&mut self, payload: &[u8]) -> Option<Range<usize>> {
        if self.decoder.is_none() {
            self.decoder = OpusDecoder::new(RATE, 1).ok().map(Box::new);
        }
        self.samples.resize(SAMPLES_MAX, 0.0);
        let count = self.decoder.as_mut()?.decode(payload, SAMPLES_MAX, &mut self.samples).ok()?;
        self.packet.clear();
        self.packet.resize(HEADER_BYTES, 0);
        let octet = |sample: &f32| to_alaw((sample * 32_768.0).clamp(-32_768.0, 32_767.0) as i16);
        self.packet.extend(self.samples.iter().take(count).map(octet));
        (count > 0).then_some(HEADER_BYTES..self.packet.len())
    }
}

impl Exchange {
    /// Passes a packet with Opus on, to a partner that has Opus and hears nothing else; for all others it is decoded.
    pub(crate) fn relay_opus(
        &mut self,
        slot: usize,
        header: &Header,
        payload: Range<usize>,
        bytes: &mut [u8],
        now: Moment,
        wire: &mut impl Wire,
    ) {
        let Some(Some(stream)) = self.streams.get(slot) else { return };
        let (is_judged, route) = (stream.judge.is_some(), stream.route);
        let is_wanted = match route {
            _ if payload.len() > PAYLOAD_BYTES_MAX => false,
            Route::Relay(partner) if !is_judged => {
                if self.pass_opus(partner, header, payload.clone(), bytes, now, wire) {
                    self.with_opus(slot, |opus| opus.decoder = None);
                    return;
                }
                listening(&mut self.streams, partner).is_some()
            }
            Route::Alone => is_judged,
            Route::Relay(_) | Route::Bridge(_) | Route::Speaks => true,
        };
        if !is_wanted {
            return;
        }
        let Some(Some(stream)) = self.streams.get_mut(slot) else { return };
        let Some(mut opus) = stream.opus.take() else { return };
        let header = Header { timestamp: opus.now, ..*header };
        if let Some(said) = opus.decode(&bytes[payload]) {
            if is_judged {
                self.judge_voice(slot, (Codec::Pcma, said.clone()), &opus.packet, now, wire);
            }
            self.relay_audio(slot, &header, (Codec::Pcma, said), &mut opus.packet, now, wire);
        }
        if let Some(Some(stream)) = self.streams.get_mut(slot) {
            stream.opus = Some(opus);
        }
    }

    /// Returns false if the partner needs another codec.
    fn pass_opus(
        &mut self,
        place: usize,
        header: &Header,
        payload: Range<usize>,
        bytes: &mut [u8],
        now: Moment,
        wire: &mut impl Wire,
    ) -> bool {
        let Some((partner, outlet)) = listening(&mut self.streams, place) else { return false };
        let Some(payload_type) = outlet.encoding.opus.filter(|_| partner.mix.is_none()) else { return false };
        let Some(numbers) = partner.sender.relayed_opus(header, now) else { return true };
        partner.relayed(now);
        partner.sender.sent_opus(payload.len());
        let packet = rewrite(bytes, payload, payload_type, numbers, partner);
        self.scratch.clear();
        self.scratch.extend_from_slice(packet);
        if partner.seal(&mut self.scratch) {
            wire.rtp(place, outlet.to, &self.scratch);
        }
        true
    }

    /// Whether the partner of this slot was sent Opus last.
    pub(crate) fn hears_opus(&mut self, slot: usize) -> bool {
        let Some(place) = self.relays_to(slot) else { return false };
        self.streams.get(place).and_then(Option::as_ref).is_some_and(|partner| partner.sender.has_sent_opus())
    }

    /// A key beside Opus: the partner gets an event of ours, since the peer's has another clock than its voice.
    pub(crate) fn opus_key(&mut self, slot: usize, digit: Option<char>, now: Moment) {
        let Some(digit) = digit else { return };
        let Some(place) = self.relays_to(slot) else { return };
        let partner = self.streams.get(place).and_then(Option::as_ref).map(|partner| partner.id);
        if let Some(id) = partner {
            self.tick_for(id, now, |stream| stream.digits.press(digit));
        }
    }

    fn with_opus(&mut self, slot: usize, change: impl FnOnce(&mut OpusEar)) {
        let stream = self.streams.get_mut(slot).and_then(Option::as_mut);
        if let Some(opus) = stream.and_then(|stream| stream.opus.as_mut()) {
            change(opus);
        }
    }
}

#[cfg(test)]
#[path = "opus_tests.rs"]
mod tests;
