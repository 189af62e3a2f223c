//! Checks the steps of queues: the condition held, the step did what the plan says, and none is late.

use turno_ground::Moment;
use turno_model::plan::{StepAction, StepPlan, StepWhen};
use turno_model::{AgentId, AgentState, AuxReason, Channel, ContactId, QueueId, StepDid, StepTaken, StepWhy};

use super::Oracle;
use super::caller::{At, Caller};

impl Oracle {
    /// Reads a step that was taken.
    ///
    /// # Panics
    /// With a sentence if it was wrong.
    pub(super) fn on_stepped(&mut self, taken: &StepTaken, now: Moment) {
        self.stepped += 1;
        let (id, queue) = (taken.contact, taken.queue);
        let at = usize::try_from(taken.number).expect("a small number") - 1;
        let caller = &self.callers[&id];
        assert_eq!(caller.queue, queue, "{id:?} takes a step of its own queue");
        match &taken.did {
            StepDid::Sent(number) | StepDid::NotSent(number) => {
                // The plan may have other steps since then.
                assert_eq!(caller.at, At::Sent, "{id:?} was sent outside");
                assert_eq!(caller.sent_to, number.as_str(), "{id:?} was sent elsewhere");
                if let StepDid::NotSent(_) = taken.did {
                    let caller = self.callers.get_mut(&id).expect("it is there");
                    (caller.at, caller.in_line_since) = (At::Line, now);
                }
            }
            StepDid::LevelMax(_)
            | StepDid::Also(_)
            | StepDid::Raised(_)
            | StepDid::Moved(_)
            | StepDid::Sending(_)
            | StepDid::Ended(_)
            | StepDid::TargetClosed(_)
            | StepDid::Voicemail
            | StepDid::OfferedCallback
            | StepDid::Interrupted(_) => {
                let step = self.plan.queues[queue.index()].steps[at].clone();
                assert_eq!(caller.at, At::Line, "{id:?} takes a step while it waits in line");
                assert!(!caller.steps.contains(&at), "{id:?} takes step {} once", taken.number);
                self.judge_reason(&step, taken, at, now);
                self.judge_effect(&step, taken);
                self.callers.get_mut(&id).expect("it is there").steps.insert(at);
            }
        }
    }

    fn judge_reason(&self, step: &StepPlan, taken: &StepTaken, at: usize, now: Moment) {
        let (id, queue, caller) = (taken.contact, taken.queue, &self.callers[&taken.contact]);
        match (step.when, taken.why) {
            (StepWhen::Waited(planned), StepWhy::Waited { after, waited }) => {
                assert_eq!((after, waited), (planned, now.since(caller.entered)));
                assert!(waited >= after, "{id:?} takes step {at} too early");
                let due = (caller.entered + after).max(caller.in_line_since);
                assert!(now <= due + self.delay_max, "{id:?} takes step {at} {:?} late", now.since(due));
            }
            (StepWhen::ToldOver(planned), StepWhy::Told { over, within }) => {
                assert_eq!(over, planned);
                assert!(within.is_none_or(|within| within > over), "{id:?} waits {within:?} at most");
            }
            (StepWhen::LongerThan(planned), StepWhy::Longer { than, length }) => {
                assert_eq!(than, planned);
                let in_line =
                    self.callers.values().filter(|other| other.queue == queue && other.at == At::Line);
                assert_eq!(in_line.count(), length as usize, "the length of {queue:?}");
                assert!(length > than, "{queue:?} is not longer than {than}");
            }
            (StepWhen::Nobody, StepWhy::Nobody) => {
                let works =
                    |agent: &AgentId| self.state(*agent).is_staffed() && self.level(*agent, queue).is_some();
                assert_eq!(self.agents().find(works), None, "somebody works for {queue:?}");
            }
            (StepWhen::Closed, StepWhy::Closed) => {
                assert!(self.closed.contains(&queue), "{queue:?} is open");
            }
            (when, why) => panic!("{id:?} takes step {at} for {why:?}, and the plan says {when:?}"),
        }
    }

