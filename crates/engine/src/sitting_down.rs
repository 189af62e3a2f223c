//! A person sits down at a phone by keying in extension and PIN.

use core::time::Duration;

use turno_calls::CallId;
use turno_ground::Moment;
use turno_media_plan::{Audio, Tone};
use turno_model::command::feature_code::FeatureCode;
use turno_model::{
    AgentId, AgentState, Asker, Command, Fact, PinEntered, PinOutcome, PromptName, Refusal, SeatId,
};

use crate::call_purpose::Purpose;
use crate::calls::CallDeadline;
use crate::desk_stage::{DeskEvent, DeskMove, DeskStage};
use crate::desks::{Desk, PinPlace};
use crate::directory::Extension;
use crate::engine::Engine;
use crate::prompts::prompt_id;

/// How long a person may think before the next key.
pub(crate) const THINK_SPAN: Duration = Duration::from_secs(10);

/// Wrong extensions or PINs in one call.
pub(crate) const WRONG_MAX: u8 = 3;

impl Engine {
    /// Somebody at the phone of this seat dialled the code for sitting down.
    pub(crate) fn on_sitting_dialled(&mut self, call: CallId, seat: SeatId, now: Moment) {
        self.calls.is_for(call, Purpose::SittingDown(seat));
        if let Err(why) = self.switchboard.answer(&mut self.stack, call, now) {
            self.forget_call(call, now);
            self.refuse_talk(call, why, now);
            return;
        }
        self.ask_at_desk(call, Desk::new(DeskStage::begin(), now), now);
    }

    /// The person pressed a key.
    pub(crate) fn desk_keyed(&mut self, call: CallId, digit: char, now: Moment) {
        self.desk_goes_on(call, DeskEvent::Key(digit), now);
    }

    /// The person pressed no key in time.
    pub(crate) fn desk_silence(&mut self, call: CallId, now: Moment) {
        self.desk_goes_on(call, DeskEvent::Silence, now);
    }

    /// The question has been played.
    pub(crate) fn desk_played_out(&mut self, call: CallId, now: Moment) {
        self.calls.set(call, CallDeadline::DeskSilence, now + THINK_SPAN);
    }

    fn desk_goes_on(&mut self, call: CallId, event: DeskEvent, now: Moment) {
        let Some(&Purpose::SittingDown(seat)) = self.calls.purpose(call) else { return };
        let desk = self.desks.take(call).unwrap_or_else(|| Desk::new(DeskStage::begin(), now));
        if desk.is_late(now) {
            return self.desk_over(call, None, Tone::Refuse, now);
        }
        match desk.stage.after(event) {
            DeskMove::Types(stage) => {
                self.switchboard.stop_playback(call);
                self.desks.put(call, Desk { stage, ..desk });
                self.calls.set(call, CallDeadline::DeskSilence, now + THINK_SPAN);
            }
            DeskMove::Again(stage) | DeskMove::AskPin(stage) => {
                self.ask_at_desk(call, Desk { stage, ..desk }, now);
            }
            DeskMove::Try { extension, pin } => {
                let (agent, outcome) = self.try_pin(seat, &extension, &pin, now);
                self.outbox.record(Fact::PinEntered(PinEntered { seat, agent, outcome }), now);
                let desk = Desk { stage: DeskStage::begin(), wrong: desk.wrong + 1, ..desk };
                self.desk_answers(call, outcome, desk, now);
            }
            DeskMove::Over => self.desk_over(call, None, Tone::Refuse, now),
        }
    }

    fn ask_at_desk(&mut self, call: CallId, desk: Desk, now: Moment) {
        let is_first = matches!(desk.stage, DeskStage::Extension(_));
        self.ask_for_pin(call, desk, is_first, now);
    }

    /// Asks for the extension or the PIN. `is_again`: after a wrong one, if there was one.
    pub(crate) fn ask_for_pin(&mut self, call: CallId, desk: Desk, is_again: bool, now: Moment) {
        let codes = &self.plan.feature_codes;
        let question = match &desk.stage {
            DeskStage::Extension(_) => FeatureCode::asks_extension(codes),
            DeskStage::Pin { .. } => FeatureCode::asks_pin(codes),
        };
        let wrong = FeatureCode::refused(codes, &Refusal::NoSuchAgent);
        let is_again = is_again && desk.wrong > 0;
        let before = wrong.filter(|_| is_again);
        let audio = match (before, question) {
            (None, None) => Audio::Tone(if is_again { Tone::Refuse } else { Tone::Confirm }),
            (before, question) => Audio::Prompts(before.into_iter().chain(question).map(prompt_id).collect()),
        };
        self.desks.put(call, desk);
        // If the media plane does not report the end of the question.
        self.calls.set(call, CallDeadline::DeskSilence, now + THINK_SPAN * 3);
        self.switchboard.play(call, audio);
    }

