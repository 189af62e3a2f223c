//! All streams and bridges: the media plane without sockets and clocks.

use core::time::Duration;
use std::net::SocketAddr;
use std::sync::Arc;

use turno_ground::{Lookup, Moment, Rng, Timers};
use turno_media_plan::{MediaCommand, MediaEvent, STREAMS_MAX, SoundId, StreamId};

use crate::bridges::Bridges;
use crate::clip::Clip;
use crate::lent::Lent;
use crate::library::Library;
use crate::live::Live;
use crate::mixer::Mix;
use crate::player::Player;
use crate::report::REPORT_SPAN;
use crate::srtp::Refusal;
use crate::stream::{Heard, Stream};
use crate::tape::Tape;
use crate::web::WebTable;

/// The exchange's outputs: the sockets, by slot, and the receiver of events.
pub trait Wire {
    /// Sends a packet from a stream's RTP port.
    fn rtp(&mut self, slot: usize, to: SocketAddr, packet: &[u8]);
    /// Sends a packet from a stream's RTCP port.
    fn rtcp(&mut self, slot: usize, to: SocketAddr, packet: &[u8]);
    /// Reports an event to the engine.
    fn event(&mut self, event: MediaEvent);
}

/// All streams. Public so that it can be tested without sockets; a program runs a [`crate::Plane`].
pub struct Exchange {
    /// The streams by slot.
    pub(crate) streams: Vec<Option<Stream>>,
    /// Slots that the tick visits: something is played, mixed in, or a key is pressed.
    pub(crate) ticking: Vec<usize>,
    /// The time of the next tick, while anything ticks.
    pub(crate) next_tick: Moment,
    /// Everything that can be played.
    pub(crate) library: Arc<Library>,
    /// Buffer for building packets, so that none is allocated.
    pub(crate) scratch: Vec<u8>,
    /// Counts of SRTP packets that were rejected.
    pub(crate) unopened: Unopened,
    /// The bridges and their members.
    pub(crate) bridges: Bridges,
    /// The queue for recordings, if there is a recorder thread.
    pub(crate) tape: Option<Tape>,
    /// The voices that are heard live by many.
    pub(crate) live: Live,
    /// Sounds that were lent and are not played yet.
    lent: Lent,
    free: Vec<usize>,
    /// The slot of each stream.
    pub(crate) slots: Lookup<StreamId, usize>,
    pub(crate) timers: Timers<Deadline>,
    /// What names the streams of browsers.
    pub(crate) web: WebTable,
    inactivity: Option<Duration>,
    pub(crate) rng: Rng,
}

/// SRTP packets that were rejected, since the start.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Unopened {
    /// The authentication tag was wrong.
    pub(crate) unauthentic: u64,
    /// They were received before.
    pub(crate) replayed: u64,
    /// They were no SRTP packets.
    pub(crate) malformed: u64,
}

impl Unopened {
    fn count(&mut self, why: Refusal) {
        match why {
            Refusal::Unauthentic => self.unauthentic += 1,
            Refusal::Replayed => self.replayed += 1,
            Refusal::Malformed => self.malformed += 1,
        }
    }
}

/// The exchange's deadlines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Deadline {
    /// When the stream's next RTCP report is due.
    Report(usize),
    /// When the peer will have been silent for too long, unless it is heard before.
    Inactivity(usize),
    /// When the silence of a peer that is judged is measured.
    Judged(usize),
    /// When a browser has not checked for too long.
    Consent(usize),
    /// When a browser's handshake goes on, or has taken too long.
    Handshake(usize),
}

impl Exchange {
    /// An exchange without streams.
    pub fn new(library: Arc<Library>, inactivity: Option<Duration>, seed: u64, now: Moment) -> Self {
        let mut rng = Rng::new(seed);
        Self {
            streams: Vec::new(),
            ticking: Vec::new(),
            next_tick: now,
            library,
            scratch: Vec::with_capacity(2_048),
            unopened: Unopened::default(),
            bridges: Bridges::new(&mut rng),
            tape: None,
            live: Live::default(),
            lent: Lent::default(),
            free: Vec::new(),
            slots: Lookup::new(rng.number()),
            timers: Timers::new(rng.number()),
            web: WebTable::new(rng.number()),
            inactivity,
            rng,
        }
    }

    /// Replaces the sounds. A sound that is being played continues at the same position in the new version.
    pub(crate) fn relearn(&mut self, library: Arc<Library>, inactivity: Option<Duration>) {
        (self.library, self.inactivity) = (library, inactivity);
    }

