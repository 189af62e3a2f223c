//! A peer's Opus: passed on as it is to a peer that has it too, decoded for everybody else.
//!
//! turno never encodes Opus. What is played, mixed or comes from a trunk goes to every peer in its other codec, which it
//! takes at any time (RFC 3264, 6.1).

use core::ops::Range;

use turno_ground::Moment;
use turno_media_plan::Codec;

use crate::exchange::{Exchange, Wire};
use crate::opus_ear::OpusEar;
use crate::packet::Header;
use crate::relay::{listening, rewrite};
use crate::stream::Route;
use crate::transcode::PAYLOAD_BYTES_MAX;

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
