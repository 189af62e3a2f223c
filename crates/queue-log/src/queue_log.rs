//! The log: facts in order become lines.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use turno_ground::Moment;
use turno_model::{
    AgentState, Channel, ContactOutcome, EndedBy, Fact, OfferOutcome, Passing, PassingChange, StepDid,
    StepTaken, StepWhy, TransferKind, Voicemail, VoicemailChange,
};

use crate::line::{NONE, line, seconds};
use crate::names::LogNames;
use crate::open::{Agent, Call, Exit, Talk, Transfer, Visit};

/// The state of the log: what later lines need.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueLog {
    calls: BTreeMap<u64, Call>,
    agents: BTreeMap<String, Agent>,
}

/// Where lines go, with the moment and the names behind a fact.
struct Now<'a> {
    at: Moment,
    names: &'a LogNames,
    put: &'a mut dyn FnMut(String),
}

impl Now<'_> {
    fn put(&mut self, whose: [&str; 3], event: &str, parameters: &[&str]) {
        (self.put)(line(self.at, whose, event, parameters));
    }
}

impl QueueLog {
    /// Takes the next fact, and gives its lines to `put`, without their ends.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all others are about a call, or have no line")]
    pub fn take(&mut self, names: &LogNames, at: Moment, fact: &Fact, put: &mut dyn FnMut(String)) {
        let now = &mut Now { at, names, put };
        match fact {
            Fact::Started => now.put([NONE, NONE, NONE], "QUEUESTART", &[""]),
            Fact::AgentChanged { agent, from, to } => self.changes(now, &names.agent(*agent), *from, *to),
            Fact::ContactArrived {
                contact,
                channel: Channel::Voice | Channel::Callback,
                from,
                dialled,
                ..
            } => {
                let (caller, dialled) = (from.0.to_string(), dialled.to_string());
                self.calls.insert(contact.0, Call { caller, dialled, ..Call::default() });
            }
            Fact::TurnedAway { contact, .. } => drop(self.calls.remove(&contact.0)),
            _ => self.take_of_call(now, fact),
        }
    }

    /// A fact about a call.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the log has a line for few kinds of facts")]
    fn take_of_call(&mut self, now: &mut Now<'_>, fact: &Fact) {
        let Some(contact) = fact.contact() else { return };
        let Some(call) = self.calls.get_mut(&contact.0) else { return };
        let id = contact.0.to_string();
        match fact {
            Fact::Queued { queue, position, .. } => call.enters(now, &id, now.names.queue(*queue), *position),
            Fact::WaitTold(told) => call.stands_at(told.position),
            Fact::Reprioritised { position, .. } => call.stands_at(*position),
            Fact::Offered { .. } => call.rings = Some(now.at),
            Fact::OfferSettled { agent, outcome, rang, .. } => {
                call.rings_no_more(now, &id, &now.names.agent(*agent), (*outcome, *rang));
            }
            Fact::Connected { agent, .. } => call.is_answered(now, &id, now.names.agent(*agent)),
            Fact::TakenOver { from, to, .. } => {
                let (from, to) = (now.names.agent(*from), now.names.agent(*to));
                call.transfer = Some(Transfer { is_attended: true, to: to.clone() });
                call.leaves(now, &id, &from);
                call.is_answered(now, &id, to);
            }
            Fact::Transferred { kind, to, .. } => {
                let is_attended = *kind == TransferKind::Attended;
                call.transfer = Some(Transfer { is_attended, to: to.to_string() });
            }
            Fact::Passing(Passing { change: PassingChange::Returned, .. }) => {
                let to = call.visit.as_ref().map_or_else(String::new, |visit| visit.queue.clone());
                call.transfer = Some(Transfer { is_attended: false, to });
            }
            Fact::Disconnected { agent, .. } => call.leaves(now, &id, &now.names.agent(*agent)),
            Fact::Stepped(StepTaken { why, did, .. }) => call.steps(*why, did),
            Fact::Voicemail(Voicemail { change: VoicemailChange::Began(_), .. }) => call.exit = Exit::Key,
            Fact::Voicemail(Voicemail { change: VoicemailChange::WaitsOn, .. }) => call.exit = Exit::Timeout,
            Fact::ContactEnded { outcome, by, .. } => {
                call.ends(now, &id, (*outcome, *by));
                self.calls.remove(&contact.0);
            }
            _ => {}
        }
    }