    /// Lends a sound, which plays once.
    pub(crate) fn lend(&mut self, sound: SoundId, clip: Arc<Clip>) {
        self.lent.put(sound, clip);
    }

    /// Creates a stream whose ports are bound; `None` if it exists or the limit of streams is reached.
    pub fn open(&mut self, id: StreamId, now: Moment) -> Option<usize> {
        if self.slots.contains(&id) || self.slots.len() >= STREAMS_MAX {
            return None;
        }
        let slot = self.free.pop().unwrap_or_else(|| {
            self.streams.push(None);
            self.streams.len() - 1
        });
        self.streams[slot] = Some(Stream::new(id, &mut self.rng, now));
        self.slots.insert(id, slot);
        Some(slot)
    }

    /// Ends a stream: sends the last report and BYE and reports the figures. The slot is free afterwards.
    pub fn close(&mut self, id: StreamId, now: Moment, wire: &mut impl Wire) -> Option<usize> {
        let slot = self.slots.get(&id).copied()?;
        self.leave(slot, now);
        let mut stream = self.streams[slot].take()?;
        if let Some((to, packet)) = stream.report_packet(true, now) {
            wire.rtcp(slot, to, &packet);
        }
        wire.event(MediaEvent::Closed { stream: id, report: stream.figures() });
        self.live.end(id);
        self.slots.remove(&id);
        self.timers.cancel(&Deadline::Report(slot));
        self.timers.cancel(&Deadline::Inactivity(slot));
        self.timers.cancel(&Deadline::Judged(slot));
        if let Some(web) = &stream.web {
            self.forget_web(slot, web);
        }
        if stream.is_ticking {
            self.ticking.retain(|ticking| *ticking != slot);
        }
        self.free.push(slot);
        Some(slot)
    }

    /// Carries out a command that needs no socket. Those that need one are ignored here.
    pub fn handle_command(&mut self, command: MediaCommand, now: Moment) {
        match command {
            MediaCommand::Open { .. }
            | MediaCommand::OpenWeb { .. }
            | MediaCommand::Reserve { .. }
            | MediaCommand::Close { .. } => {}
            MediaCommand::Secure { stream, terms } => self.secure(stream, &terms, now),
            MediaCommand::Kept { stream, packets, reports } => self.kept(stream, (packets, reports)),
            MediaCommand::Agree { stream, remote, encoding, direction, latch, srtp } => {
                let Some(slot) = self.slot(stream) else { return };
                if let Some(Some(stream)) = self.streams.get_mut(slot) {
                    stream.set_srtp(srtp.as_deref(), &mut self.rng);
                    stream.agree(remote, encoding, direction, latch, now);
                }
                if let Some(partner) = self.relays_to(slot).filter(|_| !direction.receives()) {
                    self.with(partner, |stream| stream.sender.pause());
                }
                self.update_listeners(slot);
                if self.timers.at(&Deadline::Report(slot)).is_none() {
                    self.timers.set(Deadline::Report(slot), now + REPORT_SPAN);
                }
                self.watch(slot);
            }
            MediaCommand::Bridge { bridge, members } => self.seat(bridge, members, now),
            MediaCommand::Play { stream, audio } => {
                let player = Player::new(audio, |sound| self.lent.take(sound));
                self.tick_for(stream, now, |stream| {
                    stream.sender.pause();
                    stream.player = Some(player);
                });
            }
            MediaCommand::Hush { stream } => {
                if let Some(slot) = self.slot(stream) {
                    self.with(slot, |stream| stream.player = None);
                    self.rest_tick();
                }
            }
            MediaCommand::Mix { stream, tone } => {
                self.tick_for(stream, now, |stream| stream.mix = Some(Mix::new(tone)));
                if let Some(slot) = self.slot(stream) {
                    self.update_listeners(slot);
                }
            }
            MediaCommand::Judge { stream, is_on } => self.judge(stream, is_on, now),
            MediaCommand::Speak { stream, is_on } => self.speak(stream, is_on),
            MediaCommand::SendDigit { stream, digit } => {
                self.tick_for(stream, now, |stream| stream.digits.press(digit));
            }
        }
    }

