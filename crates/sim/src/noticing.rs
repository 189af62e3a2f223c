//! How callers, writers and agents react to facts.

#![expect(clippy::wildcard_enum_match_arm, reason = "people notice few of all the facts")]

use core::time::Duration;

use turno_model::plan::AcwPlan;
use turno_model::{
    AgentId, AgentState, AuxReason, CallbackChange, CallerKnown, ContactId, EndedBy, Fact, Handled,
    HandlingChange, StepDid, StepTaken,
};

use crate::action::{Action, StateRequest, Temper};
use crate::passed_on::PassedOn;
use crate::scheduled_action::ScheduledAction;
use crate::sip_client::{ClientState, Intent, who_called};
use crate::world::World;

/// How long an agent stays in manual after-call work at most.
const MANUAL_ACW_MAX: u64 = 8_000_000;
/// How long after its beginning an agent asks for help in a talk, in microseconds.
const HELP_MAX: u64 = 10_000_000;
/// How long an agent takes at most to give a wrap-up code, in microseconds.
const CODE_MAX: u64 = 30_000_000;

/// How long a citizen talks whose first call nobody knows.
const CITIZEN_TALK: Duration = Duration::from_secs(20);

/// How long citizens who were dialled ahead wait for an agent if they are impatient.
const CITIZEN_PATIENCE: Duration = Duration::from_secs(4);

impl World {
    /// A caller or an agent reacts to a fact.
    pub(crate) fn notices(&mut self, fact: &Fact) {
        match fact {
            Fact::ContactArrived { contact, from, .. }
            | Fact::NumberWithheld { contact, number: from }
            | Fact::CallerKnown(contact, CallerKnown::Claims { number: from }) => {
                let Some(who) = who_called(&from.0) else { return };
                self.calling.insert(*contact, who);
                if let Some(client) = self.clients.get_mut(&who.0).filter(|it| it.attempt == who.1) {
                    client.contact.get_or_insert(*contact);
                }
            }
            Fact::Queued { contact, .. } => self.notices_queued(*contact),
            Fact::Offered { contact, agent, .. } => {
                self.may_answer_by_order(*agent, *contact);
            }
            Fact::Connected { contact, agent, .. } => {
                self.may_ask_for_help(*agent);
                self.may_consult(*agent, *contact);
                self.may_steer(*agent, *contact);
                self.notices_connected(*contact);
            }
            Fact::ContactEnded { contact, by, .. } => self.notices_end(*contact, *by),
            Fact::OwnCallSettled { call, .. } => self.passed_on_is_over(*call),
            Fact::TurnedAway { contact, .. } => {
                self.calling.remove(contact);
            }
            Fact::AgentChanged { agent, to: AgentState::Acw, .. } => {
                let is_manual = self.plan.queues.iter().any(|queue| queue.acw == AcwPlan::Manual);
                if let Some(desk) = self.home_of(*agent).filter(|_| is_manual) {
                    let after = Duration::from_micros(self.rng.below(MANUAL_ACW_MAX));
                    self.means_to(self.now + after, ScheduledAction::EndsAcw(desk));
                }
            }
            Fact::Handling(Handled { agent, change: HandlingChange::CodeOwed, .. }) => {
                let after = Duration::from_micros(self.rng.below(CODE_MAX));
                self.means_to(self.now + after, ScheduledAction::GivesCode(*agent));
            }
            Fact::AgentChanged { agent, to: AgentState::Aux(AuxReason::Planned(_)), .. } => {
                // The break gets its full length, also if it had to wait for the end of a call.
                if let (Some(span), Some(desk)) = (self.breaks.remove(agent), self.home_of(*agent)) {
                    let ready = Action::AgentAsks(desk, StateRequest::Ready);
                    self.means_to(self.now + span, ScheduledAction::Action(ready));
                }
            }
            Fact::Break(step) => self.notices_turn(*step),
            Fact::Passing(passing) => self.notices_passing(passing),
            Fact::Stepped(StepTaken { contact, did: StepDid::Sent(_), .. }) => {
                // The contact ends, and the call goes on with the outside number.
                let caller = self.calling.get(contact).map(|(caller, _)| *caller);
                if let Some(client) = caller.and_then(|caller| self.clients.get_mut(&caller)) {
                    client.contact = None;
                }
                self.means_to(self.now + CITIZEN_TALK, ScheduledAction::CitizenHangsUp);
            }
            Fact::Callback(contact, CallbackChange::Reached) => {
                let caller = self.calling.get(contact).and_then(|(caller, _)| self.clients.get(caller));
                let talk = caller.map_or(CITIZEN_TALK, |client| client.arrival.talk);
                self.means_to(self.now + talk, ScheduledAction::CitizenHangsUp);
            }
            Fact::Phone(step) => self.notices_telephone(step),
            Fact::PinEntered(entered) => self.notices_pin(entered),
            // Some do not wait for the agent.
            Fact::Callback(contact, CallbackChange::PickedUp) if contact.0.is_multiple_of(5) => {
                self.means_to(self.now + CITIZEN_PATIENCE, ScheduledAction::CitizenHangsUp);
            }
            // It was meant for a talk, which still needs its end.
            Fact::Callback(_, CallbackChange::LeftInLine | CallbackChange::LeftMessage) => {
                self.means_to(self.now + CITIZEN_TALK, ScheduledAction::CitizenHangsUp);
            }
            Fact::Survey(survey) => self.notices_survey(survey.contact, survey.change),
            Fact::Voicemail(voicemail) => self.notices_voicemail(voicemail),
            Fact::Alarm { .. } => self.alarms += 1,
            Fact::Seated { .. } => self.notices_seat(fact),
            _ => {}
        }
    }

