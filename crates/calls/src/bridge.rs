//! A call's bridge: who is in it, when the far leg answers, and when one of them leaves.

use turno_ground::Moment;
use turno_media_plan::{Audio, BridgeId, MediaCommand, Member, Party, Role, StreamId};
use turno_sip::{HangUp, SessionId, Stack};

use crate::call::{Call, CallId, GuestRole, Ringing};
use crate::event::CallEvent;
use crate::leg::HoldState;
use crate::switchboard::{CannotTalk, Deadline, Switchboard};

impl Switchboard {
    /// A ringing leg answered: it becomes the far leg, the others are stopped, media is joined.
    pub(crate) fn far_answered(&mut self, stack: &mut Stack, id: CallId, session: SessionId, now: Moment) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        call.ringing.retain(|&mut ringing| ringing != session);
        let others = core::mem::take(&mut call.ringing);
        let ringing = call.ringing_for;
        let before = call.far.replace(session);
        call.early = None;
        let transfer = call.transfer.take();
        self.timers.cancel(&Deadline::RungTooLong(id));
        for other in others {
            self.drop_leg(stack, other, HangUp { status: 487, reason: Some(ELSEWHERE.to_owned()) }, now);
        }
        if let Some((asker, refer)) = transfer {
            stack.refer_progress(asker, refer, 200, now);
        }
        if let Some(before) = before {
            self.drop_leg(stack, before, HangUp { status: 487, reason: None }, now);
        }
        match self.answer(stack, id, now) {
            Ok(()) => {
                self.join(id);
                self.tell(CallEvent::Answered { call: id, ringing });
            }
            Err(CannotTalk::Unacceptable(_) | CannotTalk::NoPort | CannotTalk::NoCall) => {
                let gone = crate::event::Gone::Lost;
                self.hang_up(stack, id, HangUp { status: 488, reason: None }, now);
                self.tell(CallEvent::NearGone { call: id, gone });
            }
        }
        if ringing == Ringing::Recall {
            self.tell(CallEvent::Resumed { call: id, side: crate::event::Side::Far });
        }
    }

    /// Joins the media of both legs; a leg on hold hears music.
    pub(crate) fn join(&mut self, id: CallId) {
        let Some(call) = self.calls.get(&id) else { return };
        let sides = [Some(call.near), call.far];
        let streams = sides.map(|side| side.and_then(|side| self.stream_of(side)));
        for stream in streams.into_iter().flatten() {
            self.command(MediaCommand::Hush { stream });
        }
        self.seat(id);
    }

    /// Tells the media plane who is in the bridge, and plays music to the leg that is on hold.
    pub(crate) fn seat(&mut self, id: CallId) {
        let Some(call) = self.calls.get(&id) else { return };
        let members = self.members(call);
        self.command(MediaCommand::Bridge { bridge: BridgeId(id.0), members });
        self.play_to_the_held(id);
    }

    /// Everybody in a call's bridge; a leg alone needs none.
    pub(crate) fn members(&self, call: &Call) -> Vec<Member> {
        let voice = |session: SessionId, role: Role| Some(Member::new(self.stream_of(session)?, role));
        let side = |session: SessionId, party: Party| {
            let party = if call.agent == Some(session) { Party::Agent } else { party };
            voice(session, Role::Talk(party))
        };
        let mut members: Vec<Member> = side(call.near, Party::Caller).into_iter().collect();
        members.extend(call.far.or(call.early).and_then(|far| side(far, Party::Other)));
        members.extend(call.guests.iter().filter_map(|guest| voice(guest.session, guest.role.role())));
        members.extend(call.recorder.map(|stream| Member::new(stream, Role::Record)));
        let announcers = call.announcers.iter().cloned();
        members.extend(announcers.map(|(stream, said)| Member::new(stream, Role::Announce(said))));
        if members.len() > 1 { members } else { Vec::new() }
    }

    /// Music for a side whose other side holds it, unless a guest talks with it meanwhile.
    fn play_to_the_held(&mut self, id: CallId) {
        let Some(call) = self.calls.get(&id) else { return };
        let Some(far) = call.far else { return };
        let near = call.near;
        let is_entertained = self.has_talking_guest(call);
        for (holder, held) in [(near, far), (far, near)] {
            let holds = self.legs.get(&holder).is_some_and(|leg| leg.hold == HoldState::Holding);
            let Some(leg) = self.legs.get(&held).filter(|_| holds) else { continue };
            let (stream, hears_music) = (leg.stream, leg.sound.playing == Some(Audio::Music));
            match (is_entertained, hears_music) {
                (false, false) => self.command(MediaCommand::Play { stream, audio: Audio::Music }),
                (true, true) => self.command(MediaCommand::Hush { stream }),
                (false, true) | (true, false) => {}
            }
        }
    }

    /// Whether a guest talks, and does not hold.
    pub(crate) fn has_talking_guest(&self, call: &Call) -> bool {
        let mut talking = call.guests.iter().filter(|guest| guest.role == GuestRole::Talk);
        talking.any(|it| self.legs.get(&it.session).is_some_and(|leg| leg.hold == HoldState::Active))
    }

    fn stream_of(&self, session: SessionId) -> Option<StreamId> {
        self.legs.get(&session).map(|leg| leg.stream)
    }

    /// Lets the far leg go; the near leg hears music. No event follows.
    pub fn release_far(&mut self, stack: &mut Stack, id: CallId, now: Moment) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        if let Some(far) = call.far.take() {
            self.drop_leg(stack, far, HangUp { status: 487, reason: None }, now);
        }
        self.part_near(id);
    }

    /// The near leg has no far one any more: music begins.
    pub(crate) fn part_near(&mut self, id: CallId) {
        self.seat(id);
        if let Some((_, leg)) = self.near_leg(id) {
            let stream = leg.stream;
            self.command(MediaCommand::Play { stream, audio: Audio::Music });
        }
    }
}

/// RFC 3326 and RFC 3261 9: so that a phone does not show a missed call.
const ELSEWHERE: &str = "SIP;cause=200;text=\"Call completed elsewhere\"";
