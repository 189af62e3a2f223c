//! Builds the next packet of one stream: a key, played audio, a tone, or a frame of a mix.

use std::net::SocketAddr;

use turno_ground::Moment;
use turno_media_plan::Codec;

use crate::clip::{FRAME_BYTES, silence};
use crate::dtmf::EVENT_BYTES;
use crate::library::Library;
use crate::live::Live;
use crate::rtp_sender::our_header;
use crate::stream::{Outlet, Stream};
use crate::transcode::Transcoder;

/// The result of one stream's tick.
#[derive(Default)]
pub(crate) struct Frame {
    /// Where the packet in the scratch buffer goes, if there is one.
    pub(crate) send: Option<Outlet>,
    /// Whether the playback has ended.
    pub(crate) played_out: bool,
}

impl Stream {
    /// Whether the tick has more to do for this stream; stores the answer.
    pub(crate) fn goes_on(&mut self) -> bool {
        self.is_ticking = self.player.is_some() || self.mix.is_some() || self.digits.is_busy();
        self.is_ticking
    }

    /// Builds the stream's next packet, if it has one.
    pub(crate) fn next_frame(
        &mut self,
        (library, live): (&Library, &mut Live),
        music_frame: u64,
        at: Moment,
        packet: &mut Vec<u8>,
    ) -> Frame {
        let outlet = self.outlet();
        if self.digits.is_busy() {
            return Frame { send: self.key_frame(outlet, at, packet), played_out: false };
        }
        // Nothing begins before the agreement. On hold the time passes unheard, so that no announcement hangs.
        let Some(codec) = self.encoding().map(|encoding| encoding.codec) else { return Frame::default() };
        if let Some(player) = &mut self.player {
            let said = player.speaker().and_then(|speaker| live.frame(speaker, codec));
            let octets = said.or_else(|| player.next_frame(library, codec, music_frame));
            let Some(octets) = octets else {
                self.player = None;
                self.sender.pause();
                return Frame { send: None, played_out: true };
            };
            return Frame { send: self.audio_frame(library, outlet, &octets, at, packet), played_out: false };
        }
        if self.mix.is_some() && (outlet.is_none() || self.is_silent(at)) {
            let send = self.audio_frame(library, outlet, &[silence(codec); FRAME_BYTES], at, packet);
            return Frame { send, played_out: false };
        }
        Frame::default()
    }

    /// Adds the tone's next piece to what the peer will hear.
    pub(crate) fn add_tone(&mut self, samples: &mut [i16], rate: u32, library: &Library) {
        let is_heard = self.hears_bridge() && self.outlet().is_some();
        if let Some(mix) = self.mix.as_mut().filter(|_| is_heard) {
            mix.add(samples, rate, library);
            self.mix = self.mix.filter(|mix| !mix.is_over(library));
        }
    }

    /// Builds a packet of a mix in `codec` and returns its destination; `None` if the peer does not hear the mix now.
    pub(crate) fn mixed_packet(
        &mut self,
        codec: Codec,
        octets: &[u8],
        at: Moment,
        packet: &mut Vec<u8>,
    ) -> Option<SocketAddr> {
        let hears = self.hears_bridge();
        let Outlet { to, encoding } = self.outlet().filter(|it| hears && it.encoding.codec == codec)?;
        let numbers = self.sender.mixed(at);
        packet.clear();
        packet.extend(our_header(encoding.payload_type, numbers, self.sender.ssrc()).bytes());
        packet.extend_from_slice(octets);
        self.sender.sent(octets.len());
        self.relayed(at);
        self.seal(packet).then_some(to)
    }

    fn audio_frame(
        &mut self,
        library: &Library,
        outlet: Option<Outlet>,
        octets: &[u8],
        at: Moment,
        packet: &mut Vec<u8>,
    ) -> Option<Outlet> {
        let Some(Outlet { encoding, .. }) = outlet else {
            if let Some(mix) = &mut self.mix {
                mix.skip_frame();
                self.mix = self.mix.filter(|mix| !mix.is_over(library));
            }
            self.sender.pause();
            return None;
        };
        let numbers = self.sender.own(at);
        packet.clear();
        packet.extend(our_header(encoding.payload_type, numbers, self.sender.ssrc()).bytes());
        match &mut self.mix {
            None => packet.extend_from_slice(octets),
            Some(mix) => {
                let codec = encoding.codec;
                let transcoder = match &mut self.transcoder {
                    Some(transcoder) if transcoder.leads(codec, codec) => transcoder,
                    other => other.insert(Box::new(Transcoder::new(codec, codec))),
                };
                let add = |samples: &mut [i16]| mix.add(samples, codec.sample_rate(), library);
                transcoder.convert(octets, add, packet);
                self.mix = self.mix.filter(|mix| !mix.is_over(library));
            }
        }
        self.sender.sent(octets.len());
        outlet
    }

    fn key_frame(&mut self, outlet: Option<Outlet>, at: Moment, packet: &mut Vec<u8>) -> Option<Outlet> {
        let payload_type = outlet.and_then(|outlet| outlet.encoding.telephone_event);
        let Some(payload_type) = payload_type else {
            // The peer does not support telephone-events; a waiting digit would only silence the voice.
            self.digits.clear();
            return None;
        };
        let event = self.digits.next_packet()?;
        let numbers = if event.begins { self.sender.event(at) } else { self.sender.event_goes_on() };
        packet.clear();
        packet.extend(our_header(payload_type, numbers, self.sender.ssrc()).bytes());
        packet.extend(event.payload);
        self.sender.sent_key(EVENT_BYTES);
        outlet
    }
}
