//! Bridge membership in the exchange: members come and leave, and each voice is routed accordingly.

use turno_ground::Moment;
use turno_media_plan::{BridgeId, Codec, MEMBERS_MAX, MediaEvent, Member, Role, StreamId};

use crate::bridge::shape::Shape;
use crate::bridge::{Listeners, Seat};
use crate::exchange::{Exchange, Wire};
use crate::library::Library;
use crate::packet::Header;
use crate::stream::{Route, Stream};
use crate::tape::Tape;

impl Exchange {
    /// Sends what recorders hear to this queue from now on.
    pub fn record_to(&mut self, tape: Tape) {
        self.tape = Some(tape);
    }

    /// Makes these members the bridge's only members.
    pub(crate) fn seat(&mut self, id: BridgeId, members: Vec<Member>, now: Moment) {
        let mut wanted: Vec<(Member, Option<usize>)> = Vec::with_capacity(MEMBERS_MAX);
        for member in members {
            let slot = self.slot(member.stream);
            let is_there = match member.role {
                Role::Talk(_) | Role::Listen | Role::Whisper => slot.is_some(),
                Role::Record | Role::Announce(_) => slot.is_none(),
            };
            let is_new = wanted.iter().all(|(known, _)| known.stream != member.stream);
            if is_there && is_new && wanted.len() < MEMBERS_MAX {
                wanted.push((member, slot));
            }
        }
        let place = self.bridges.place(id);
        for slot in wanted.iter().filter_map(|(_, slot)| *slot) {
            let elsewhere = self.streams[slot].as_ref().and_then(|stream| stream.bridge);
            if elsewhere.is_some_and(|elsewhere| elsewhere != place) {
                self.leave(slot, now);
            }
        }
        let Some(bridge) = self.bridges.at(place) else { return };
        let mut before = core::mem::take(&mut bridge.seats);
        for (member, slot) in wanted {
            let known = before.iter().position(|seat| seat.member.stream == member.stream);
            let seat = match known.map(|known| before.swap_remove(known)) {
                Some(seat) => seat.take_role(member),
                None => {
                    let comes = slot.and_then(|slot| self.streams.get_mut(slot)?.as_mut());
                    comes.into_iter().for_each(|stream| stream.enters(place));
                    Seat::new(member, slot)
                }
            };
            bridge.seats.push(seat);
        }
        for slot in before.iter().filter_map(|seat| seat.slot) {
            self.with(slot, Stream::leaves);
        }
        self.settle(place, now);
        self.rest_tick();
    }

    /// Takes a stream out of its bridge.
    pub(crate) fn leave(&mut self, slot: usize, now: Moment) {
        let Some(Some(stream)) = self.streams.get_mut(slot) else { return };
        let Some(place) = stream.bridge else { return };
        stream.leaves();
        if let Some(bridge) = self.bridges.at(place) {
            bridge.seats.retain(|seat| seat.slot != Some(slot));
        }
        self.settle(place, now);
    }

    /// A stream's agreement or its tone has changed: if its bridge mixes, who hears what is computed again.
    pub(crate) fn update_listeners(&mut self, slot: usize) {
        if let Some(place) = self.mixes_at(slot)
            && let Some(bridge) = self.bridges.at(place)
        {
            bridge.update_ears(&self.streams);
        }
    }

    /// The slot that this slot's voice is relayed to.
    pub(crate) fn relays_to(&mut self, slot: usize) -> Option<usize> {
        match self.streams.get(slot)?.as_ref()?.route {
            Route::Alone | Route::Speaks => None,
            Route::Relay(partner) => Some(partner),
            Route::Bridge(place) => self.bridges.at(place)?.partner(slot),
        }
    }

    /// The index of the bridge that mixes this slot's voice.
    pub(crate) fn mixes_at(&mut self, slot: usize) -> Option<usize> {
        let place = self.streams.get(slot)?.as_ref()?.bridge?;
        match self.bridges.at(place)?.shape {
            Shape::Mix | Shape::LastMix(..) => Some(place),
            Shape::Apart | Shape::Pair(..) => None,
        }
    }

    /// A voice packet came to a bridge that mixes or is recorded. Returns the slot that it is also relayed to.
    pub(crate) fn bridge_audio(
        &mut self,
        place: usize,
        slot: usize,
        header: &Header,
        said: (Codec, &[u8]),
        now: Moment,
    ) -> Option<usize> {
        let bridge = self.bridges.at(place)?;
        bridge.hear(slot, header, said, now, self.tape.as_ref());
        bridge.partner(slot)
    }

    /// A member of a mixing bridge has begun to press a key: the others in the talk get one event of ours.
    pub(crate) fn bridge_key(&mut self, place: usize, slot: usize, digit: char, now: Moment) {
        let Some(bridge) = self.bridges.at(place) else { return };
        let ears: Vec<StreamId> = bridge.talks_with(slot).collect();
        for stream in ears {
            self.tick_for(stream, now, |stream| stream.digits.press(digit));
        }
    }

    /// Mixes one tick of every bridge that mixes.
    pub(crate) fn mix(&mut self, music_frame: u64, at: Moment, wire: &mut impl Wire) {
        let mut next = 0;
        while let Some(&place) = self.bridges.mixing.get(next) {
            self.mix_one(place, music_frame, at, wire);
            // A bridge that has stopped mixing has left the list, and the next one has moved to its index.
            next += usize::from(self.bridges.mixing.get(next) == Some(&place));
        }
    }

