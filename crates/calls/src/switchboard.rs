//! The switchboard: all calls, and the methods that other files share.

use std::collections::VecDeque;
use std::net::IpAddr;

use bytes::Bytes;
use turno_ground::Moment;
use turno_media_plan::sdp::{OpusPlace, is_web};
use turno_media_plan::{Audio, BridgeId, Fingerprint, KeyMint, MediaCommand, SrtpPolicy, StreamId, Tone};
use turno_sip::{HangUp, SessionId, Stack};

use crate::call::CallId;
use crate::calls::Calls;
use crate::event::{CallEvent, Side};
use crate::leg::{HoldState, Leg, LegEnd, LegState};
use crate::legs::Legs;
use crate::media_settings::MediaSettings;
use crate::ports::NoPort;

/// All calls.
#[derive(Debug)]
pub struct Switchboard {
    pub(crate) calls: Calls,
    pub(crate) legs: Legs,
    events: VecDeque<CallEvent>,
}

impl Switchboard {
    /// A switchboard without calls. `seed` seeds the hash tables; ids of calls and streams begin at `first`.
    pub fn new(settings: MediaSettings, seed: u64, first: u64) -> Self {
        Self {
            calls: Calls::new(seed, first),
            legs: Legs::new(settings, seed, first),
            events: VecDeque::new(),
        }
    }

    /// Applies new codecs and addresses; the ports stay.
    pub fn configure(&mut self, settings: MediaSettings) {
        self.legs.configure(settings);
    }

    /// Sets the source of SRTP keys. Call it before the first call that may be encrypted.
    pub fn mint_keys(&mut self, mint: KeyMint) {
        self.legs.mint_keys(mint);
    }

    /// Offers and answers browsers with the certificate of this fingerprint. Call it before the first call of a browser.
    pub fn show_certificates(&mut self, fingerprints: [Fingerprint; 2]) {
        self.legs.show_certificates(fingerprints);
    }

    /// The next event, in order.
    pub fn poll_event(&mut self) -> Option<CallEvent> {
        self.events.pop_front()
    }

    /// The next command for the media plane, in order.
    pub fn poll_media(&mut self) -> Option<MediaCommand> {
        self.legs.poll_command()
    }

    /// Creates a call for an incoming session, not answered yet. `local` is our end of its flow, `srtp` its SRTP
    /// policy.
    ///
    /// # Errors
    /// [`NoPort`] if no media port is free; the owner must refuse the session.
    pub fn incoming(
        &mut self,
        session: SessionId,
        offer: Option<Bytes>,
        local: IpAddr,
        srtp: SrtpPolicy,
    ) -> Result<CallId, NoPort> {
        let id = self.calls.next();
        let is_web = self.legs.serves_browsers() && offer.as_ref().is_some_and(|offer| is_web(offer));
        let opus = self.legs.may_have_opus(is_web).then_some(OpusPlace::Last);
        let end = LegEnd { local, srtp, is_web, opus };
        let mut leg = self.legs.open(id, end, LegState::Incoming, &[])?;
        leg.offer = offer;
        self.legs.insert(session, leg);
        Ok(self.calls.begin(Some(session)))
    }

    /// Uses up an id, for a call that was not accepted.
    pub const fn skip_number(&mut self) -> CallId {
        self.calls.skip_number()
    }

    /// Plays to the A leg, in place of what it hears.
    pub fn play(&mut self, id: CallId, audio: Audio) {
        if let Some((_, leg)) = self.a_leg_entry(id) {
            let stream = leg.stream;
            self.legs.command(MediaCommand::Play { stream, audio });
        }
    }

    /// Whether prompts play to the A leg.
    pub fn plays_prompts(&self, id: CallId) -> bool {
        let leg = self.a_leg_entry(id).map(|(_, leg)| leg);
        leg.is_some_and(|leg| matches!(leg.sound.playing, Some(Audio::Prompts(_))))
    }