    fn judge_effect(&mut self, step: &StepPlan, taken: &StepTaken) {
        let id = taken.contact;
        let caller = self.callers.get_mut(&id).expect("the contact is in the room");
        match (&step.action, &taken.did) {
            (StepAction::LevelMax(planned), StepDid::LevelMax(level)) => {
                assert_eq!(level, planned);
                assert!(is_wider(caller.level_max, *level), "{id:?} may go to more agents than before");
                caller.level_max = *level;
            }
            (StepAction::Also(planned), StepDid::Also(queue)) => {
                assert_eq!(queue, planned);
                assert!(!caller.also.contains(queue), "{queue:?} is new for {id:?}");
                caller.also.push(*queue);
            }
            (StepAction::Raise(by), StepDid::Raised(to)) => {
                assert_eq!(*to, caller.priority.saturating_add(*by), "{id:?} rises by {by}");
            }
            (StepAction::MoveTo(planned), StepDid::Moved(queue)) => {
                assert_eq!(queue, planned);
                caller.leads_to = Some(*queue);
                assert!(self.takes_in(*queue), "{queue:?} is closed");
            }
            (StepAction::MoveTo(planned), StepDid::TargetClosed(queue)) => {
                assert_eq!(queue, planned);
                assert!(!self.takes_in(*queue), "{queue:?} is not closed");
            }
            (StepAction::SendTo(planned), StepDid::Sending(number)) => {
                assert_eq!(number.as_str(), planned);
                (caller.at, caller.sent_to) = (At::Sent, planned.clone());
            }
            (StepAction::PromptAndEnd(_), StepDid::Ended(_)) => {}
            (StepAction::OfferCallback, StepDid::OfferedCallback) => {
                assert!(!caller.is_called_back, "{id:?} is called back already");
            }
            (StepAction::Interrupt(most), StepDid::Interrupted(agents)) => {
                assert!(agents.len() <= usize::from(*most), "{agents:?} are called back for {id:?}");
                for agent in agents {
                    self.judge_interrupted(*agent, id);
                }
            }
            (StepAction::Voicemail, StepDid::Voicemail) => {
                assert!(!caller.is_called_back, "{id:?} is called back already");
                assert_eq!(caller.channel, Channel::Voice, "only a caller leaves a message");
                caller.at = At::Speaks;
            }
            (action, did) => panic!("{id:?}: the plan says {action:?}, and the step did {did:?}"),
        }
    }

    /// An agent is called back only from an AUX that may be interrupted, and only to a contact that may come to them.
    fn judge_interrupted(&self, agent: AgentId, id: ContactId) {
        let state = self.state(agent);
        let AgentState::Aux(AuxReason::Planned(reason)) = state else {
            panic!("{agent:?} is called back, and is {state:?}");
        };
        assert!(self.plan.aux_reasons[usize::from(reason)].is_interruptible, "{agent:?} is at lunch");
        let caller = &self.callers[&id];
        assert!(
            self.level_for(agent, caller).is_some(),
            "{agent:?} is called back for {id:?}, which may not come to them"
        );
    }

    /// Checks that a contact in line has taken every step by its wait that was due before now.
    pub(super) fn check_steps_taken(&self, id: ContactId, now: Moment) {
        let Some(caller) = self.callers.get(&id).filter(|caller| caller.at == At::Line) else { return };
        for (at, step) in self.plan.queues[caller.queue.index()].steps.iter().enumerate() {
            let StepWhen::Waited(after) = step.when else { continue };
            let due = (caller.entered + after).max(caller.in_line_since) + self.delay_max;
            let is_missing =
                now > due && !caller.steps.contains(&at) && changes_something(&step.action, caller);
            assert!(!is_missing, "{id:?} should have taken step {at} after {after:?} of waiting");
        }
    }

    fn takes_in(&self, queue: QueueId) -> bool {
        let steps = &self.plan.queues[queue.index()].steps;
        !self.closed.contains(&queue) || steps.iter().any(|step| step.when == StepWhen::Closed)
    }
}

fn is_wider(before: Option<u8>, now: Option<u8>) -> bool {
    before.is_some_and(|before| now.is_none_or(|now| now > before))
}

fn changes_something(action: &StepAction, caller: &Caller) -> bool {
    match action {
        StepAction::LevelMax(level) => is_wider(caller.level_max, *level),
        StepAction::Also(queue) => !caller.also.contains(queue),
        StepAction::Raise(_) | StepAction::MoveTo(_) | StepAction::Interrupt(_) => true,
        // A person who is called back is neither sent outside nor told anything.
        StepAction::SendTo(_) | StepAction::PromptAndEnd(_) | StepAction::OfferCallback => {
            !caller.is_called_back && caller.channel != Channel::Voicemail
        }
        StepAction::Voicemail => !caller.is_called_back && caller.channel == Channel::Voice,
    }
}