    fn changes(&mut self, now: &mut Now<'_>, agent: &str, from: AgentState, to: AgentState) {
        let queues = now.names.queues_of(agent).to_vec();
        if from == AgentState::LoggedOut && to != AgentState::LoggedOut {
            now.put([NONE, NONE, agent], "AGENTLOGIN", &[agent]);
            queues.iter().for_each(|queue| now.put([NONE, queue, agent], "ADDMEMBER", &[""]));
            self.agents.insert(agent.to_owned(), Agent { since: now.at, aux: None });
        }
        let known = self.agents.entry(agent.to_owned()).or_insert(Agent { since: now.at, aux: None });
        let aux = if let AgentState::Aux(reason) = to { Some(now.names.reason(reason)) } else { None };
        if aux != known.aux {
            if let Some(reason) = &known.aux {
                queues.iter().for_each(|queue| now.put([NONE, queue, agent], "UNPAUSE", &[reason]));
            }
            if let Some(reason) = &aux {
                queues.iter().for_each(|queue| now.put([NONE, queue, agent], "PAUSE", &[reason]));
            }
        }
        known.aux = aux;
        if to == AgentState::LoggedOut {
            let spent = now.at.since(known.since);
            self.agents.remove(agent);
            queues.iter().for_each(|queue| now.put([NONE, queue, agent], "REMOVEMEMBER", &[""]));
            now.put([NONE, NONE, agent], "AGENTLOGOFF", &[agent, &seconds(spent)]);
        }
    }
}

impl Call {
    fn enters(&mut self, now: &mut Now<'_>, id: &str, queue: String, place: u32) {
        let waits = self.visit.as_ref().filter(|visit| !visit.is_answered);
        if waits.is_some_and(|visit| visit.queue == queue) {
            // After a missed offer it is where it was.
            self.stands_at(place);
            return;
        }
        if waits.is_some() {
            self.exits(now, id, self.exit);
        }
        self.completes(now, id, EndedBy::Agent);
        now.put([id, &queue, NONE], "DID", &[&self.dialled]);
        now.put([id, &queue, NONE], "ENTERQUEUE", &["", &self.caller, &place.to_string()]);
        self.exit = Exit::Timeout;
        self.visit = Some(Visit {
            queue,
            since: now.at,
            first_place: place,
            place,
            is_answered: false,
            waited: core::time::Duration::ZERO,
        });
    }

    fn stands_at(&mut self, place: u32) {
        if let Some(visit) = &mut self.visit {
            visit.place = place;
        }
    }

    fn rings_no_more(
        &mut self,
        now: &mut Now<'_>,
        id: &str,
        agent: &str,
        (outcome, rang): (OfferOutcome, core::time::Duration),
    ) {
        let event = match outcome {
            OfferOutcome::Accepted => return,
            OfferOutcome::NoAnswer
            | OfferOutcome::Refused
            | OfferOutcome::Unreachable
            | OfferOutcome::Incompatible => "RINGNOANSWER",
            OfferOutcome::CallerLeft | OfferOutcome::Withdrawn => "RINGCANCELED",
        };
        self.rings = None;
        let queue = self.queue();
        now.put([id, &queue, agent], event, &[&rang.as_millis().to_string()]);
    }

    fn is_answered(&mut self, now: &mut Now<'_>, id: &str, agent: String) {
        let rang = self.rings.take().map_or(core::time::Duration::ZERO, |since| now.at.since(since));
        let queue = self.queue();
        if let Some(visit) = &mut self.visit {
            let waited =
                if visit.is_answered { core::time::Duration::ZERO } else { now.at.since(visit.since) };
            if !visit.is_answered {
                visit.is_answered = true;
                visit.waited = waited;
            }
            now.put([id, &queue, &agent], "CONNECT", &[&seconds(waited), id, &seconds(rang)]);
        }
        self.talks.push(Talk { agent, began: now.at, ended: None });
    }