    /// A datagram came to the RTP port of a slot. It may be rewritten in place. Returns whether it was accepted.
    pub fn handle_rtp(
        &mut self,
        slot: usize,
        source: SocketAddr,
        bytes: &mut [u8],
        now: Moment,
        wire: &mut impl Wire,
    ) -> bool {
        let Some(Some(stream)) = self.streams.get_mut(slot) else { return false };
        let bytes = match stream.open_rtp(bytes, now) {
            Ok(length) => &mut bytes[..length],
            Err(why) => {
                self.unopened.count(why);
                return false;
            }
        };
        let was_missed = stream.is_missed();
        let heard = stream.hear(source, bytes, now);
        let (id, is_judged) = (stream.id, stream.judge.is_some());
        if was_missed && heard != Heard::Refused {
            self.watch(slot);
        }
        match heard {
            Heard::Nothing => true,
            Heard::Refused => false,
            Heard::Audio(header, payload, codec) => {
                if is_judged {
                    self.judge_voice(slot, (codec, payload.clone()), bytes, now, wire);
                }
                self.relay_audio(slot, &header, (codec, payload), bytes, now, wire);
                true
            }
            Heard::Opus(header, payload) => {
                self.relay_opus(slot, &header, payload, bytes, now, wire);
                true
            }
            Heard::Key(header, payload, digit) => {
                if let Some(digit) = digit {
                    wire.event(MediaEvent::Digit { stream: id, digit });
                }
                if self.hears_opus(slot) {
                    self.opus_key(slot, digit, now);
                    return true;
                }
                self.relay_key(slot, &header, payload, bytes, now, wire);
                if let (Some(digit), Some(place)) = (digit, self.mixes_at(slot)) {
                    self.bridge_key(place, slot, digit, now);
                }
                true
            }
        }
    }

    /// A datagram came to the RTCP port of a slot. Returns whether it was accepted.
    pub fn handle_rtcp(&mut self, slot: usize, source: SocketAddr, bytes: &mut [u8], now: Moment) -> bool {
        let Some(Some(stream)) = self.streams.get_mut(slot) else { return false };
        let bytes = match stream.open_rtcp(bytes) {
            Ok(length) => &bytes[..length],
            Err(why) => {
                self.unopened.count(why);
                return false;
            }
        };
        let was_missed = stream.is_missed();
        let heard = stream.hear_report(source, bytes, now);
        if was_missed && heard {
            self.watch(slot);
        }
        heard
    }

    /// Handles everything that is due.
    pub fn handle_time(&mut self, now: Moment, wire: &mut impl Wire) {
        self.run_ticks(now, wire);
        while let Some((_, deadline)) = self.timers.pop_due(now) {
            match deadline {
                Deadline::Report(slot) => {
                    self.timers.set(Deadline::Report(slot), now + REPORT_SPAN);
                    if let Some(Some(stream)) = self.streams.get_mut(slot)
                        && let Some((to, packet)) = stream.report_packet(false, now)
                    {
                        wire.rtcp(slot, to, &packet);
                    }
                }
                Deadline::Inactivity(slot) => self.look_for_silence(slot, now, wire),
                Deadline::Judged(slot) => self.look_at_judge(slot, now, wire),
                Deadline::Consent(slot) => self.look_at_consent(slot, now, wire),
                Deadline::Handshake(slot) => self.look_at_handshake(slot, now, wire),
            }
        }
    }

    /// When `handle_time` must be called next. Any other call may change it.
    pub fn next_deadline(&mut self) -> Option<Moment> {
        let tick = self.has_ticks().then_some(self.next_tick);
        tick.into_iter().chain(self.timers.next_deadline()).min()
    }

    /// How many streams are open.
    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    /// The id of every open stream, in the order of their slots.
    pub(crate) fn ids(&self) -> Vec<StreamId> {
        self.streams.iter().flatten().map(|stream| stream.id).collect()
    }

    /// Sets the inactivity deadline of a peer.
    fn watch(&mut self, slot: usize) {
        let stream = self.streams.get(slot).and_then(Option::as_ref);
        let missed_at = self.inactivity.and_then(|span| stream?.missed_at(span));
        match missed_at {
            Some(at) => self.timers.set(Deadline::Inactivity(slot), at),
            None => self.timers.cancel(&Deadline::Inactivity(slot)),
        }
    }

    fn look_for_silence(&mut self, slot: usize, now: Moment, wire: &mut impl Wire) {
        let Some(span) = self.inactivity else { return };
        if let Some(Some(stream)) = self.streams.get_mut(slot)
            && stream.missed_at(span).is_some_and(|at| at <= now)
        {
            stream.miss();
            wire.event(MediaEvent::Inactive { stream: stream.id });
        }
        self.watch(slot);
    }
}

#[cfg(test)]
#[path = "exchange_tests.rs"]
mod tests;
