//! The room's record of one contact.

use core::cmp::Reverse;
use core::time::Duration;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use turno_ground::Moment;
use turno_model::plan::{QueuePlan, STEPS_MAX, StepAction, StepWhen};
use turno_model::{
    AgentId, CallerKnown, Channel, ContactId, ContactOutcome, EndedBy, OfferId, QueueId, Rule, StepTaken,
};

use crate::expected_wait::told::Told;
use crate::line::Place;
use crate::presence::Presence;
use crate::reach::Reach;

/// Cap on remembered agents who missed a contact; the oldest is forgotten first.
pub(crate) const TRIED_MAX: usize = 8;

/// Stage of a contact.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum ContactStage {
    /// Waits in line.
    Waiting,
    /// Is called back later, and in no line until then.
    PutOff,
    /// Is offered to an agent.
    Ringing(Ring),
    /// Is connected to an agent.
    With(AgentId, Segment),
    /// Waits while an outside number is called for it, by this step of its queue.
    Sending(Box<StepTaken>),
    /// Is in no line while its caller leaves a message.
    Speaking,
    /// Is in no line until its person is dialled.
    ToDial,
    /// Its person is dialled, and it is in no line meanwhile.
    Dialled,
}

/// An offer, as seen by the contact.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ring {
    pub(crate) offer: OfferId,
    pub(crate) agent: AgentId,
    pub(crate) since: Moment,
    /// Outcome of a contact that leaves as soon as the offer is settled.
    pub(crate) leaving: Option<(ContactOutcome, EndedBy)>,
}

/// Time with one agent.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Segment {
    since: Moment,
    held: Duration,
    held_since: Option<Moment>,
    /// The handling target; zero: none.
    target: Duration,
    /// How many of the queue's marks after the target have passed.
    marks_passed: u8,
}

impl Segment {
    /// A segment that begins.
    pub(crate) const fn new(now: Moment) -> Self {
        Self { since: now, held: Duration::ZERO, held_since: None, target: Duration::ZERO, marks_passed: 0 }
    }

    /// Sets the handling target.
    pub(crate) const fn aims_at(&mut self, target: Duration) {
        self.target = target;
    }

    /// When talk and hold reach this percentage of the target.
    pub(crate) fn reaches(&self, percent: u16) -> Moment {
        self.since + self.target * u32::from(percent) / 100
    }

    /// The next of the queue's marks.
    pub(crate) fn next_mark(&self, marks: &[u16]) -> Option<u16> {
        marks.get(usize::from(self.marks_passed)).copied()
    }

    /// One more mark has passed.
    pub(crate) const fn passes_mark(&mut self) {
        self.marks_passed = self.marks_passed.saturating_add(1);
    }

    /// Begins a hold; false if there is one.
    pub(crate) const fn hold(&mut self, now: Moment) -> bool {
        let begins = self.held_since.is_none();
        if begins {
            self.held_since = Some(now);
        }
        begins
    }

    /// Ends the hold; false if there is none.
    pub(crate) fn resume(&mut self, now: Moment) -> bool {
        let Some(since) = self.held_since.take() else { return false };
        self.held += now.since(since);
        true
    }

    /// Talk time and hold time; the hold must have ended.
    pub(crate) fn sums(&self, now: Moment) -> (Duration, Duration) {
        (now.since(self.since) - self.held, self.held)
    }
}

/// Why a contact goes to one agent, whatever the queue's rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Given {
    /// The caller dialled the agent's own number.
    Direct,
    /// A supervisor has pulled it.
    Pulled,
}

impl Given {
    /// What is recorded when it is kept for the agent from now on.
    pub(crate) const fn kept(self, agent: AgentId, span: Duration) -> CallerKnown {
        match self {
            Self::Direct => CallerKnown::DirectFor { agent, span },
            Self::Pulled => CallerKnown::PulledTo { agent, span },
        }
    }

    /// What is recorded when it is kept for the agent no more.
    pub(crate) const fn kept_no_more(self, agent: AgentId) -> CallerKnown {
        match self {
            Self::Direct => CallerKnown::DirectNoMore { agent },
            Self::Pulled => CallerKnown::PulledNoMore { agent },
        }
    }

    /// The rule of its decision.
    pub(crate) const fn rule(self) -> Rule {
        match self {
            Self::Direct => Rule::Direct,
            Self::Pulled => Rule::Pulled,
        }
    }
}

