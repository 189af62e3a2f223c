//! Relays voice from one member of a pair to the other: in place if the encodings agree, else transcoded.

use core::ops::Range;

use turno_ground::Moment;
use turno_media_plan::Codec;

use crate::exchange::{Exchange, Wire};
use crate::packet::{HEADER_BYTES, Header};
use crate::rtp_sender::{Numbers, our_header};
use crate::stream::{Outlet, Route, Stream};
use crate::transcode::{PAYLOAD_BYTES_MAX, Transcoder};

impl Exchange {
    /// Passes a voice packet to its bridge or partner.
    pub(crate) fn relay_audio(
        &mut self,
        slot: usize,
        header: &Header,
        (codec, payload): (Codec, Range<usize>),
        bytes: &mut [u8],
        now: Moment,
        wire: &mut impl Wire,
    ) {
        let Some(Some(stream)) = self.streams.get(slot) else { return };
        let partner = match stream.route {
            _ if payload.len() > PAYLOAD_BYTES_MAX => None,
            Route::Relay(partner) => Some(partner),
            Route::Bridge(place) => {
                self.bridge_audio(place, slot, header, (codec, &bytes[payload.clone()]), now)
            }
            Route::Alone => None,
            Route::Speaks => {
                self.live.hear(stream.id, header, (codec, &bytes[payload.clone()]), now);
                None
            }
        };
        // A single call site is inlined: the relay is most of the media thread's work.
        if let Some(partner) = partner {
            self.relay_to(partner, header, (codec, payload), bytes, now, wire);
        }
    }

    fn relay_to(
        &mut self,
        place: usize,
        header: &Header,
        (from, payload): (Codec, Range<usize>),
        bytes: &mut [u8],
        now: Moment,
        wire: &mut impl Wire,
    ) {
        let Some((partner, outlet)) = listening(&mut self.streams, place) else { return };
        let to = outlet.encoding.codec;
        let Some(numbers) = partner.sender.relayed(header, now) else { return };
        partner.relayed(now);
        partner.sender.sent(payload.len());
        if from == to && partner.mix.is_none() {
            let packet = rewrite(bytes, payload, outlet.encoding.payload_type, numbers, partner);
            if partner.has_srtp() {
                self.scratch.clear();
                self.scratch.extend_from_slice(packet);
                if partner.seal(&mut self.scratch) {
                    wire.rtp(place, outlet.to, &self.scratch);
                }
            } else {
                wire.rtp(place, outlet.to, packet);
            }
            return;
        }
        let mut mix = partner.mix;
        let transcoder = match &mut partner.transcoder {
            Some(transcoder) if transcoder.leads(from, to) => transcoder,
            other => other.insert(Box::new(Transcoder::new(from, to))),
        };
        let library = &*self.library;
        let add = |samples: &mut [i16]| {
            if let Some(mix) = &mut mix {
                mix.add(samples, to.sample_rate(), library);
            }
        };
        self.scratch.clear();
        let header = our_header(outlet.encoding.payload_type, numbers, partner.sender.ssrc());
        self.scratch.extend(header.bytes());
        transcoder.convert(&bytes[payload], add, &mut self.scratch);
        partner.mix = mix.filter(|mix| !mix.is_over(library));
        if partner.seal(&mut self.scratch) {
            wire.rtp(place, outlet.to, &self.scratch);
        }
    }

    /// Relays a telephone-event packet to the other member of a pair, if its peer supports them.
    pub(crate) fn relay_key(
        &mut self,
        slot: usize,
        header: &Header,
        payload: Range<usize>,
        bytes: &mut [u8],
        now: Moment,
        wire: &mut impl Wire,
    ) {
        let Some(place) = self.relays_to(slot) else { return };
        let Some((partner, outlet)) = listening(&mut self.streams, place) else { return };
        let Some(payload_type) = outlet.encoding.telephone_event else { return };
        let Some(numbers) = partner.sender.relayed(header, now) else { return };
        partner.relayed(now);
        partner.sender.sent_key(payload.len());
        let packet = rewrite(bytes, payload, payload_type, numbers, partner);
        self.scratch.clear();
        self.scratch.extend_from_slice(packet);
        if partner.seal(&mut self.scratch) {
            wire.rtp(place, outlet.to, &self.scratch);
        }
    }
}

/// The stream at `place`, if it hears its partner now and may be sent to.
pub(crate) fn listening(streams: &mut [Option<Stream>], place: usize) -> Option<(&mut Stream, Outlet)> {
    let stream = streams.get_mut(place)?.as_mut()?;
    let hears = stream.hears_bridge();
    let outlet = stream.outlet().filter(|_| hears)?;
    Some((stream, outlet))
}

/// Writes our header directly before the payload, over the received one.
pub(crate) fn rewrite<'a>(
    bytes: &'a mut [u8],
    payload: Range<usize>,
    payload_type: u8,
    numbers: Numbers,
    stream: &Stream,
) -> &'a [u8] {
    let start = payload.start - HEADER_BYTES;
    let header = our_header(payload_type, numbers, stream.sender.ssrc());
    bytes[start..payload.start].copy_from_slice(&header.bytes());
    &bytes[start..payload.end]
}
