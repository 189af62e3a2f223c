//! The agents' line: an agent calls a number of the site, keys in a PIN, and then dials feature codes by keys.

use core::time::Duration;

use turno_calls::CallId;
use turno_ground::Moment;
use turno_media_plan::{Audio, Tone};
use turno_model::command::feature_code::FeatureCode;
use turno_model::{AgentId, EndedBy, PhoneChange, PinOutcome, Refusal};

use crate::call_purpose::Purpose;
use crate::caller::Caller;
use crate::calls::CallDeadline;
use crate::desk_stage::{DeskEvent, DeskMove, DeskStage};
use crate::desks::{Desk, PinPlace};
use crate::dial_rules::site_form;
use crate::engine::Engine;
use crate::prompts::prompt_id;
use crate::sitting_down::{THINK_SPAN, WRONG_MAX};

/// Silence that ends a code, as `#` does.
const CODE_SPAN: Duration = Duration::from_secs(3);

/// How long an agent may dial no code before the call ends.
const IDLE_SPAN: Duration = Duration::from_secs(60);

/// Most keys of a code.
const KEYS_MAX: usize = 20;

impl Engine {
    /// Somebody called the agents' line.
    pub(crate) fn on_agents_line(&mut self, call: CallId, caller: Caller, now: Moment) {
        self.calls.is_by(call, caller.shown);
        self.calls.is_for(call, Purpose::AgentsLine(None));
        if let Err(why) = self.switchboard.answer(&mut self.stack, call, now) {
            self.forget_call(call, now);
            self.refuse_talk(call, why, now);
            return;
        }
        let stage = self.first_question(call);
        self.ask_for_pin(call, Desk::new(stage, now), false, now);
    }

    /// A key was pressed.
    pub(crate) fn agents_line_keyed(&mut self, call: CallId, digit: char, now: Moment) {
        self.agents_line_goes_on(call, DeskEvent::Key(digit), now);
    }

    /// No key was pressed in time.
    pub(crate) fn agents_line_silence(&mut self, call: CallId, now: Moment) {
        self.agents_line_goes_on(call, DeskEvent::Silence, now);
    }

    fn agents_line_goes_on(&mut self, call: CallId, event: DeskEvent, now: Moment) {
        match self.calls.purpose(call) {
            Some(Purpose::AgentsLine(None)) => self.pin_goes_on(call, event, now),
            Some(&Purpose::AgentsLine(Some(agent)) | &Purpose::Line(agent)) => {
                self.code_goes_on((call, agent), event, now);
            }
            Some(
                Purpose::Arriving
                | Purpose::Contact(_)
                | Purpose::Announcement
                | Purpose::Own { .. }
                | Purpose::Survey(_)
                | Purpose::CallingBack(_)
                | Purpose::Observing(_)
                | Purpose::Speaking(_)
                | Purpose::SittingDown(_)
                | Purpose::Hearing(_)
                | Purpose::Consulting(_),
            )
            | None => {}
        }
    }

    fn pin_goes_on(&mut self, call: CallId, event: DeskEvent, now: Moment) {
        let first = self.first_question(call);
        let desk = self.desks.take(call).unwrap_or_else(|| Desk::new(first, now));
        if desk.is_late(now) {
            return self.agents_line_over(call, now);
        }
        match desk.stage.after(event) {
            DeskMove::Types(stage) => {
                self.switchboard.stop_playback(call);
                self.desks.put(call, Desk { stage, ..desk });
                self.calls.set(call, CallDeadline::DeskSilence, now + THINK_SPAN);
            }
            DeskMove::Again(stage) | DeskMove::AskPin(stage) => {
                self.ask_for_pin(call, Desk { stage, ..desk }, false, now);
            }
            DeskMove::Try { extension, pin } => {
                let number = self.calls.get(call).and_then(|record| record.caller.clone());
                let place = PinPlace::Telephone(number.unwrap_or_default());
                let checked = self.check_pin(place, (&extension, &pin), now);
                let (agent, outcome) = match checked {
                    Ok(agent) => (Some(agent), PinOutcome::SignedIn),
                    Err(known) => known,
                };
                self.phone_step(agent, None, PhoneChange::AgentsLine(outcome), now);
                let first = self.first_question(call);
                let desk = Desk { stage: first, wrong: desk.wrong + 1, ..desk };
                self.pin_answered(call, (checked.ok(), outcome), desk, now);
            }
            DeskMove::Over => self.agents_line_over(call, now),
        }
    }

