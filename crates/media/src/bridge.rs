//! One bridge: its members in their seats, and the mix of their voices.
//!
//! Two members who hear each other are a pair: voice is relayed as it is, and this file is not involved. With any other
//! members the bridge mixes: each member's voice waits in a `mouth`, and at each tick each member gets the other voices
//! through an `ear`, encoded once for all who hear the same. A member who hears only one voice, in its own codec, gets
//! the original octets, so a silent listener changes nothing for the two who talk.

pub(crate) mod ear;
pub(crate) mod mouth;
pub(crate) mod shape;

use core::time::Duration;

use turno_ground::Moment;
use turno_media_plan::{BridgeId, Codec, Manner, Member, Role, StreamId, hears};

use crate::bridge::ear::{Ear, Seats};
use crate::bridge::mouth::Mouth;
use crate::bridge::shape::Shape;
use crate::library::Library;
use crate::packet::Header;
use crate::player::Player;
use crate::resample::{Resampler, Way};
use crate::stream::Stream;
use crate::tape::{PIECE_SAMPLES_MAX, Tape, Taped};
use crate::transcode::{Decoder, Transcoder};

/// A member who was on the relay hears the mix from where the relay stopped; a gap up to this long is heard as silence.
const SEAM_SPAN: Duration = Duration::from_millis(80);

/// A bridge.
pub(crate) struct Bridge {
    /// The bridge's id.
    pub(crate) id: BridgeId,
    /// How it passes voices on.
    pub(crate) shape: Shape,
    /// The members, each in its seat.
    pub(crate) seats: Vec<Seat>,
    ears: Vec<Ear>,
    /// Scratch for a decoded packet.
    said: Vec<i16>,
}

/// A member of the bridge.
pub(crate) struct Seat {
    /// The member and its role.
    pub(crate) member: Member,
    /// Its stream, if it has one.
    pub(crate) slot: Option<usize>,
    /// Decodes the member's voice for recorders.
    decoder: Option<(Codec, Decoder)>,
    /// The member's voice, while the bridge mixes and somebody hears it.
    mouth: Option<Mouth>,
    /// Plays an announcer's audio.
    player: Option<Player>,
    /// After a relay: the member waits until that slot's voice continues in the mix, at most until this moment.
    waits: Option<(usize, Moment)>,
}

/// Where a mix is delivered.
pub(crate) trait Listeners {
    /// Adds a tone that only this slot's peer hears.
    fn add_tone(&mut self, slot: usize, samples: &mut [i16], rate: u32);
    /// Sends a frame of the mix to this slot's peer.
    fn send(&mut self, slot: usize, codec: Codec, octets: &[u8]);
}

impl Seat {
    /// A seat for a member.
    pub(crate) fn new(member: Member, slot: Option<usize>) -> Self {
        let player = match &member.role {
            Role::Announce(said) => Some(Player::new(said.audio.clone(), |_| None)),
            Role::Talk(_) | Role::Listen | Role::Whisper | Role::Record => None,
        };
        Self { member, slot, decoder: None, mouth: None, player, waits: None }
    }

    /// The same seat with a new role. If the role is the same, its announcement continues.
    pub(crate) fn take_role(self, member: Member) -> Self {
        if self.member.role == member.role {
            return self;
        }
        let Self { slot, decoder, mouth, waits, .. } = self;
        Self { decoder, mouth, waits, ..Self::new(member, slot) }
    }

    /// Whether its announcement has ended.
    pub(crate) fn is_over(&self) -> bool {
        match self.member.role {
            Role::Announce(_) => self.player.is_none(),
            Role::Talk(_) | Role::Listen | Role::Whisper | Role::Record => false,
        }
    }

    fn decode(&mut self, codec: Codec, octets: &[u8], samples: &mut Vec<i16>) {
        let decoder = match &mut self.decoder {
            Some((of, decoder)) if *of == codec => decoder,
            other => &mut other.insert((codec, Decoder::new(codec))).1,
        };
        decoder.decode(octets, samples);
    }

    fn records(&self) -> bool {
        self.member.role == Role::Record
    }

    fn hears(&self, other: &Self) -> bool {
        self.member.stream != other.member.stream && hears(&self.member.role, &other.member.role)
    }
}