/// One contact.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Contact {
    pub(crate) channel: Channel,
    pub(crate) queue: QueueId,
    /// Its priority in every queue, as a supervisor or a step has set it; `None`: each queue's own, or `at_least`.
    pub(crate) stated_priority: Option<u8>,
    /// A priority that it has at least in every queue, from the arrival.
    pub(crate) at_least: u8,
    pub(crate) priority: u8,
    /// Start of its wait, which decides its place in every line while it is in the room.
    pub(crate) waiting_since: Moment,
    /// When it entered this queue, or returned to it from an agent.
    pub(crate) entered: Moment,
    /// The agents who may take it.
    pub(crate) reach: Reach,
    /// The steps of its queue that it has taken, by number.
    pub(crate) steps_taken: u32,
    /// Since when it could have been offered.
    pub(crate) free_since: Moment,
    /// When the wait reaches the longest one allowed.
    pub(crate) wait_until: Option<Moment>,
    /// Time from entering the first queue to the first answer, once answered.
    pub(crate) answered_after: Option<Duration>,
    /// The agent who served the caller last.
    pub(crate) last_agent: Option<AgentId>,
    /// Whether it has been kept for that agent: this happens once.
    pub(crate) was_kept: bool,
    pub(crate) tried: SmallVec<[AgentId; 2]>,
    pub(crate) stage: ContactStage,
    /// The wait that it was told, if the plan tells waits.
    pub(crate) told: Option<Told>,
    /// Where its person is.
    pub(crate) presence: Presence,
    /// Why it goes to the agent for whom it is kept, whatever the queue's rule says.
    #[serde(default)]
    pub(crate) given: Option<Given>,
    /// The agent whose own number the caller dialled, until the contact is in line.
    #[serde(default)]
    pub(crate) dialled: Option<AgentId>,
    /// How long after its arrival its turn is due ([`AnswerWithin`](turno_model::plan::AnswerWithin)), by the plan at its arrival.
    #[serde(default)]
    pub(crate) grace: Duration,
}

impl Contact {
    /// The contact's place in its queue's line.
    pub(crate) fn place(&self, contact: ContactId) -> Place {
        let due = self.waiting_since + self.grace;
        Place { priority: Reverse(self.priority), due, contact, grace: self.grace }
    }

    /// The contact's outcome: `Answered` if any agent talked to it, else `otherwise`.
    pub(crate) const fn outcome(&self, otherwise: ContactOutcome) -> ContactOutcome {
        if self.answered_after.is_some() { ContactOutcome::Answered } else { otherwise }
    }

    /// Whether nobody is there who would hear a prompt, or mind a long wait, or somebody whom we have called.
    pub(crate) const fn is_patient(&self) -> bool {
        self.presence.was_called_back() || matches!(self.channel, Channel::Voicemail)
    }

    /// Whether a step would do anything with it. Without a caller, nothing is said and nobody is sent outside; who may go to
    /// more agents already is not led to them again.
    pub(crate) fn admits(&self, action: &StepAction) -> bool {
        match action {
            StepAction::SendTo(_) | StepAction::PromptAndEnd(_) | StepAction::OfferCallback => {
                !self.is_patient()
            }
            StepAction::Voicemail => !self.is_patient() && matches!(self.channel, Channel::Voice),
            StepAction::LevelMax(level) => self.reach.is_widened_by(*level),
            StepAction::Also(queue) => !self.reach.also().contains(queue),
            StepAction::Interrupt(_) | StepAction::Raise(_) | StepAction::MoveTo(_) => true,
        }
    }

    /// Whether it has taken this step of its queue.
    pub(crate) const fn has_taken(&self, step: usize) -> bool {
        step < STEPS_MAX && self.steps_taken & 1 << step != 0
    }

    /// When the next step of its queue is due that depends on the wait.
    pub(crate) fn next_step(&self, plan: &QueuePlan) -> Option<Moment> {
        let steps = plan.steps.iter().enumerate();
        let steps = steps.filter(|(at, step)| !self.has_taken(*at) && self.admits(&step.action));
        let due = steps.filter_map(|(_, step)| match step.when {
            StepWhen::Waited(after) => Some(self.entered + after),
            StepWhen::ToldOver(_) | StepWhen::LongerThan(_) | StepWhen::Nobody | StepWhen::Closed => None,
        });
        due.min()
    }

    /// When a step will let all agents of its queue take it; `None`: they may already, or no step does by the wait.
    pub(crate) fn relaxed_at(&self, plan: &QueuePlan) -> Option<Moment> {
        self.reach.level_max()?;
        let steps = plan.steps.iter().enumerate().filter(|(at, _)| !self.has_taken(*at));
        let relaxing = steps.filter_map(|(_, step)| match (step.when, &step.action) {
            (StepWhen::Waited(after), StepAction::LevelMax(None)) => Some(self.entered + after),
            (
                StepWhen::Waited(_)
                | StepWhen::ToldOver(_)
                | StepWhen::LongerThan(_)
                | StepWhen::Nobody
                | StepWhen::Closed,
                StepAction::LevelMax(_)
                | StepAction::Also(_)
                | StepAction::Raise(_)
                | StepAction::MoveTo(_)
                | StepAction::SendTo(_)
                | StepAction::PromptAndEnd(_)
                | StepAction::OfferCallback
                | StepAction::Interrupt(_)
                | StepAction::Voicemail,
            ) => None,
        });
        relaxing.min()
    }

    /// Remembers an agent who should not get this contact again if another agent is free.
    pub(crate) fn avoid(&mut self, agent: AgentId) {
        self.tried.retain(|tried| *tried != agent);
        if self.tried.len() == TRIED_MAX {
            self.tried.remove(0);
        }
        self.tried.push(agent);
    }
}