    /// Seats the agent with this extension here, if this is their PIN.
    fn try_pin(
        &mut self,
        seat: SeatId,
        extension: &str,
        pin: &str,
        now: Moment,
    ) -> (Option<AgentId>, PinOutcome) {
        match self.check_pin(PinPlace::Seat(seat), (extension, pin), now) {
            Ok(agent) if self.take_seat(agent, seat, now) => (Some(agent), PinOutcome::SatDown),
            Ok(agent) => (Some(agent), PinOutcome::NotPossible),
            Err((agent, outcome)) => (agent, outcome),
        }
    }

    /// The agent with this extension, if this is their PIN; else the agent who is meant, and why not.
    pub(crate) fn check_pin(
        &mut self,
        place: PinPlace,
        (extension, pin): (&str, &str),
        now: Moment,
    ) -> Result<AgentId, (Option<AgentId>, PinOutcome)> {
        let agent = match self.directory.extension(extension) {
            Some(Extension::Agent(agent)) => Some(agent),
            Some(Extension::Seat(_)) | None => None,
        };
        let known = agent.and_then(|agent| Some((agent, self.plan.agents[agent.index()].pin.as_ref()?)));
        let agent = known.map(|(agent, _)| agent);
        if self.desks.is_locked(&place, agent, now) {
            return Err((agent, PinOutcome::Locked));
        }
        let Some((agent, _)) = known.filter(|(_, known)| is_same(known.reveal(), pin)) else {
            self.desks.was_wrong(place, agent, now);
            return Err((agent, PinOutcome::Wrong));
        };
        self.desks.was_right(&place, agent);
        Ok(agent)
    }

    /// Seats the agent and logs them in. Somebody who sits there and has logged out makes room.
    fn take_seat(&mut self, agent: AgentId, seat: SeatId, now: Moment) -> bool {
        if self.seating.seat_of(agent) != Some(seat) {
            if self.is_occupied(agent) {
                return false;
            }
            if let Some(before) = self.seating.who_sits_at(seat) {
                if self.room.state(before) != AgentState::LoggedOut || self.is_occupied(before) {
                    return false;
                }
                let own = self.plan.agents[before.index()].own_seat;
                let moved = self.seating.makes_room(before, own);
                self.have_moved(&[moved], now);
            }
            if self.on_sit(agent, seat, now).is_err() {
                return false;
            }
        }
        // Who is logged in already goes on in the state from before.
        let _ = self.obey(Asker::Phone(agent), Command::LogIn(agent), now);
        true
    }

    fn desk_answers(&mut self, call: CallId, outcome: PinOutcome, desk: Desk, now: Moment) {
        let codes = &self.plan.feature_codes;
        match outcome {
            PinOutcome::SatDown | PinOutcome::SignedIn => {
                self.desk_over(call, FeatureCode::LogIn.confirmation(codes), Tone::Confirm, now);
            }
            PinOutcome::Wrong if desk.wrong < WRONG_MAX => {
                self.ask_at_desk(call, desk, now);
            }
            PinOutcome::Wrong => {
                self.desk_over(call, FeatureCode::refused(codes, &Refusal::NoSuchAgent), Tone::Refuse, now);
            }
            PinOutcome::Locked | PinOutcome::NotPossible => {
                self.desk_over(call, FeatureCode::refused(codes, &Refusal::AgentBusy), Tone::Refuse, now);
            }
        }
    }

    fn desk_over(&mut self, call: CallId, prompt: Option<PromptName>, tone: Tone, now: Moment) {
        self.desks.forget(call);
        self.calls.cancel(call, CallDeadline::DeskSilence);
        let audio = prompt.map_or(Audio::Tone(tone), |prompt| Audio::Prompts(vec![prompt_id(prompt)]));
        self.announce_and_end(call, audio, now);
    }
}

/// Compares in a time that depends on the lengths alone.
fn is_same(known: &str, keyed: &str) -> bool {
    let (known, keyed) = (known.as_bytes(), keyed.as_bytes());
    let differing = known.iter().zip(keyed).fold(0, |differing, (one, other)| differing | (one ^ other));
    known.len() == keyed.len() && differing == 0
}