impl Bridge {
    /// A bridge without members.
    pub(crate) fn new(id: BridgeId) -> Self {
        Self { id, shape: Shape::Apart, seats: Vec::new(), ears: Vec::new(), said: Vec::new() }
    }

    /// The shape that the present members need.
    pub(crate) fn wanted(&self) -> Shape {
        let heard_by = |listener: &Seat| self.seats.iter().any(|speaker| listener.hears(speaker));
        let mut slots = self.seats.iter().filter_map(|seat| seat.slot);
        let two = (slots.next(), slots.next(), slots.next());
        let announces = self.seats.iter().any(|seat| matches!(seat.member.role, Role::Announce(_)));
        let voices = || self.seats.iter().filter(|seat| seat.slot.is_some());
        match two {
            (Some(one), Some(other), None) if !announces && voices().all(heard_by) => Shape::Pair(one, other),
            // An announcement that nobody hears is still played to its end.
            _ if announces || voices().any(heard_by) => Shape::Mix,
            _ => Shape::Apart,
        }
    }

    /// Whether a recorder is among the members.
    pub(crate) fn is_recorded(&self) -> bool {
        self.seats.iter().any(Seat::records)
    }

    /// The other slot of a pair.
    pub(crate) fn partner(&self, slot: usize) -> Option<usize> {
        match self.shape {
            Shape::Pair(one, other) if slot == one => Some(other),
            Shape::Pair(one, other) if slot == other => Some(one),
            Shape::Pair(..) | Shape::Apart | Shape::Mix | Shape::LastMix(..) => None,
        }
    }

    /// The streams that receive a key pressed by this slot's member: all other talkers, if the member talks.
    pub(crate) fn talks_with(&self, slot: usize) -> impl Iterator<Item = StreamId> {
        let talks = |seat: &&Seat| matches!(seat.member.role, Role::Talk(_));
        let is_talking = self.seats.iter().filter(talks).any(|seat| seat.slot == Some(slot));
        let others =
            self.seats.iter().filter(talks).filter(move |seat| is_talking && seat.slot != Some(slot));
        others.map(|seat| seat.member.stream)
    }

    /// Turns a pair into a mix without an audible break: the codec states are carried over.
    pub(crate) fn begin_mix(
        &mut self,
        (one, other): (usize, usize),
        now: Moment,
        streams: &mut [Option<Stream>],
    ) {
        for (slot, partner) in [(one, other), (other, one)] {
            let Some(said_by) = self.seats.iter().position(|seat| seat.slot == Some(partner)) else {
                continue;
            };
            self.seats[said_by].mouth.iter_mut().for_each(Mouth::goes_on);
            let is_its = |ear: &&mut Ear| ear.first == slot && ear.heard.has(said_by);
            let Some(ear) = self.ears.iter_mut().find(is_its) else { continue };
            let seat = self.seats.iter_mut().find(|seat| seat.slot == Some(slot));
            seat.into_iter().for_each(|seat| seat.waits = Some((partner, now + SEAM_SPAN)));
            let transcoder = streams.get_mut(slot).and_then(|stream| stream.as_mut()?.transcoder.take());
            let Some((from, resampler, to)) = transcoder.map(|it| it.into_parts()) else { continue };
            if let Some(mouth) = self.seats[said_by].mouth.as_mut().filter(|_| to.0 == ear.codec) {
                mouth.inherit(from, resampler);
                ear.encoder = to.1;
            }
        }
    }

    /// Turns a mix into a pair; the pair's transcoders take over the codec states of the mix.
    pub(crate) fn end_in_pair(&mut self, (one, other): (usize, usize), streams: &mut [Option<Stream>]) {
        for (slot, partner) in [(one, other), (other, one)] {
            let Some(Some(stream)) = streams.get_mut(slot) else { continue };
            stream.transcoder = None;
            let mouth = self.seats.iter_mut().find(|seat| seat.slot == Some(partner));
            let Some(mouth) = mouth.and_then(|seat| seat.mouth.take()) else { continue };
            let Some(place) = self.ears.iter().position(|ear| ear.first == slot) else { continue };
            let (ear, (from, resampler)) = (self.ears.swap_remove(place), mouth.into_coders());
            if from.0 != ear.codec {
                let resampler = resampler.unwrap_or_else(|| Resampler::new(Way::Same));
                stream.transcoder = Some(Box::new(Transcoder::of(from, resampler, (ear.codec, ear.encoder))));
            }
        }
        self.shape = Shape::Pair(one, other);
        self.end_mix();
    }