    fn pin_answered(
        &mut self,
        call: CallId,
        (agent, outcome): (Option<AgentId>, PinOutcome),
        desk: Desk,
        now: Moment,
    ) {
        if let Some(agent) = agent {
            // Nothing is offered while the agent dials codes: the telephone is busy.
            self.occupy(agent, now);
            self.calls.is_for(call, Purpose::AgentsLine(Some(agent)));
            self.agents_line_waits(call, Audio::Tone(Tone::Confirm), now);
        } else if outcome == PinOutcome::Wrong && desk.wrong < WRONG_MAX {
            self.ask_for_pin(call, desk, true, now);
        } else {
            self.agents_line_over(call, now);
        }
    }

    fn code_goes_on(&mut self, (call, agent): (CallId, AgentId), event: DeskEvent, now: Moment) {
        let mut keys = self.calls.keys_of(call).map(str::to_owned).unwrap_or_default();
        match event {
            DeskEvent::Silence if keys.is_empty() && self.is_held_line(call) => {}
            DeskEvent::Silence if keys.is_empty() => self.agents_line_over(call, now),
            DeskEvent::Key('#') if !keys.is_empty() => self.code_dialled((call, agent), &keys, now),
            DeskEvent::Silence => self.code_dialled((call, agent), &keys, now),
            DeskEvent::Key(digit) => {
                if keys.len() < KEYS_MAX {
                    keys.push(digit);
                }
                self.switchboard.stop_playback(call);
                self.calls.has_keyed(call, Some(keys));
                self.calls.set(call, CallDeadline::DeskSilence, now + CODE_SPAN);
            }
        }
    }

    /// A code is complete. The agent hears what came of it, and may dial the next one.
    fn code_dialled(&mut self, (call, agent): (CallId, AgentId), keys: &str, now: Moment) {
        self.calls.has_keyed(call, None);
        let Some((code, behind)) = FeatureCode::dialled(&self.plan.feature_codes, keys) else {
            let refused = FeatureCode::refused(&self.plan.feature_codes, &Refusal::NotForAsker);
            let prompts: Vec<_> = refused.into_iter().map(prompt_id).collect();
            let audio = if prompts.is_empty() { Audio::Tone(Tone::Refuse) } else { Audio::Prompts(prompts) };
            self.agents_line_waits(call, audio, now);
            return;
        };
        let is_occupied = !self.is_held_line(call);
        if code.stays() && is_occupied {
            // An observer is occupied by the talk that is observed, and this call joins it. The room does not notice, so that
            // nothing is offered in between.
            self.agent_calls.end(agent);
        }
        let audio = self.feature_code((call, agent), (code, behind, keys), now);
        let is_here = matches!(self.calls.purpose(call), Some(Purpose::AgentsLine(_) | Purpose::Line(_)));
        if code.stays() && is_here && is_occupied {
            self.agent_calls.begin(agent);
        }
        if let Some(audio) = audio.filter(|_| is_here) {
            self.agents_line_waits(call, audio, now);
        }
    }

    fn agents_line_waits(&mut self, call: CallId, audio: Audio, now: Moment) {
        if self.is_held_line(call) {
            self.calls.cancel(call, CallDeadline::DeskSilence);
        } else {
            self.calls.set(call, CallDeadline::DeskSilence, now + IDLE_SPAN);
        }
        self.switchboard.play(call, audio);
    }

    fn is_held_line(&self, call: CallId) -> bool {
        matches!(self.calls.purpose(call), Some(Purpose::Line(_)))
    }

    /// The PIN was wrong too often, or nothing was keyed in.
    fn agents_line_over(&mut self, call: CallId, now: Moment) {
        self.desks.forget(call);
        self.calls.cancel(call, CallDeadline::DeskSilence);
        if let Some(&Purpose::AgentsLine(Some(_))) = self.calls.purpose(call) {
            // The agent has had time to hang up; then the held line may be dialled.
            self.close_books(call, EndedBy::System, now);
            self.end_call(call, now);
            return;
        }
        self.announce_and_end(call, Audio::Tone(Tone::Refuse), now);
    }

    /// The extension is asked for, or, if an agent's telephone calls, the PIN alone.
    fn first_question(&self, call: CallId) -> DeskStage {
        let number = self.calls.get(call).and_then(|record| record.caller.as_deref()).unwrap_or_default();
        let number = site_form(&self.plan, number);
        let mut agents = self.plan.agents.iter().filter(|agent| !agent.is_retired);
        let is_theirs = |known: &str| !number.is_empty() && site_form(&self.plan, known) == number;
        let agent = agents.find(|agent| agent.outside.as_ref().is_some_and(|it| is_theirs(&it.number.0)));
        agent.map_or(DeskStage::begin(), |agent| DeskStage::Pin {
            extension: agent.extension.clone(),
            digits: String::new(),
        })
    }
}
