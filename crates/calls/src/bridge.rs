//! Two legs joined: when the far leg answers, and when one of them leaves.

use turno_ground::Moment;
use turno_media_plan::{Audio, MediaCommand};
use turno_sip::{HangUp, SessionId, Stack};

use crate::call::{CallId, Ringing};
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

    /// Joins the media of both legs; whoever is held hears music.
    pub(crate) fn join(&mut self, id: CallId) {
        let Some(call) = self.calls.get(&id) else { return };
        let (near, Some(far)) = (call.near, call.far) else { return };
        let (Some(one), Some(other)) = (self.legs.get(&near), self.legs.get(&far)) else { return };
        let (one_stream, other_stream) = (one.stream, other.stream);
        let (one_holds, other_holds) = (one.hold, other.hold);
        self.command(MediaCommand::Hush { stream: one_stream });
        self.command(MediaCommand::Hush { stream: other_stream });
        self.command(MediaCommand::Join { one: one_stream, other: other_stream });
        if one_holds == HoldState::Holding {
            self.command(MediaCommand::Play { stream: other_stream, audio: Audio::Music });
        }
        if other_holds == HoldState::Holding {
            self.command(MediaCommand::Play { stream: one_stream, audio: Audio::Music });
        }
    }

    /// Lets the far leg go; the near leg hears music. No event follows.
    pub fn release_far(&mut self, stack: &mut Stack, id: CallId, now: Moment) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        if let Some(far) = call.far.take() {
            self.drop_leg(stack, far, HangUp { status: 487, reason: None }, now);
        }
        self.part_near(id);
    }

    /// The near leg is alone: the relay ends and music begins.
    pub(crate) fn part_near(&mut self, id: CallId) {
        if let Some((_, leg)) = self.near_leg(id) {
            let stream = leg.stream;
            self.command(MediaCommand::Part { stream });
            self.command(MediaCommand::Play { stream, audio: Audio::Music });
        }
    }
}

/// RFC 3326 and RFC 3261 9: so that a phone does not show a missed call.
const ELSEWHERE: &str = "SIP;cause=200;text=\"Call completed elsewhere\"";