    /// Ends the mix and drops the waiting voices.
    pub(crate) fn end_mix(&mut self) {
        self.ears.clear();
        for seat in &mut self.seats {
            (seat.mouth, seat.waits) = (None, None);
        }
    }

    /// Computes again who hears whom and in which codec, while the bridge mixes.
    pub(crate) fn update_ears(&mut self, streams: &[Option<Stream>]) {
        let mut before = core::mem::take(&mut self.ears);
        for (place, seat) in self.seats.iter().enumerate() {
            let Some(slot) = seat.slot else { continue };
            let Some(stream) = streams.get(slot).and_then(Option::as_ref) else { continue };
            let Some(encoding) = stream.encoding() else { continue };
            let heard = self.heard_by(seat);
            if heard.is_empty() {
                continue;
            }
            let (codec, is_private) = (encoding.codec, stream.mix.is_some());
            let shared = |ear: &&mut Ear| ear.heard == heard && ear.codec == codec && !ear.is_private;
            match self.ears.iter_mut().find(shared).filter(|_| !is_private) {
                Some(ear) => ear.listeners.add(place),
                None => {
                    let mut ear = Ear::new(heard, codec, (place, slot), is_private);
                    ear.inherit(&mut before);
                    self.ears.push(ear);
                }
            }
        }
        let Self { ears, seats, .. } = self;
        for (place, seat) in seats.iter_mut().enumerate() {
            match ears.iter().find(|ear| ear.heard.has(place)) {
                None => seat.mouth = None,
                Some(ear) => {
                    seat.mouth.get_or_insert_with(|| Mouth::new(ear.codec));
                }
            }
        }
    }

    /// Takes a piece of a member's voice, for the mix and for recorders.
    pub(crate) fn hear(
        &mut self,
        slot: usize,
        header: &Header,
        (codec, payload): (Codec, &[u8]),
        now: Moment,
        tape: Option<&Tape>,
    ) {
        let Some(place) = self.seats.iter().position(|seat| seat.slot == Some(slot)) else { return };
        let is_recorded = tape.is_some() && self.is_recorded_at(place);
        let seat = &mut self.seats[place];
        if let Some(mouth) = &mut seat.mouth {
            mouth.push(header, codec, payload, now);
        }
        if let Some(tape) = tape.filter(|_| is_recorded) {
            seat.decode(codec, payload, &mut self.said);
            self.put_on_tape(place, (now, header.timestamp), codec.sample_rate(), tape);
        }
    }

    /// Takes the next frame of every member.
    pub(crate) fn speak(&mut self, library: &Library, music_frame: u64, at: Moment, tape: Option<&Tape>) {
        let is_wide = self.ears.iter().any(|ear| ear.codec == Codec::G722);
        let codec = if is_wide { Codec::G722 } else { Codec::Pcma };
        let has_seam = self.seats.iter().any(|seat| seat.waits.is_some());
        for place in 0..self.seats.len() {
            let seat = &mut self.seats[place];
            let Some(mouth) = &mut seat.mouth else {
                // Nobody hears this announcer, but its time passes.
                let ended = |player: &mut Player| player.next_frame(library, codec, music_frame).is_none();
                if seat.player.as_mut().is_some_and(ended) {
                    seat.player = None;
                }
                continue;
            };
            let Some(player) = &mut seat.player else {
                mouth.take(at);
                continue;
            };
            if has_seam {
                // Members who still wait for the seam would miss the start of the announcement.
                mouth.say(codec, &[]);
                continue;
            }
            let Some(octets) = player.next_frame(library, codec, music_frame) else {
                seat.player = None;
                mouth.say(codec, &[]);
                continue;
            };
            mouth.say(codec, &octets);
            if let Some(tape) = tape.filter(|_| self.is_recorded_at(place)) {
                self.seats[place].decode(codec, &octets, &mut self.said);
                let timestamp = (at.as_micros() / 125) as u32;
                self.put_on_tape(place, (at, timestamp), codec.sample_rate(), tape);
            }
        }
    }