    /// A caller who waits has so much patience.
    fn notices_queued(&mut self, contact: ContactId) {
        let Some(&(caller, attempt)) = self.calling.get(&contact) else { return };
        let Some(client) = self.clients.get_mut(&caller).filter(|it| it.attempt == attempt) else { return };
        if client.stage == ClientState::Dialled {
            client.stage = ClientState::Waits;
            if let Some(patience) = client.arrival.patience {
                let scheduled = ScheduledAction::Caller(caller, attempt, Intent::GiveUp);
                self.means_to(self.now + patience, scheduled);
            }
        }
    }

    /// A caller talks for as long as the caller means to.
    fn notices_connected(&mut self, contact: ContactId) {
        let Some(&(caller, attempt)) = self.calling.get(&contact) else { return };
        let Some(client) = self.clients.get_mut(&caller).filter(|it| it.attempt == attempt) else { return };
        client.stage = ClientState::Served;
        client.served_since = Some(self.now).filter(|_| client.contact == Some(contact));
        let talk = client.arrival.talk;
        self.means_to(self.now + talk, ScheduledAction::Caller(caller, attempt, Intent::EndTalk));
    }

    fn notices_end(&mut self, contact: ContactId, by: EndedBy) {
        let Some((caller, attempt)) = self.calling.remove(&contact) else { return };
        let client = self.clients.get_mut(&caller).filter(|it| it.attempt == attempt);
        let client = client.filter(|client| client.contact == Some(contact));
        let Some(client) = client else { return };
        if by == EndedBy::Transfer {
            self.passed_on.insert(contact, PassedOn::by((caller, attempt)));
        } else {
            client.over_since = Some(self.now);
        }
    }

    /// An agent asks for help during one talk in six.
    fn may_ask_for_help(&mut self, agent: AgentId) {
        if self.rng.below(6) != 0 {
            return;
        }
        if let Some(desk) = self.home_of(agent) {
            let after = Duration::from_micros(self.rng.below(HELP_MAX));
            let asks = Action::AgentAsks(desk, StateRequest::Help);
            self.means_to(self.now + after, ScheduledAction::Action(asks));
        }
    }

    /// A caller's call is over: a caller who was not served may dial again.
    pub(crate) fn caller_is_free(&mut self, caller: u32) {
        let now = self.now;
        let Some(client) = self.clients.get_mut(&caller) else { return };
        let is_over = client.call.is_some_and(|call| !self.persons[client.person].calls.contains(&call));
        if !is_over {
            return;
        }
        client.call = None;
        let was_served = core::mem::replace(&mut client.stage, ClientState::Gone) == ClientState::Served;
        let may_again = !was_served || client.calls_again_when_served();
        if let Some(at) = client.dials_again(now).filter(|_| may_again) {
            self.means_to(at, ScheduledAction::Redials(caller));
        }
    }

    /// An agent or a writer reacts to a fact about a note.
    pub(crate) fn notices_notes(&mut self, fact: &Fact) {
        match fact {
            Fact::ContactArrived { contact, from, .. } => {
                let Some(note) = self.notes.arrives(*contact, &from.0) else { return };
                if let Some(patience) = note.patience {
                    self.means_to(self.now + patience, ScheduledAction::Withdraws(*contact));
                }
            }
            Fact::Offered { contact, agent, .. } if self.notes.of(*contact).is_some() => {
                self.meets_note(*agent);
            }
            Fact::Connected { contact, agent, .. } => {
                if let Some(note) = self.notes.of(*contact) {
                    self.means_to(self.now + note.work, ScheduledAction::Finishes(*agent, *contact));
                }
            }
            Fact::ContactEnded { contact, .. } => self.notes.ends(*contact),
            _ => {}
        }
    }

    /// An agent reacts to an offered note as the agent's phone reacts to calls.
    fn meets_note(&mut self, agent: AgentId) {
        let Some(desk) = self.desk_of(agent) else { return };
        match self.persons[desk].temper {
            Temper::Prompt(after) | Temper::Twice(after) => {
                self.means_to(self.now + after, ScheduledAction::Takes(agent));
            }
            Temper::Refusing(_) => self.means_to(self.now, ScheduledAction::Declines(agent)),
            Temper::Slow | Temper::Silent => {}
        }
    }
}
