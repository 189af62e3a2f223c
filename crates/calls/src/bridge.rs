//! A call's bridge: its members, and what they hear when one joins or leaves.

use turno_ground::Moment;
use turno_media_plan::{Audio, BridgeId, MediaCommand, Member, Party, Role};
use turno_sip::{HangUp, SessionId, Stack};

use crate::call::{Call, CallId, GuestRole};
use crate::leg::HoldState;
use crate::legs::Legs;
use crate::switchboard::Switchboard;

impl Switchboard {
    /// Joins the media of both legs; a leg on hold hears music.
    pub(crate) fn join(&mut self, id: CallId) {
        let Some(call) = self.calls.get(id) else { return };
        let sides = [call.a_leg, call.b_leg];
        let streams = sides.map(|side| side.and_then(|side| self.legs.stream_of(side)));
        for stream in streams.into_iter().flatten() {
            self.legs.command(MediaCommand::Hush { stream });
        }
        self.seat(id);
    }

    /// Tells the media plane the members of the bridge, and plays music to the leg that is on hold.
    pub(crate) fn seat(&mut self, id: CallId) {
        let Some(call) = self.calls.get(id) else { return };
        let members = members(&self.legs, call);
        self.legs.command(MediaCommand::Bridge { bridge: BridgeId(id.0), members });
        self.play_to_the_held(id);
    }

    /// Plays music to a side that the other side holds, unless a guest talks to it meanwhile.
    fn play_to_the_held(&mut self, id: CallId) {
        let Some(call) = self.calls.get(id).filter(|call| !call.is_aside) else { return };
        let (Some(a_leg), Some(b_leg)) = (call.a_leg, call.b_leg) else { return };
        let is_entertained = has_talking_guest(&self.legs, call);
        for (holder, held) in [(a_leg, b_leg), (b_leg, a_leg)] {
            let Some(hold) = self.legs.get(holder).filter(|leg| leg.holds()).map(|leg| leg.hold) else {
                continue;
            };
            let Some(leg) = self.legs.get(held) else { continue };
            let (stream, hears_music) = (leg.stream, leg.sound.playing == Some(Audio::Music));
            match (is_entertained, hears_music) {
                (false, false) => self.legs.command(MediaCommand::Play { stream, audio: Audio::Music }),
                // Beside a parked leg there may have been no bridge, and who joins one hears nothing else any more.
                (false, true) if hold == HoldState::Parked => {
                    self.legs.command(MediaCommand::Play { stream, audio: Audio::Music });
                }
                (true, true) => self.legs.command(MediaCommand::Hush { stream }),
                (false, true) | (true, false) => {}
            }
        }
    }

    /// Releases the B leg; the A leg hears music. No event follows.
    pub fn release_b_leg(&mut self, stack: &mut Stack, id: CallId, now: Moment) {
        let Some(call) = self.calls.get_mut(id) else { return };
        if let Some(b_leg) = call.b_leg.take() {
            self.drop_leg(stack, b_leg, HangUp { status: 487, reason: None }, now);
        }
        self.on_b_leg_left(id);
    }

    /// The A leg has lost its B leg: plays music.
    pub(crate) fn on_b_leg_left(&mut self, id: CallId) {
        if let Some(call) = self.calls.get_mut(id) {
            call.is_aside = false;
        }
        self.seat(id);
        if let Some((_, leg)) = self.a_leg_entry(id) {
            let stream = leg.stream;
            self.legs.command(MediaCommand::Play { stream, audio: Audio::Music });
        }
    }
}

/// The members of a call's bridge; a single leg needs no bridge.
pub(crate) fn members(legs: &Legs, call: &Call) -> Vec<Member> {
    let voice = |session: SessionId, role: Role| Some(Member::new(legs.stream_of(session)?, role));
    let is_parked = |session: SessionId| legs.get(session).is_some_and(|leg| leg.hold == HoldState::Parked);
    let side = |session: SessionId, party: Party| {
        if is_parked(session) {
            return None;
        }
        let party = if call.agent == Some(session) { Party::Agent } else { party };
        voice(session, Role::Talk(party))
    };
    let a_leg = call.a_leg.filter(|_| !call.is_aside).and_then(|a_leg| side(a_leg, Party::Caller));
    let mut members: Vec<Member> = a_leg.into_iter().collect();
    members.extend(call.b_leg.or(call.early).and_then(|b_leg| side(b_leg, Party::Other)));
    members.extend(call.guests.iter().filter_map(|guest| voice(guest.session, guest.role.role())));
    members.extend(call.recorder.map(|stream| Member::new(stream, Role::Record)));
    let announcers = call.announcers.iter().cloned();
    members.extend(announcers.map(|(stream, said)| Member::new(stream, Role::Announce(said))));
    if members.len() > 1 { members } else { Vec::new() }
}

/// Whether a guest talks and has not put the bridge on hold.
pub(crate) fn has_talking_guest(legs: &Legs, call: &Call) -> bool {
    let mut talking = call.guests.iter().filter(|guest| guest.role == GuestRole::Talk);
    talking.any(|it| legs.get(it.session).is_some_and(|leg| !leg.holds()))
}