    /// An agent's part is over. If it is passed on, it has its line at once; else its line says who hung up.
    fn leaves(&mut self, now: &mut Now<'_>, id: &str, agent: &str) {
        let Some(place) = self.talks.iter().position(|talk| talk.agent == agent && talk.ended.is_none())
        else {
            return;
        };
        let Some(Transfer { is_attended, to }) = self.transfer.take() else {
            self.talks[place].ended = Some(now.at);
            return;
        };
        let talk = self.talks.remove(place);
        let queue = self.queue();
        let [waited, talked, first] = self.times(now.at.since(talk.began));
        if is_attended {
            let parameters = ["BRIDGE", &to, &waited, &talked, &first];
            now.put([id, &queue, agent], "ATTENDEDTRANSFER", &parameters);
        } else {
            now.put([id, &queue, agent], "BLINDTRANSFER", &[&to, "turno", &waited, &talked, &first]);
        }
    }

    const fn steps(&mut self, why: StepWhy, did: &StepDid) {
        match did {
            StepDid::Moved(_) | StepDid::Sent(_) | StepDid::Ended(_) => {
                self.exit = match why {
                    StepWhy::Nobody | StepWhy::Closed => Exit::Empty,
                    StepWhy::Waited { .. } | StepWhy::Told { .. } | StepWhy::Longer { .. } => Exit::Timeout,
                };
            }
            StepDid::LevelMax(_)
            | StepDid::Also(_)
            | StepDid::Raised(_)
            | StepDid::Sending(_)
            | StepDid::NotSent(_)
            | StepDid::TargetClosed(_)
            | StepDid::OfferedCallback
            | StepDid::Interrupted(_)
            | StepDid::Voicemail => {}
        }
    }

    fn ends(&mut self, now: &mut Now<'_>, id: &str, (outcome, by): (ContactOutcome, EndedBy)) {
        let waits = self.visit.as_ref().is_some_and(|visit| !visit.is_answered);
        if waits {
            // Who was answered before and waits again leaves the last queue by who ended it.
            let is_abandoned = outcome == ContactOutcome::Abandoned
                || (outcome == ContactOutcome::Answered && by == EndedBy::Caller);
            if is_abandoned {
                let queue = self.queue();
                let [place, first, waited] = self.places(now.at);
                now.put([id, &queue, NONE], "ABANDON", &[&place, &first, &waited]);
            } else {
                self.exits(now, id, self.exit);
            }
        }
        self.completes(now, id, by);
    }

    fn exits(&mut self, now: &mut Now<'_>, id: &str, exit: Exit) {
        let queue = self.queue();
        let [place, first, waited] = self.places(now.at);
        let all: &[&str] = match exit {
            // Facts do not say which key it was.
            Exit::Key => &["message", &place, &first, &waited],
            Exit::Timeout | Exit::Empty => &[&place, &first, &waited],
        };
        now.put([id, &queue, NONE], exit.event(), all);
    }

    /// Lines for the talks that have ended, or end now, without a transfer.
    fn completes(&mut self, now: &mut Now<'_>, id: &str, by: EndedBy) {
        let event = if by == EndedBy::Caller { "COMPLETECALLER" } else { "COMPLETEAGENT" };
        for talk in core::mem::take(&mut self.talks) {
            let queue = self.queue();
            let [waited, talked, first] = self.times(talk.ended.unwrap_or(now.at).since(talk.began));
            now.put([id, &queue, &talk.agent], event, &[&waited, &talked, &first]);
        }
    }

    fn queue(&self) -> String {
        self.visit.as_ref().map_or_else(|| NONE.to_owned(), |visit| visit.queue.clone())
    }

    /// Wait, talk and first place.
    fn times(&self, talked: core::time::Duration) -> [String; 3] {
        let visit = self.visit.as_ref();
        let waited = visit.map_or(core::time::Duration::ZERO, |visit| visit.waited);
        [seconds(waited), seconds(talked), visit.map_or(0, |visit| visit.first_place).to_string()]
    }

    /// Place, first place and wait.
    fn places(&self, at: Moment) -> [String; 3] {
        let Some(visit) = &self.visit else { return ["0", "0", "0"].map(str::to_owned) };
        [visit.place.to_string(), visit.first_place.to_string(), seconds(at.since(visit.since))]
    }
}
