//! Agents who consult somebody during a talk, by command or by keys, and what comes of it.

use core::time::Duration;

use turno_model::{AgentId, AgentState, Consulted, ContactId, Passing, PassingChange};
use turno_phone::Phone;

use crate::action::{Action, StateRequest, Target, Whom};
use crate::consulting_rules::CONSULT_KEY;
use crate::scheduled_action::ScheduledAction;
use crate::world::World;

/// One talk in so many has a consultation.
const TALKS_BETWEEN: u64 = 3;

/// In one talk in so many the agent gives the caller back.
const RETURNS_BETWEEN: u64 = 13;

/// In one talk in so many the agent transfers the caller to a dependency, if the site has one.
const DEPENDENCIES_BETWEEN: u64 = 7;

/// How long it takes to press the next key.
const KEY_SPAN: Duration = Duration::from_millis(150);

/// A number that agents may dial, if the site has a trunk for it.
const OUTSIDE: &str = "0987654321";

/// What an agent does after asking for a word.
#[derive(Clone, Copy, Debug)]
enum Then {
    Asks(StateRequest, char),
    HangsUp,
    Holds,
}

impl World {
    /// An agent consults somebody during one talk in three, and then does one or two things, soon enough or too soon. The
    /// numbers of contact and agent decide, so that the draws of a seed are what they were.
    pub(crate) fn may_consult(&mut self, agent: AgentId, contact: ContactId) {
        // With the agent's: a caller who was given back meets another agent, who does something else.
        let both = contact.0 ^ u64::from(agent.0) << 48;
        let chance = both.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
        let drawn = |shift: u32, below: u64| (chance >> shift) % below;
        let Some(desk) = self.home_of(agent).filter(|_| self.agents_consult) else { return };
        if chance.is_multiple_of(RETURNS_BETWEEN) {
            let at = self.now + Duration::from_millis(drawn(8, 20_000));
            self.means_to(at, ScheduledAction::Action(Action::AgentAsks(desk, StateRequest::Return)));
        }
        if chance % DEPENDENCIES_BETWEEN == 1 && !self.plan.dependencies.is_empty() {
            let to = Target::Dependency(usize::try_from(drawn(4, 2)).unwrap_or(0));
            let at = self.now + Duration::from_millis(drawn(8, 10_000));
            return self.means_to(at, ScheduledAction::Action(Action::AgentPasses(desk, to)));
        }
        if !chance.is_multiple_of(TALKS_BETWEEN) {
            return;
        }
        let place = usize::try_from(drawn(4, 7)).unwrap_or(0);
        let whom = match drawn(18, 10) {
            0..5 => Whom::Colleague(place),
            5 => Whom::Queue(place),
            6 | 7 => Whom::Dependency(place),
            _ => Whom::Outside,
        };
        let by_keys = self.plan.room.consult_key.is_some() && drawn(6, 2) == 0;
        let mut at = self.now + Duration::from_millis(drawn(8, 8_000));
        let asks = ScheduledAction::Action(Action::AgentAsks(desk, StateRequest::Consult(whom)));
        self.means_to(at, if by_keys { ScheduledAction::ConsultsByKeys(agent, whom) } else { asks });
        for (then, span) in [(drawn(12, 9), drawn(20, 15_000)), (drawn(16, 9), drawn(24, 15_000))] {
            at = at + Duration::from_millis(span);
            self.goes_on_consulting((agent, desk), by_keys, then_does(then), at);
        }
    }

    fn goes_on_consulting(
        &mut self,
        (agent, desk): (AgentId, usize),
        by_keys: bool,
        then: Then,
        at: turno_ground::Moment,
    ) {
        match then {
            Then::Asks(_, key) if by_keys => {
                self.means_to(at, ScheduledAction::AgentPresses(agent, CONSULT_KEY));
                self.means_to(at + KEY_SPAN, ScheduledAction::AgentPresses(agent, key));
            }
            Then::Asks(request, _) => {
                self.means_to(at, ScheduledAction::Action(Action::AgentAsks(desk, request)));
            }
            Then::HangsUp => self.means_to(at, ScheduledAction::AgentLetsGo(agent)),
            Then::Holds => {
                self.means_to(at, ScheduledAction::Action(Action::AgentHolds(desk)));
                let later = at + KEY_SPAN * 20;
                self.means_to(later, ScheduledAction::Action(Action::AgentResumes(desk)));
            }
        }
    }

