//! A phone outside that was picked up rings on until a person has pressed a key: an answering machine presses none.

use turno_media_plan::{Audio, MediaCommand, Tone};
use turno_sip::SessionId;

use crate::event::CallEvent;
use crate::leg::LegState;
use crate::switchboard::Switchboard;

impl Switchboard {
    /// The phone was picked up: the person is asked. The leg is still one that rings, so all that ends the ringing ends it.
    pub(crate) fn picked_up(&mut self, session: SessionId) {
        let Some(leg) = self.legs.get_mut(session) else { return };
        leg.state = LegState::Confirms;
        let (id, whom) = (leg.call, leg.confirmation.as_ref().map_or(0, |asked| asked.whom));
        let early = self.calls.get_mut(id).filter(|call| call.early == Some(session));
        if let Some(call) = early {
            // Nobody hears what an answering machine says.
            call.early = None;
            self.seat(id);
        }
        self.ask_again(session);
        self.tell(CallEvent::PickedUp { call: id, whom });
    }

    /// Whether a leg was picked up, and its person has not pressed the key yet.
    pub(crate) fn is_confirming(&self, session: SessionId) -> bool {
        self.legs.get(session).is_some_and(|leg| leg.state == LegState::Confirms)
    }

    /// The person has heard what to do, and hears it again.
    pub(crate) fn ask_again(&mut self, session: SessionId) {
        let Some(leg) = self.legs.get(session) else { return };
        let prompts = leg.confirmation.as_ref().map(|asked| asked.prompts.clone()).unwrap_or_default();
        let audio = if prompts.is_empty() { Audio::Tone(Tone::Confirm) } else { Audio::Prompts(prompts) };
        let stream = leg.stream;
        self.legs.command(MediaCommand::Play { stream, audio });
    }
}
