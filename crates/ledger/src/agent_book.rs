//! One agent's figures.

use core::time::Duration;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use turno_ground::Moment;
use turno_model::{
    AgentState, AuxReason, BreakChange, Consulted, ContactId, OfferOutcome, QueueId, Renumbering,
};

use crate::at_hand::{ConsultNow, RecordingNow};
use crate::figures::SurveyFigures;
use crate::times::StateTimes;

/// An agent's counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentCounts {
    /// Offers made to the agent.
    pub offered: u64,
    /// Contacts that the agent talked to.
    pub answered: u64,
    /// Segments that have ended.
    pub handled: u64,
    /// Offers not answered in time (RONA).
    pub missed: u64,
    /// Offers refused.
    pub refused: u64,
    /// Offers whose phone could not be reached or could not take the call.
    pub unreachable: u64,
    /// Contacts transferred.
    pub transferred: u64,
    /// How often the handling target was passed.
    pub breached: u64,
    /// Wrap-up codes given.
    pub wrapped_up: u64,
    /// Talks taken over from another agent.
    #[serde(default)]
    pub taken_over: u64,
    /// Talks in which the agent asked for help.
    #[serde(default)]
    pub help_asked: u64,
    /// Talks that the agent joined to help.
    #[serde(default)]
    pub helped: u64,
    /// After-call work that began without the wrap-up code that its queue asks for.
    #[serde(default)]
    pub codes_owed: u64,
    /// After-call work that the agent made longer.
    #[serde(default)]
    pub extended: u64,
    /// Callers whom the agent gave back to their queue.
    #[serde(default)]
    pub returned: u64,
    /// Callers whom the agent transferred to a dependency that answered.
    #[serde(default)]
    pub to_dependencies: u64,
    /// Consultations that were answered.
    #[serde(default)]
    pub consulted: u64,
    /// Breaks in turns that began.
    #[serde(default)]
    pub breaks: u64,
    /// Turns for a break that were not taken up in time.
    #[serde(default)]
    pub turns_taken_back: u64,
    /// Breaks in turns that were longer than their span.
    #[serde(default)]
    pub overstays: u64,
    /// What the agent's callers answered in surveys.
    #[serde(default)]
    pub surveys: SurveyFigures,
}

/// An agent's state with its clocks, and the booked figures.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AgentBook {
    pub(crate) state: AgentState,
    /// Since when the agent is in `state`.
    pub(crate) since: Moment,
    /// Until when time in `state` is booked.
    booked_until: Moment,
    /// Since when staffed time is not booked. It is kept apart from the states, so that comparing it with their sum is
    /// a check.
    staffed_since: Option<Moment>,
    /// Staffed time until the last log-out.
    staffed: Duration,
    pub(crate) contact: Option<ContactId>,
    /// The queue of the next after-call work.
    pub(crate) last_queue: Option<QueueId>,
    pub(crate) contacts_registered: u32,
    pub(crate) total: StateTimes,
    pub(crate) today: StateTimes,
    pub(crate) interval: StateTimes,
    pub(crate) counts: AgentCounts,
    pub(crate) counts_today: AgentCounts,
    /// When the agent's promised turns for breaks come, by AUX reason.
    #[serde(default)]
    pub(crate) turns: BTreeMap<u8, Moment>,
    /// Whom the agent consults.
    #[serde(default)]
    pub(crate) consult: Option<ConsultNow>,
    /// The recording of the agent's talk.
    #[serde(default)]
    pub(crate) recording: Option<RecordingNow>,
}

impl AgentCounts {
    pub(crate) const fn settle(&mut self, outcome: OfferOutcome) {
        match outcome {
            OfferOutcome::NoAnswer => self.missed += 1,
            OfferOutcome::Refused => self.refused += 1,
            OfferOutcome::Unreachable | OfferOutcome::Incompatible => self.unreachable += 1,
            OfferOutcome::Accepted | OfferOutcome::CallerLeft | OfferOutcome::Withdrawn => {}
        }
    }
}

impl AgentBook {
    pub(crate) fn new(now: Moment) -> Self {
        Self {
            state: AgentState::LoggedOut,
            since: now,
            booked_until: now,
            staffed_since: None,
            staffed: Duration::ZERO,
            contact: None,
            last_queue: None,
            contacts_registered: 0,
            total: StateTimes::default(),
            today: StateTimes::default(),
            interval: StateTimes::default(),
            counts: AgentCounts::default(),
            counts_today: AgentCounts::default(),
            turns: BTreeMap::new(),
            consult: None,
            recording: None,
        }
    }

    /// Books the time in the present state until `at`.
    pub(crate) fn settle(&mut self, at: Moment) {
        let span = at.since(self.booked_until);
        self.booked_until = self.booked_until.max(at);
        for times in [&mut self.total, &mut self.today, &mut self.interval] {
            times.spend(self.state, span);
        }
    }

    /// Enters a state. Returns the time spent in the previous one.
    pub(crate) fn enter(&mut self, state: AgentState, at: Moment) -> Duration {
        self.settle(at);
        match (self.staffed_since, state.is_staffed()) {
            (None, true) => self.staffed_since = Some(at),
            (Some(since), false) => {
                self.staffed += at.since(since);
                self.staffed_since = None;
            }
            (None, false) | (Some(_), true) => {}
        }
        let spent = at.since(self.since);
        self.state = state;
        self.since = at;
        spent
    }

    /// Books a change of a break in turns.
    pub(crate) fn on_break(&mut self, reason: u8, change: BreakChange) {
        match change {
            BreakChange::Promised { at } => drop(self.turns.insert(reason, at)),
            BreakChange::Granted { .. } | BreakChange::Withdrawn => drop(self.turns.remove(&reason)),
            BreakChange::Began => self.count(|counts| counts.breaks += 1),
            BreakChange::TakenBack => self.count(|counts| counts.turns_taken_back += 1),
            BreakChange::Overstays => self.count(|counts| counts.overstays += 1),
            BreakChange::Asked | BreakChange::Ended { .. } => {}
        }
    }

    /// Adds a count, to the total and to today.
    pub(crate) fn count(&mut self, change: impl Fn(&mut AgentCounts)) {
        change(&mut self.counts);
        change(&mut self.counts_today);
    }

    /// Staffed time until `now`, from log-ins and log-outs alone.
    pub(crate) fn staffed(&self, now: Moment) -> Duration {
        self.staffed + self.staffed_since.map_or(Duration::ZERO, |since| now.since(since))
    }

    /// Renumbers for another plan. An AUX reason that is gone becomes `LoggedIn`.
    pub(crate) fn renumber(&mut self, to: &Renumbering) {
        if let AgentState::Aux(reason) = self.state {
            self.state = AgentState::Aux(to.aux(reason).unwrap_or(AuxReason::LoggedIn));
        }
        self.last_queue = self.last_queue.and_then(|queue| to.queue(queue));
        if let Some(ConsultNow { whom: Consulted::Agent(colleague), .. }) = &mut self.consult {
            match to.agent(*colleague) {
                Some(now) => *colleague = now,
                None => self.consult = None,
            }
        }
        for times in [&mut self.total, &mut self.today, &mut self.interval] {
            times.renumber(to);
        }
    }

    /// Time per state, including what is not booked yet.
    pub(crate) fn with_pending(&self, times: &StateTimes, now: Moment) -> StateTimes {
        let mut times = times.clone();
        times.spend(self.state, now.since(self.booked_until));
        times
    }
}