    /// Takes what still waits from every member, at most a frame each. False if nothing is left.
    pub(crate) fn speak_rest(&mut self) -> bool {
        self.seats.iter_mut().filter_map(|seat| seat.mouth.as_mut()).fold(false, |any, mouth| {
            mouth.take_rest();
            any | mouth.speaks()
        })
    }

    /// Mixes and encodes for each ear and sends the result to its listeners. With `only_voices` ears that would hear
    /// only silence are left out.
    pub(crate) fn mix(&mut self, only_voices: bool, at: Moment, listeners: &mut impl Listeners) {
        self.look_for_seams(at);
        let Self { ears, seats, .. } = self;
        for ear in ears {
            if only_voices && !ear.hears_any(mouths(seats)) {
                continue;
            }
            let alone = ear.heard.only().filter(|_| !ear.is_private);
            let alone = alone.and_then(|place| seats[place].mouth.as_ref()?.octets_in(ear.codec));
            match alone {
                Some(octets) => ear.pass(octets),
                None => {
                    let (first, rate) = (ear.first, ear.codec.sample_rate());
                    let heard = seats.iter_mut().enumerate().filter(|(place, _)| ear.heard.has(*place));
                    heard.filter_map(|(_, seat)| seat.mouth.as_mut()).for_each(|mouth| mouth.decode_at(rate));
                    ear.mix(mouths(seats), |samples| listeners.add_tone(first, samples, rate));
                }
            }
            for (place, seat) in seats.iter().enumerate().filter(|(_, seat)| seat.waits.is_none()) {
                if let Some(slot) = seat.slot.filter(|_| ear.listeners.has(place)) {
                    listeners.send(slot, ear.codec, &ear.octets);
                }
            }
        }
    }

    /// Ends the wait of members for whom the mix now continues from the relay.
    fn look_for_seams(&mut self, at: Moment) {
        for place in 0..self.seats.len() {
            let Some((partner, until)) = self.seats[place].waits else { continue };
            let is_partner = |seat: &&Seat| seat.slot == Some(partner);
            let mouth = self.seats.iter().find(is_partner).and_then(|seat| seat.mouth.as_ref());
            if at >= until || mouth.is_some_and(Mouth::speaks) {
                self.seats[place].waits = None;
            }
        }
    }

    /// The seats that a member hears. An announcement that replaces the talk is the only one heard.
    fn heard_by(&self, listener: &Seat) -> Seats {
        let (mut all, mut instead) = (Seats::default(), Seats::default());
        for (place, speaker) in self.seats.iter().enumerate().filter(|(_, seat)| listener.hears(seat)) {
            all.add(place);
            if matches!(&speaker.member.role, Role::Announce(said) if said.manner == Manner::InsteadOfTalk) {
                instead.add(place);
            }
        }
        if instead.is_empty() { all } else { instead }
    }

    fn is_recorded_at(&self, place: usize) -> bool {
        self.seats.iter().any(|seat| seat.records() && seat.hears(&self.seats[place]))
    }

    /// Puts a decoded piece on the tape, once for every recorder that hears the speaker.
    fn put_on_tape(&self, place: usize, (at, timestamp): (Moment, u32), rate: u32, tape: &Tape) {
        let speaker = &self.seats[place];
        for recorder in self.seats.iter().filter(|seat| seat.records() && seat.hears(speaker)) {
            let names = (recorder.member.stream, speaker.member.stream);
            let per_piece = (rate as usize / 50).min(PIECE_SAMPLES_MAX);
            for (number, piece) in (0u32..).zip(self.said.chunks(per_piece)) {
                tape.put(Taped::new(names, (at, timestamp.wrapping_add(number * 160)), rate, piece));
            }
        }
    }
}

fn mouths(seats: &[Seat]) -> impl Iterator<Item = (usize, &Mouth)> {
    seats.iter().enumerate().filter_map(|(place, seat)| Some((place, seat.mouth.as_ref()?)))
}
