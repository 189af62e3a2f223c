//! What comes of a picked up phone outside: the person presses a key, hangs up, or the next address is rung.

use turno_ground::Moment;
use turno_media_plan::MediaCommand;
use turno_sip::{HangUp, SessionId, Stack};

use crate::call::CallId;
use crate::event::{CallEvent, Gone};
use crate::leg::LegState;
use crate::switchboard::Switchboard;

/// The key by which a person takes the call.
const TAKES: char = '1';

/// The key by which a person declines it.
const DECLINES: char = '2';

/// Status of a leg whose person has declined, as [`crate::Refusal`] reads it.
const DECLINED: u16 = 603;

impl Switchboard {
    /// The person pressed a key.
    pub(crate) fn confirming_keyed(
        &mut self,
        stack: &mut Stack,
        session: SessionId,
        digit: char,
        now: Moment,
    ) {
        let Some(leg) = self.legs.get_mut(session) else { return };
        let (id, stream) = (leg.call, leg.stream);
        if digit == TAKES {
            leg.state = LegState::Talking;
            let whom = leg.confirmation.take().map_or(0, |asked| asked.whom);
            self.legs.command(MediaCommand::Hush { stream });
            self.tell(CallEvent::Confirmed { call: id, whom });
            self.ringing_leg_answered(stack, id, session, now);
        } else if digit == DECLINES {
            self.drop_leg(stack, session, HangUp { status: 480, reason: None }, now);
            self.target_failed(stack, id, session, DECLINED, now);
        }
    }

    /// The phone was hung up, or was lost, before the key.
    pub(crate) fn confirming_gone(&mut self, stack: &mut Stack, session: SessionId, gone: Gone, now: Moment) {
        let Some(id) = self.legs.get(session).map(|leg| leg.call) else { return };
        self.forget_leg(session);
        let status = match gone {
            Gone::HungUp => DECLINED,
            Gone::Lost | Gone::NoVoice => 408,
        };
        self.target_failed(stack, id, session, status, now);
    }

    /// A target that could not be reached has others behind it: rings the next one. False if there is none, or if somebody
    /// answered there and said no.
    pub(crate) fn ring_elsewhere(
        &mut self,
        stack: &mut Stack,
        id: CallId,
        session: SessionId,
        status: u16,
        now: Moment,
    ) -> bool {
        if !matches!(status, 408 | 503) {
            return false;
        }
        let mut others = self.legs.take_others(session);
        if others.is_empty() {
            return false;
        }
        let mut next = others.remove(0);
        next.others = others;
        self.forget_leg(session);
        if let Some(call) = self.calls.get_mut(id) {
            call.ringing.retain(|&mut ringing| ringing != session);
        }
        let Ok(again) = self.ring_one(stack, id, next, now) else {
            self.target_failed(stack, id, session, status, now);
            return true;
        };
        self.tell(CallEvent::RungAgain { call: id, session: again });
        true
    }
}
