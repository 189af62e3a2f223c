//! Agents who consult somebody during a talk, by command or by keys, and what comes of it.

use core::time::Duration;

use turno_model::{AgentId, Consulted, ContactId, Passing, PassingChange};

use crate::action::{Action, StateRequest, Target};
use crate::agent_deed::Whom;
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
pub(crate) const KEY_SPAN: Duration = Duration::from_millis(150);

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