    /// The name, the extension or the number of whom an agent consults. By keys a queue has none.
    pub(crate) fn consulted_name(&self, agent: AgentId, whom: Whom, by_keys: bool) -> String {
        match whom {
            Whom::Colleague(place) => self.colleague(agent, place),
            Whom::Queue(place) if !by_keys => {
                let queue = self.plan.queues.get(place % self.plan.queues.len().max(1));
                queue.map(|queue| queue.name.clone()).unwrap_or_default()
            }
            Whom::Queue(place) => self.colleague(agent, place),
            Whom::Dependency(place) => {
                let dependency = self.plan.dependencies.get(place % self.plan.dependencies.len().max(1));
                let name =
                    dependency.map(|it| if place % 2 == 0 || by_keys { &it.extension } else { &it.name });
                name.cloned().unwrap_or_else(|| OUTSIDE.to_owned())
            }
            Whom::Outside => OUTSIDE.to_owned(),
        }
    }

    /// The extension of a colleague: of one who is free, if there is one, and of a busy one now and then.
    fn colleague(&self, agent: AgentId, place: usize) -> String {
        let many = self.staff.len().max(1);
        let mut others = (place..place + many).filter_map(|place| self.who_sits_at(place % many));
        let is_free = |other: &AgentId| {
            let state = self.invariants.state(*other);
            *other != agent && !state.has_contact() && state != AgentState::OtherCall
        };
        let first = AgentId(u32::try_from(place).unwrap_or(0));
        let one = others.find(|other| place == 6 || is_free(other)).unwrap_or(first);
        self.plan.agents.get(one.index()).map(|one| one.extension.clone()).unwrap_or_default()
    }

    /// An agent keys in whom to consult.
    pub(crate) fn consults_by_keys(&mut self, agent: AgentId, whom: Whom) {
        self.met.notes("asked by keys for a word");
        let keys = format!("{CONSULT_KEY}{}{CONSULT_KEY}", self.consulted_name(agent, whom, true));
        let mut at = self.now;
        for key in keys.chars() {
            self.means_to(at, ScheduledAction::AgentPresses(agent, key));
            at = at + KEY_SPAN;
        }
    }

    /// An agent presses a key of the phone, or of the ordinary telephone.
    pub(crate) fn agent_presses(&mut self, agent: AgentId, key: char) {
        self.invariants.asks(agent, self.clocks.told(self.now));
        if key == '3' {
            self.invariants.left_messages.ends_by_key(agent);
        }
        let telephones = &self.invariants.telephones;
        if telephones.talks_by(agent) || telephones.has_line(agent) {
            self.citizen_presses(key);
        } else if let Some(desk) = self.desk_of(agent) {
            self.presses(desk, key);
        }
    }

    /// An agent hangs up the last call.
    pub(crate) fn agent_lets_go(&mut self, agent: AgentId) {
        let Some(desk) = self.desk_of(agent) else { return };
        if let Some(&call) = self.persons[desk].calls.last() {
            self.act(desk, |phone: &mut Phone, now| phone.hang_up(call, now));
        }
    }

    /// Who is consulted, or has got a caller, hangs up first now and then.
    pub(crate) fn notices_passing(&mut self, passing: &Passing) {
        let luck = passing.contact.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 30;
        let after = Duration::from_millis(luck % 12_000);
        match &passing.change {
            PassingChange::ConsultBegan(Consulted::Agent(colleague)) if luck.is_multiple_of(3) => {
                self.means_to(self.now + after, ScheduledAction::AgentLetsGo(*colleague));
            }
            PassingChange::ConsultBegan(Consulted::Outside | Consulted::Dependency(_))
                if luck.is_multiple_of(3) =>
            {
                self.means_to(self.now + after, ScheduledAction::CitizenHangsUp);
            }
            PassingChange::DependencyReached { .. } | PassingChange::ConsultEnded(..) => {
                self.means_to(self.now + after * 2, ScheduledAction::CitizenHangsUp);
            }
            PassingChange::Returned
            | PassingChange::DependencyRung { .. }
            | PassingChange::DependencyNotReached { .. }
            | PassingChange::Consults(_)
            | PassingChange::ConsultBegan(_)
            | PassingChange::Conferenced(_) => {}
        }
    }
}

const fn then_does(luck: u64) -> Then {
    match luck {
        0 | 1 => Then::Asks(StateRequest::Conference, '1'),
        2 | 3 => Then::Asks(StateRequest::Complete, '2'),
        4 | 5 => Then::Asks(StateRequest::Back, '3'),
        6 | 7 => Then::HangsUp,
        _ => Then::Holds,
    }
}
