//! The next frame of one stream: a key, what is played to it, a tone, or what it hears of a mix.

use std::net::SocketAddr;

use turno_ground::Moment;
use turno_media_plan::Codec;

use crate::clip::{FRAME_BYTES, silence};
use crate::dtmf::EVENT_BYTES;
use crate::library::Library;
use crate::rtp_sender::our_header;
use crate::stream::{Outlet, Stream};
use crate::transcode::Transcoder;

/// What a stream's tick comes to.
#[derive(Default)]
pub(crate) struct Frame {
    /// Where the packet in the scratch goes, if there is one.
    pub(crate) send: Option<Outlet>,
    /// Whether what was played has ended.
    pub(crate) played_out: bool,
}

impl Stream {
    /// Whether the tick has more to do here, which the stream remembers.
    pub(crate) fn goes_on(&mut self) -> bool {
        self.is_ticking = self.player.is_some() || self.mix.is_some() || self.digits.is_busy();
        self.is_ticking
    }

    /// Puts the stream's next packet together, if it has one.
    pub(crate) fn next_frame(
        &mut self,
        library: &Library,
        music_frame: u64,
        at: Moment,
        packet: &mut Vec<u8>,
    ) -> Frame {
        let outlet = self.outlet();
        if self.digits.is_busy() {
            return Frame { send: self.key_frame(outlet, at, packet), played_out: false };
        }
        // Before the agreement nothing begins; on hold time passes unheard, so that no announcement hangs.
        let Some(codec) = self.encoding().map(|encoding| encoding.codec) else { return Frame::default() };
        if let Some(player) = &mut self.player {
            let Some(octets) = player.next_frame(library, codec, music_frame) else {
                self.player = None;
                self.identity.pause();
                return Frame { send: None, played_out: true };
            };
            return Frame { send: self.audio_frame(library, outlet, octets, at, packet), played_out: false };
        }
        if self.mix.is_some() && (outlet.is_none() || self.is_silent(at)) {
            let send = self.audio_frame(library, outlet, &[silence(codec); FRAME_BYTES], at, packet);
            return Frame { send, played_out: false };
        }
        Frame::default()
    }

    /// Adds the tone's next piece to what the peer is about to hear.
    pub(crate) fn add_tone(&mut self, samples: &mut [i16], rate: u32, library: &Library) {
        let is_heard = self.hears_bridge() && self.outlet().is_some();
        if let Some(mix) = self.mix.as_mut().filter(|_| is_heard) {
            mix.add(samples, rate, library);
            self.mix = self.mix.filter(|mix| !mix.is_over(library));
        }
    }

    /// Puts together a packet of a mix in `codec`, and says where it goes; `None` if the peer does not hear it now.
    pub(crate) fn mixed_packet(
        &mut self,
        codec: Codec,
        octets: &[u8],
        at: Moment,
        packet: &mut Vec<u8>,
    ) -> Option<SocketAddr> {
        let hears = self.hears_bridge();
        let Outlet { to, encoding } = self.outlet().filter(|it| hears && it.encoding.codec == codec)?;
        let numbers = self.identity.mixed(at);
        packet.clear();
        packet.extend(our_header(encoding.payload_type, numbers, self.identity.ssrc()).bytes());
        packet.extend_from_slice(octets);
        self.identity.sent(octets.len());
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
            self.identity.pause();
            return None;
        };
        let numbers = self.identity.own(at);
        packet.clear();
        packet.extend(our_header(encoding.payload_type, numbers, self.identity.ssrc()).bytes());
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
        self.identity.sent(octets.len());
        outlet
    }

    fn key_frame(&mut self, outlet: Option<Outlet>, at: Moment, packet: &mut Vec<u8>) -> Option<Outlet> {
        let payload_type = outlet.and_then(|outlet| outlet.encoding.telephone_event);
        let Some(payload_type) = payload_type else {
            // Nobody would understand it: a digit that waits would silence the voice for nothing.
            self.digits.clear();
            return None;
        };
        let event = self.digits.next_packet()?;
        let numbers = if event.begins { self.identity.event(at) } else { self.identity.event_goes_on() };
        packet.clear();
        packet.extend(our_header(payload_type, numbers, self.identity.ssrc()).bytes());
        packet.extend(event.payload);
        self.identity.sent_key(EVENT_BYTES);
        outlet
    }
}
