//! The switchboard: all calls, and the verbs that act on them.

use core::time::Duration;
use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use smallvec::SmallVec;
use turno_ground::{Lookup, Moment, Timers, Tracked, TrackedMap};
use turno_media_plan::sdp::Unacceptable;
use turno_media_plan::{Audio, Direction, KeyMint, MediaCommand, SrtpPolicy, StreamId, Tone};
use turno_sip::{HangUp, Reply, SessionId, Stack};

use crate::call::{Call, CallId};
use crate::event::{CallEvent, Side};
use crate::leg::{Leg, LegState, Otherwise};
use crate::media_settings::MediaSettings;
use crate::ports::{NoPort, Ports};

/// Why a leg can't be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotTalk {
    /// Its SDP can't be agreed: 488.
    Unacceptable(Unacceptable),
    /// Every media port is in use, or none can be opened now: 503.
    NoPort,
    /// The call is gone.
    NoCall,
}

impl From<NoPort> for CannotTalk {
    fn from(NoPort: NoPort) -> Self {
        Self::NoPort
    }
}

/// What the switchboard waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Deadline {
    /// When a caller in a menu has been silent for too long.
    MenuSilence(CallId),
    /// When a call that rings without an offer's own deadline has rung for too long.
    RungTooLong(CallId),
}

/// All calls.
#[derive(Debug)]
pub struct Switchboard {
    pub(crate) settings: MediaSettings,
    pub(crate) calls: TrackedMap<CallId, Call>,
    pub(crate) legs: Tracked<SessionId, Leg>,
    pub(crate) streams: Lookup<StreamId, SessionId>,
    /// Streams that were closed and whose last figures are on their way; whether their legs had come in.
    pub(crate) closing: Lookup<StreamId, (CallId, bool)>,
    /// Announcements into bridges, which have no leg.
    pub(crate) announcers: Lookup<StreamId, CallId>,
    pub(crate) ports: Ports,
    /// Legs that did not come in.
    pub(crate) rung: usize,
    pub(crate) timers: Timers<Deadline>,
    /// Legs that ring and may be rung in another way; not kept over a restart.
    pub(crate) otherwise: Lookup<SessionId, Otherwise>,
    pub(crate) mint: KeyMint,
    events: VecDeque<CallEvent>,
    media: VecDeque<MediaCommand>,
    next_call: u64,
    pub(crate) next_stream: u64,
}

impl Switchboard {
    /// A switchboard without calls. `seed` guards tables; numbers of calls and streams begin at `first`.
    pub fn new(settings: MediaSettings, seed: u64, first: u64) -> Self {
        let ports = Ports::new(settings.ports.0, settings.ports.1);
        Self {
            settings,
            calls: TrackedMap::new(),
            legs: Tracked::new(seed),
            streams: Lookup::new(seed),
            closing: Lookup::new(seed),
            announcers: Lookup::new(seed),
            ports,
            rung: 0,
            timers: Timers::new(seed),
            otherwise: Lookup::new(seed),
            mint: KeyMint::new([0; 32]),
            events: VecDeque::new(),
            media: VecDeque::new(),
            next_call: first,
            next_stream: first,
        }
    }

    /// What became of calls, in order.
    pub fn poll_event(&mut self) -> Option<CallEvent> {
        self.events.pop_front()
    }

    /// What the media plane must do, in order.
    pub fn poll_media(&mut self) -> Option<MediaCommand> {
        if self.ports.is_careful() && self.media.is_empty() {
            let port = self.ports.wanted()?;
            return Some(MediaCommand::Reserve { local: SocketAddr::new(self.settings.bind, port) });
        }
        self.media.pop_front()
    }

