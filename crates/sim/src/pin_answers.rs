//! Checks what comes of PINs against what was keyed in.

use core::time::Duration;

use turno_model::{AgentId, PhoneChange, PhoneStep, PinEntered, PinOutcome};

use crate::action::{Action, StateRequest};
use crate::pins::PinsOf;
use crate::scheduled_action::ScheduledAction;
use crate::world::World;

impl World {
    /// Wounds: who knows an extension sits down as that agent; PINs are tried without end; an agent with the right PIN is
    /// refused.
    pub(crate) fn notices_pin(&mut self, entered: &PinEntered) {
        let Some(place) = self.staff.desk_at(&self.plan, entered.seat) else { return };
        self.keying.pins.judge(
            PinsOf::Seat(entered.seat),
            entered.agent,
            entered.outcome,
            self.clocks.told(self.now),
        );
        self.pin_is_answered(place, entered.agent, entered.outcome);
        let luck = self.now.as_micros();
        if let Some(home) = entered.agent.and_then(|agent| self.home_of(agent))
            && entered.outcome == PinOutcome::SatDown
            && luck.is_multiple_of(2)
        {
            // At the end of work the desk is free for the next one.
            let after = Duration::from_millis(5_000 + luck % 30_000);
            let asks = Action::AgentAsks(home, StateRequest::LogOut);
            self.means_to(self.now + after, ScheduledAction::Action(asks));
        }
    }

    /// The same on the agents' line.
    pub(crate) fn notices_line(&mut self, step: &PhoneStep) {
        let (PhoneChange::AgentsLine(outcome), Some(place)) = (step.change, self.citizen) else { return };
        let Some(attempt) = self.keying.attempts.get(&place) else { return };
        let number = PinsOf::Telephone(attempt.number.clone());
        self.keying.pins.judge(number, step.agent, outcome, self.clocks.told(self.now));
        self.pin_is_answered(place, step.agent, outcome);
        if let Some(home) = step.agent.and_then(|agent| self.home_of(agent))
            && outcome == PinOutcome::SignedIn
        {
            // The code to log out may follow.
            self.staff.asks_out(home);
        }
    }

    /// Compares what came of a PIN with what was keyed in.
    fn pin_is_answered(&mut self, place: usize, agent: Option<AgentId>, outcome: PinOutcome) {
        let Some(attempt) = self.keying.attempts.get_mut(&place) else { return };
        let plan = &self.plan;
        let is_right = |(extension, pin): &(String, String)| {
            let known =
                plan.agent_by_extension(extension).filter(|id| agent.is_none_or(|agent| *id == agent));
            let known = known.and_then(|id| plan.agents.get(id.index())).filter(|agent| !agent.is_retired);
            known.and_then(|agent| agent.pin.as_ref()).is_some_and(|known| known.reveal() == pin)
        };
        let is_let_in =
            matches!(outcome, PinOutcome::SatDown | PinOutcome::NotPossible | PinOutcome::SignedIn);
        if attempt.is_whole {
            let next = attempt.pairs.pop_front();
            let was_right = next.as_ref().is_some_and(is_right);
            let is_unseen = outcome == PinOutcome::Locked;
            assert!(is_unseen || was_right == is_let_in, "{next:?} was keyed in: {outcome:?} for {agent:?}");
        } else {
            let may_be = attempt.pairs.iter().any(is_right);
            assert!(may_be || !is_let_in, "nobody keyed in the PIN of {agent:?}: {outcome:?}");
        }
    }
}