    /// Begins or stops to let others hear the peer of the A leg live.
    pub fn speak(&mut self, id: CallId, is_on: bool) {
        if let Some((_, leg)) = self.a_leg_entry(id) {
            let stream = leg.stream;
            self.legs.command(MediaCommand::Speak { stream, is_on });
        }
    }

    /// Whether the A leg hears music or a speaker, and no prompt or tone.
    pub fn is_at_rest(&self, id: CallId) -> bool {
        let playing = self.a_leg_entry(id).and_then(|(_, leg)| leg.sound.playing.as_ref());
        matches!(playing, Some(Audio::Music | Audio::Live(_)))
    }

    /// The stream whose peer the A leg hears live.
    pub fn hears_live(&self, id: CallId) -> Option<StreamId> {
        match self.a_leg_entry(id)?.1.sound.playing {
            Some(Audio::Live(speaker)) => Some(speaker),
            Some(
                Audio::Music
                | Audio::Prompts(_)
                | Audio::Tone(_)
                | Audio::Ringback
                | Audio::Silence
                | Audio::Sound(_),
            )
            | None => None,
        }
    }

    /// Stops playing to the A leg.
    pub fn stop_playback(&mut self, id: CallId) {
        if let Some((_, leg)) = self.a_leg_entry(id) {
            let stream = leg.stream;
            self.legs.command(MediaCommand::Hush { stream });
        }
    }

    /// Begins or stops to judge by the sound who has answered at the A leg. `Judged` follows once.
    pub fn judge(&mut self, id: CallId, is_on: bool) {
        if let Some((_, leg)) = self.a_leg_entry(id) {
            let stream = leg.stream;
            self.legs.command(MediaCommand::Judge { stream, is_on });
        }
    }

    /// Mixes a soft tone into what one side hears; nobody else hears it.
    pub fn tone(&mut self, id: CallId, side: Side, tone: Tone) {
        let Some(call) = self.calls.get(id) else { return };
        let session = match side {
            Side::A => call.a_leg,
            Side::B => call.b_leg,
        };
        if let Some(leg) = session.and_then(|session| self.legs.get(session)) {
            let stream = leg.stream;
            self.legs.command(MediaCommand::Mix { stream, tone });
        }
    }

    /// Ends a call and all its legs. No event follows.
    pub fn hang_up(&mut self, stack: &mut Stack, id: CallId, cause: HangUp, now: Moment) {
        let Some(call) = self.calls.remove(id) else { return };
        for &session in &call.ringing {
            self.drop_leg(stack, session, cause.clone(), now);
        }
        for guest in &call.guests {
            self.drop_leg(stack, guest.session, cause.clone(), now);
        }
        if let Some(b_leg) = call.b_leg {
            self.drop_leg(stack, b_leg, cause.clone(), now);
        }
        if let Some(a_leg) = call.a_leg {
            self.drop_leg(stack, a_leg, cause, now);
        }
    }