    fn mix_one(&mut self, place: usize, music_frame: u64, at: Moment, wire: &mut impl Wire) {
        let Self { bridges, streams, library, scratch, tape, .. } = self;
        let Some(bridge) = bridges.at(place) else { return };
        let library = &**library;
        let mut output = MixOutput { streams, library, scratch, wire, at };
        if let Shape::LastMix(one, other) = bridge.shape {
            while bridge.speak_rest() {
                bridge.mix(true, at, &mut output);
            }
            bridge.end_in_pair((one, other), output.streams);
            self.bridges.mixing.retain(|mixing| *mixing != place);
            self.route(place);
            return;
        }
        bridge.speak(library, music_frame, at, tape.as_ref());
        bridge.mix(false, at, &mut output);
        let over = bridge.seats.iter().filter(|seat| seat.is_over());
        let over: Vec<StreamId> = over.map(|seat| seat.member.stream).collect();
        if !over.is_empty() {
            bridge.seats.retain(|seat| !seat.is_over());
            over.iter().for_each(|stream| wire.event(MediaEvent::PlayedOut { stream: *stream }));
            self.settle(place, at);
        }
    }

    /// Finds the shape that a bridge's members need, and changes to it.
    fn settle(&mut self, place: usize, now: Moment) {
        let Some(bridge) = self.bridges.at(place) else { return };
        if bridge.seats.iter().all(|seat| seat.slot.is_none()) {
            self.bridges.remove(place);
            return;
        }
        let (before, wanted) = (bridge.shape, bridge.wanted());
        match (before, wanted) {
            (Shape::Mix | Shape::LastMix(..), Shape::Pair(one, other) | Shape::LastMix(one, other)) => {
                bridge.shape = Shape::LastMix(one, other);
                bridge.update_ears(&self.streams);
            }
            (Shape::Mix | Shape::LastMix(..), Shape::Mix) => {
                bridge.shape = Shape::Mix;
                bridge.update_ears(&self.streams);
            }
            (Shape::Apart | Shape::Pair(..), Shape::Mix) => {
                bridge.shape = Shape::Mix;
                bridge.update_ears(&self.streams);
                if let Shape::Pair(one, other) = before {
                    bridge.begin_mix((one, other), now, &mut self.streams);
                }
                self.wake_tick(now);
                self.bridges.mixing.push(place);
            }
            (Shape::Apart | Shape::Pair(..), Shape::Pair(..) | Shape::LastMix(..) | Shape::Apart) => {
                bridge.shape = wanted;
                if before != wanted {
                    let slots: Vec<usize> = bridge.seats.iter().filter_map(|seat| seat.slot).collect();
                    slots.into_iter().for_each(|slot| self.with(slot, Stream::hears_another));
                }
            }
            (Shape::Mix | Shape::LastMix(..), Shape::Apart) => {
                bridge.end_mix();
                bridge.shape = wanted;
                let slots: Vec<usize> = bridge.seats.iter().filter_map(|seat| seat.slot).collect();
                self.bridges.mixing.retain(|mixing| *mixing != place);
                slots.into_iter().for_each(|slot| self.with(slot, Stream::hears_another));
            }
        }
        self.route(place);
    }

    /// Sets the route of each member's voice.
    fn route(&mut self, place: usize) {
        let Self { bridges, streams, live, .. } = self;
        let Some(bridge) = bridges.at(place) else { return };
        let is_recorded = bridge.is_recorded();
        for slot in bridge.seats.iter().filter_map(|seat| seat.slot) {
            let Some(Some(stream)) = streams.get_mut(slot) else { continue };
            let route = match bridge.shape {
                Shape::Apart | Shape::Pair(..) if is_recorded => Route::Bridge(place),
                Shape::Apart => Route::Alone,
                Shape::Pair(one, other) => Route::Relay(if slot == one { other } else { one }),
                Shape::Mix | Shape::LastMix(..) => Route::Bridge(place),
            };
            // Who speaks live is alone; with company the voice is the bridge's again.
            match (stream.route, route) {
                (Route::Speaks, Route::Alone) => continue,
                (Route::Speaks, _) => live.end(stream.id),
                (Route::Alone | Route::Relay(_) | Route::Bridge(_), _) => {}
            }
            stream.route = route;
        }
    }
}

/// The listeners of a mix, with access to their streams and the network.
struct MixOutput<'a, W> {
    streams: &'a mut [Option<Stream>],
    library: &'a Library,
    scratch: &'a mut Vec<u8>,
    wire: &'a mut W,
    at: Moment,
}

impl<W: Wire> Listeners for MixOutput<'_, W> {
    fn add_tone(&mut self, slot: usize, samples: &mut [i16], rate: u32) {
        if let Some(Some(stream)) = self.streams.get_mut(slot) {
            stream.add_tone(samples, rate, self.library);
        }
    }

    fn send(&mut self, slot: usize, codec: Codec, octets: &[u8]) {
        let Some(Some(stream)) = self.streams.get_mut(slot) else { return };
        if let Some(to) = stream.mixed_packet(codec, octets, self.at, self.scratch) {
            self.wire.rtp(slot, to, self.scratch);
        }
    }
}