    /// The earliest deadline.
    pub fn next_deadline(&mut self) -> Option<Moment> {
        match (self.timers.next_deadline(), self.ports.next_deadline()) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        }
    }

    /// Acts on every deadline that is due.
    pub fn handle_deadlines(&mut self, stack: &mut Stack, now: Moment) {
        if self.ports.handle_time(now) {
            self.tell(CallEvent::PortsWell);
        }
        while let Some((_, deadline)) = self.timers.pop_due(now) {
            match deadline {
                Deadline::MenuSilence(call) => {
                    self.calls.note(&call);
                    self.menu_silence(call);
                }
                Deadline::RungTooLong(call) => {
                    self.calls.note(&call);
                    self.rang_too_long(stack, call, now);
                }
            }
        }
    }

    /// Takes a session that came in: a new call, not answered yet. `local` is our end of its flow, `srtp` whether its
    /// voice is encrypted.
    ///
    /// # Errors
    /// [`NoPort`] when the media ports are used up; the session is left to its owner to refuse.
    pub fn incoming(
        &mut self,
        session: SessionId,
        offer: Option<Bytes>,
        local: IpAddr,
        srtp: SrtpPolicy,
    ) -> Result<CallId, NoPort> {
        let id = CallId(self.next_call);
        let mut leg = self.open_leg(id, (local, srtp), LegState::Incoming, &[])?;
        self.skip_number();
        leg.offer = offer;
        self.streams.insert(leg.stream, session);
        self.legs.insert(session, leg);
        self.calls.insert(id, Call::new(session));
        Ok(id)
    }

    /// The number that the next call would have had, for one that was not taken.
    pub const fn skip_number(&mut self) -> CallId {
        self.next_call += 1;
        CallId(self.next_call - 1)
    }

    /// Tells the near leg that it rings.
    pub fn ring_back(&mut self, stack: &mut Stack, id: CallId, now: Moment) {
        if let Some((session, _)) = self.near_leg(id).filter(|(_, leg)| leg.state == LegState::Incoming) {
            if stack.must_offer_early(session) {
                self.offer_early(stack, session, now);
            } else {
                stack.ring(session, now);
            }
        }
    }

    /// Plays to the near leg as early media (183); a caller without an offer just rings.
    ///
    /// # Errors
    /// [`CannotTalk`] if the offer can't be agreed.
    pub fn early(
        &mut self,
        stack: &mut Stack,
        id: CallId,
        audio: Audio,
        now: Moment,
    ) -> Result<(), CannotTalk> {
        let (session, leg) = self.near_leg(id).ok_or(CannotTalk::NoCall)?;
        if leg.is_answered() {
            self.play(id, audio);
            return Ok(());
        }
        if leg.offer.is_none() && !leg.has_agreed() {
            let is_heard_early = stack.must_offer_early(session);
            self.ring_back(stack, id, now);
            if is_heard_early {
                self.play(id, audio);
            }
            return Ok(());
        }
        let answer = self.agree_to_offer(session)?;
        if let Some(leg) = self.legs.get_mut(&session) {
            leg.state = LegState::Early;
        }
        stack.progress(session, answer, now);
        self.play(id, audio);
        Ok(())
    }

    /// Answers the near leg (200).
    ///
    /// # Errors
    /// [`CannotTalk`] if the offer can't be agreed.
    pub fn answer(&mut self, stack: &mut Stack, id: CallId, now: Moment) -> Result<(), CannotTalk> {
        let (session, leg) = self.near_leg(id).ok_or(CannotTalk::NoCall)?;
        if leg.is_answered() {
            return Ok(());
        }
        if leg.offer.is_some() || leg.has_agreed() {
            let answer = self.agree_to_offer(session)?;
            if let Some(leg) = self.legs.get_mut(&session) {
                leg.state = LegState::Talking;
            }
            stack.accept(session, answer, SmallVec::new(), now);
        } else if let Some(leg) = self.legs.get_mut(&session) {
            leg.state = LegState::AwaitsAnswer;
            let offer = leg.negotiation.offer(Direction::SendRecv);
            stack.accept(session, offer, SmallVec::new(), now);
        }
        Ok(())
    }

    /// Refuses the near leg, ends the call.
    pub fn refuse(&mut self, stack: &mut Stack, id: CallId, reply: Reply, now: Moment) {
        let Some((session, leg)) = self.near_leg(id) else { return };
        if leg.is_answered() {
            self.hang_up(stack, id, HangUp { status: reply.status, reason: None }, now);
            return;
        }
        stack.refuse(session, reply, now);
        self.forget_leg(session);
        self.hang_up(stack, id, HangUp { status: 487, reason: None }, now);
    }

    /// Plays to the near leg, replacing what it hears.
    pub fn play(&mut self, id: CallId, audio: Audio) {
        if let Some((_, leg)) = self.near_leg(id) {
            let stream = leg.stream;
            self.command(MediaCommand::Play { stream, audio });
        }
    }

    /// Stops playing to the near leg.
    pub fn hush(&mut self, id: CallId) {
        if let Some((_, leg)) = self.near_leg(id) {
            let stream = leg.stream;
            self.command(MediaCommand::Hush { stream });
        }
    }

    /// Mixes a soft tone into what one side hears; nobody else hears it.
    pub fn tone(&mut self, id: CallId, side: Side, tone: Tone) {
        let Some(call) = self.calls.get(&id) else { return };
        let session = match side {
            Side::Near => Some(call.near),
            Side::Far => call.far,
        };
        if let Some(leg) = session.and_then(|session| self.legs.get(&session)) {
            let stream = leg.stream;
            self.command(MediaCommand::Mix { stream, tone });
        }
    }

    /// Ends a call and all its legs. No event follows.
    pub fn hang_up(&mut self, stack: &mut Stack, id: CallId, cause: HangUp, now: Moment) {
        let Some(call) = self.calls.remove(&id) else { return };
        self.timers.cancel(&Deadline::MenuSilence(id));
        self.timers.cancel(&Deadline::RungTooLong(id));
        for &session in &call.ringing {
            self.drop_leg(stack, session, cause.clone(), now);
        }
        for guest in &call.guests {
            self.drop_leg(stack, guest.session, cause.clone(), now);
        }
        for (announcer, _) in &call.announcers {
            self.announcers.remove(announcer);
        }
        if let Some(far) = call.far {
            self.drop_leg(stack, far, cause.clone(), now);
        }
        self.drop_leg(stack, call.near, cause, now);
    }

    /// Every live call, in order of arrival.
    pub fn calls(&self) -> impl Iterator<Item = CallId> + '_ {
        self.calls.keys().copied()
    }

    /// Never gives out these media ports, which other programs have. To be said before the first call.
    pub fn leave_out_ports(&mut self, taken: &[u16]) {
        self.ports.leave_out(taken);
    }

    /// Never has more media ports in use than these at a time: there are no descriptors for more.
    pub fn limit_ports(&mut self, most: usize) {
        self.ports.limit(most);
    }

    /// How many media ports are in use.
    pub fn ports_in_use(&self) -> usize {
        self.ports.in_use()
    }

    /// How many more legs can be opened now.
    pub fn ports_free(&self) -> usize {
        self.ports.free()
    }

    /// How many media ports may be in use at a time.
    pub fn ports_most(&self) -> usize {
        self.ports.most()
    }

    /// Whether these are fewer than the plan names, because there are no descriptors for more.
    pub fn is_short_of_descriptors(&self) -> bool {
        self.ports.is_limited()
    }

    /// Whether a port could not be opened lately, so that only those are given out which the media plane has bound.
    pub const fn is_careful(&self) -> bool {
        self.ports.is_careful()
    }

    /// How many legs there are that we rang.
    pub const fn rung(&self) -> usize {
        self.rung
    }

    /// Whether no call, leg, port or deadline is left.
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty() && self.legs.is_empty() && self.ports.in_use() == 0 && self.timers.is_empty()
    }

    /// Whose voice a stream is.
    pub fn session_of(&self, stream: StreamId) -> Option<SessionId> {
        self.streams.get(&stream).copied()
    }

    /// The call and side of a session; a guest has none.
    pub fn place_of(&self, session: SessionId) -> Option<(CallId, Side)> {
        let id = self.legs.get(&session)?.call;
        let call = self.calls.get(&id).filter(|call| !call.is_guest(session))?;
        Some((id, if call.near == session { Side::Near } else { Side::Far }))
    }

    /// The leg that came in.
    pub fn near(&self, id: CallId) -> Option<SessionId> {
        self.calls.get(&id).map(|call| call.near)
    }

    /// The legs that ring for a call.
    pub fn ringing(&self, id: CallId) -> &[SessionId] {
        self.calls.get(&id).map_or(&[], |call| &call.ringing)
    }

    /// Whether the near leg was answered.
    pub fn is_answered(&self, id: CallId) -> bool {
        self.near_leg(id).is_some_and(|(_, leg)| leg.is_answered())
    }

    /// Whether the far leg of a call is there.
    pub fn has_far(&self, id: CallId) -> bool {
        self.calls.get(&id).is_some_and(|call| call.far.is_some())
    }

    pub(crate) fn near_leg(&self, id: CallId) -> Option<(SessionId, &Leg)> {
        let near = self.calls.get(&id)?.near;
        self.legs.get(&near).map(|leg| (near, leg))
    }

    pub(crate) fn tell(&mut self, event: CallEvent) {
        self.events.push_back(event);
    }

    pub(crate) fn command(&mut self, command: MediaCommand) {
        self.note_sound(&command);
        self.media.push_back(command);
    }

    /// Tells the media plane what it was told before a restart.
    pub(crate) fn repeat(&mut self, command: MediaCommand) {
        self.media.push_back(command);
    }

    /// Numbers of calls and streams below these have been given.
    pub(crate) fn number_from(&mut self, call: u64, stream: u64) {
        self.next_call = self.next_call.max(call);
        self.next_stream = self.next_stream.max(stream);
    }
}

/// How long a call that no queue gave may ring.
pub(crate) const RING_SPAN_MAX: Duration = Duration::from_secs(60);