    /// Every live call, in order of arrival.
    pub fn calls(&self) -> impl Iterator<Item = CallId> + '_ {
        self.calls.iter().map(|(id, _)| id)
    }

    /// Excludes media ports that other programs hold. Call it before the first call.
    pub fn leave_out_ports(&mut self, taken: &[u16]) {
        self.legs.ports_mut().leave_out(taken);
    }

    /// Caps the number of media ports in use, since file descriptors are limited.
    pub fn limit_ports(&mut self, most: usize) {
        self.legs.ports_mut().limit(most);
    }

    /// Number of media ports in use.
    pub fn ports_in_use(&self) -> usize {
        self.legs.ports().in_use()
    }

    /// Number of legs that can be opened now.
    pub fn ports_free(&self) -> usize {
        self.legs.ports().free()
    }

    /// Cap on media ports in use.
    pub fn ports_most(&self) -> usize {
        self.legs.ports().most()
    }

    /// Whether that is fewer than the plan names, because file descriptors are limited.
    pub fn is_short_of_descriptors(&self) -> bool {
        self.legs.ports().is_limited()
    }

    /// Whether a port failed lately, so that only ports already bound are given out.
    pub const fn is_careful(&self) -> bool {
        self.legs.ports().is_careful()
    }

    /// Those who ring for this call now are callers whom we call back, and count as such.
    pub fn are_callers(&mut self, id: CallId) {
        for place in 0..self.ringing(id).len() {
            let session = self.ringing(id)[place];
            self.legs.is_a_caller(session);
        }
    }

    /// Number of legs that we rang and that have a port of their own, but for callers whom we call back.
    pub const fn rung(&self) -> usize {
        self.legs.rung()
    }

    /// Whether no call, leg, port or deadline is left.
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty() && self.legs.is_empty()
    }

    /// The session of a stream.
    pub fn session_of(&self, stream: StreamId) -> Option<SessionId> {
        self.legs.session_of(stream)
    }

    /// The call and side of a session; `None` for a guest.
    pub fn place_of(&self, session: SessionId) -> Option<(CallId, Side)> {
        let id = self.legs.get(session)?.call;
        let call = self.calls.get(id).filter(|call| !call.is_guest(session))?;
        Some((id, if call.a_leg == Some(session) { Side::A } else { Side::B }))
    }

    /// The A leg.
    pub fn a_leg(&self, id: CallId) -> Option<SessionId> {
        self.calls.get(id)?.a_leg
    }

    /// The legs that ring for a call.
    pub fn ringing(&self, id: CallId) -> &[SessionId] {
        self.calls.get(id).map_or(&[], |call| &call.ringing)
    }

    /// Whether the A leg was answered.
    pub fn is_answered(&self, id: CallId) -> bool {
        self.a_leg_entry(id).is_some_and(|(_, leg)| leg.is_answered())
    }

    /// Whether the call has a B leg.
    pub fn has_b_leg(&self, id: CallId) -> bool {
        self.calls.get(id).is_some_and(|call| call.b_leg.is_some())
    }

    pub(crate) fn a_leg_entry(&self, id: CallId) -> Option<(SessionId, &Leg)> {
        let a_leg = self.calls.get(id)?.a_leg?;
        self.legs.get(a_leg).map(|leg| (a_leg, leg))
    }

    pub(crate) fn tell(&mut self, event: CallEvent) {
        self.events.push_back(event);
    }

    /// Hangs up a leg and removes it; a held line is set free instead.
    pub(crate) fn drop_leg(&mut self, stack: &mut Stack, session: SessionId, cause: HangUp, now: Moment) {
        if self.is_line(session) {
            self.set_free(session);
            return;
        }
        if self.forget_leg(session) {
            stack.hang_up(session, cause, now);
        }
    }

    /// Whether a leg is a held line. It is not hung up then.
    pub(crate) fn is_line(&self, session: SessionId) -> bool {
        self.legs.get(session).is_some_and(|leg| leg.is_line && leg.state == LegState::Talking)
    }

    /// The call of a held line has ended, or goes on without it: the line is idle.
    pub(crate) fn set_free(&mut self, session: SessionId) {
        let id = self.calls.begin(Some(session));
        let Some(leg) = self.legs.get_mut(session) else { return };
        let before = core::mem::replace(&mut leg.call, id);
        if leg.hold == HoldState::Parked {
            leg.hold = HoldState::Active;
        }
        let stream = leg.stream;
        // A call that goes on seats its members anew.
        if !self.calls.contains(before) {
            self.legs.command(MediaCommand::Bridge { bridge: BridgeId(before.0), members: Vec::new() });
        }
        self.legs.command(MediaCommand::Play { stream, audio: Audio::Silence });
        self.tell(CallEvent::SetFree { call: id, session });
    }

    /// Closes a leg's media and removes the leg; false if it was removed before.
    pub(crate) fn forget_leg(&mut self, session: SessionId) -> bool {
        let Some(leg) = self.legs.forget(session) else { return false };
        let is_early = self.calls.get(leg.call).is_some_and(|call| call.early == Some(session));
        if let Some(call) = Some(leg.call).filter(|_| is_early).and_then(|id| self.calls.get_mut(id)) {
            call.early = None;
        }
        true
    }
}
