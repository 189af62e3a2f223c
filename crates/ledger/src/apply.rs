//! Books facts: what each one changes.

use core::time::Duration;
use std::sync::Arc;

use turno_ground::Moment;
use turno_model::{
    AgentId, AgentState, CallbackChange, ContactId, ContactOutcome, Decision, EndedBy, Fact, MenuChange,
    MenuStep, OfferOutcome, QueueId, SkillChanged, TrunkId, TurnedAway, WaitTold,
};

use crate::callbacks;
use crate::contact::{About, OpenContact, Segment};
use crate::imbalance::Imbalance;
use crate::ledger::Ledger;
use crate::recent::Lost;

impl Ledger {
    /// Books a fact. Facts must come in order. If one contradicts an earlier one, that is noted for [`Ledger::books`].
    pub fn apply(&mut self, at: Moment, fact: &Fact) {
        self.roll(at);
        match fact {
            Fact::Started
            | Fact::LegOpened { .. }
            | Fact::AgentAsked { .. }
            | Fact::TakesBeside { .. }
            | Fact::Seated { .. }
            | Fact::PinEntered(_)
            | Fact::Phone(_)
            | Fact::ObservingBegan { .. }
            | Fact::ObservingEnded { .. }
            | Fact::LiveSpeech(_)
            | Fact::Commanded(_)
            | Fact::TrunkTold { .. }
            | Fact::NumberWithheld { .. }
            | Fact::CallerKnown(..)
            | Fact::CallerList(_)
            // An agent call is no contact, and its time is in the agent's states.
            | Fact::OwnCallDialled { .. }
            | Fact::OwnCallSettled { .. } => {}
            Fact::ContactArrived { contact, channel, from, .. } => {
                self.on_arrived(*contact, OpenContact::new(*channel, from.clone(), at));
            }
            Fact::MenuChosen { digit, .. } => self.book_line(|line| line.count_choice(*digit)),
            Fact::Emergency(emergency) => self.book_line(|line| line.count_emergency(emergency)),
            Fact::SkillChanged(changed) => self.on_skill_changed(changed),
            Fact::Menu(step) => self.on_menu(step),
            Fact::TurnedAway { contact, reason } => self.on_turned_away(*contact, *reason),
            Fact::Queued { contact, queue, priority, .. } => {
                self.on_queued(*contact, *queue, at);
                self.on_priority(*contact, *priority);
            }
            Fact::Reprioritised { contact, priority, .. } => self.on_priority(*contact, *priority),
            Fact::QueueTurned { queue, to } => self.on_turned(*queue, *to),
            Fact::Offered { decision, .. } => self.on_offered(decision),
            Fact::OfferSettled { contact, agent, queue, outcome, .. } => {
                self.on_offer_settled(*contact, *agent, *queue, *outcome);
            }
            Fact::Connected { contact, agent, queue, .. } => self.on_connected(*contact, *agent, *queue, at),
            Fact::WaitTold(WaitTold { contact, waited, within, .. }) => {
                self.on_wait_told(*contact, within.map(|within| *waited + within));
            }
            Fact::Stepped(step) => self.book(step.queue, |figures| figures.steps.count(&step.did)),
            Fact::TakenOver { contact, to, queue, .. } => self.on_taken_over(*contact, *to, *queue, at),
            Fact::Callback(contact, change) => self.on_callback(*contact, change),
            Fact::Survey(survey) => self.on_survey(survey),
            Fact::Voicemail(voicemail) => self.on_voicemail(voicemail),
            Fact::Held { contact, agent } => self.on_hold(*contact, *agent, true, at),
            Fact::Resumed { contact, agent } => self.on_hold(*contact, *agent, false, at),
            Fact::HoldRecalled { contact, .. } => self.on_mark(*contact, |figures| figures.recalled += 1),
            Fact::TargetWarned { contact, .. } => self.on_warned(*contact),
            Fact::TargetBreached { contact, agent } => self.on_breached(*contact, *agent),
            Fact::Handling(handled) => self.on_handled(handled),
            Fact::Recording { recording, change, .. } => self.on_recording(*recording, change),
            Fact::Passing(passing) => self.on_passing(passing),
            Fact::Transferred { agent, .. } => self.count(*agent, |counts| counts.transferred += 1),
            Fact::Disconnected { contact, agent, .. } => self.on_disconnected(*contact, *agent, at),
            Fact::ContactEnded { contact, outcome, by, .. } => self.on_ended(*contact, *outcome, *by, at),
            Fact::AgentChanged { agent, from, to } => self.on_agent_changed(*agent, *from, *to, at),
            Fact::Break(step) => {
                self.agent(step.agent).into_iter().for_each(|it| it.on_break(step.reason, step.change));
            }
            Fact::WrapUp { agent, .. } => self.count(*agent, |counts| counts.wrapped_up += 1),
            Fact::Registered { agent, contacts } => self.on_registered(*agent, *contacts),
            Fact::TrunkChanged { trunk, up } => self.on_trunk_changed(*trunk, *up),
            Fact::MediaReported(report) => self.book_line(|line| line.count_media(report)),
            Fact::Alarm { .. } => self.book_line(|line| line.alarms += 1),
            Fact::CallsRefused { calls } => self.book_line(|line| line.refused += u64::from(*calls)),
        }
    }

    fn on_arrived(&mut self, contact: ContactId, newcomer: OpenContact) {
        if self.contacts.insert(contact, newcomer).is_some() {
            self.note(Imbalance::ArrivedTwice { contact });
        }
        self.book_line(|line| line.arrived += 1);
    }

    /// Who works for a queue is counted by the skills in force. They are told again after another plan.
    fn on_skill_changed(&mut self, changed: &SkillChanged) {
        let Some(skill) = self.plan.queues.get(changed.queue.index()).map(|queue| queue.skill) else {
            return;
        };
        Arc::make_mut(&mut self.plan).set_skill(changed.agent, skill, changed.level);
    }

    fn on_menu(&mut self, step: &MenuStep) {
        self.book_line(|line| line.count_menu(&step.change));
        if let MenuChange::Card { procedure, code } = &step.change
            && let Some(open) = self.contacts.get_mut(&step.contact)
        {
            open.about = Some(About { procedure: procedure.clone(), code: code.clone() });
        }
    }

    fn on_warned(&mut self, contact: ContactId) {
        if let Some(open) = self.contacts.get_mut(&contact) {
            open.warned = true;
        }
        self.on_mark(contact, |figures| figures.warned += 1);
    }

    fn on_registered(&mut self, agent: AgentId, contacts: u32) {
        if let Some(book) = self.agent(agent) {
            book.contacts_registered = contacts;
        }
    }

    fn on_breached(&mut self, contact: ContactId, agent: AgentId) {
        if let Some(open) = self.contacts.get_mut(&contact) {
            open.breached = true;
        }
        self.on_mark(contact, |figures| figures.breached += 1);
        self.count(agent, |counts| counts.breached += 1);
    }

    fn on_trunk_changed(&mut self, trunk: TrunkId, up: bool) {
        self.book_line(|line| {
            if up {
                line.trunks_down.remove(&trunk)
            } else {
                line.trunks_down.insert(trunk)
            };
        });
    }

    fn on_turned_away(&mut self, contact: ContactId, reason: TurnedAway) {
        match self.contacts.remove(&contact) {
            Some(open) if open.visit.is_none() => {}
            Some(open) => {
                self.leave_line(contact, &open);
                self.note(Imbalance::TurnedAwayFromQueue { contact });
            }
            None => self.note(Imbalance::EndedUnknown { contact }),
        }
        self.book_line(|line| *line.turned_away.entry(reason).or_default() += 1);
    }

    fn on_offered(&mut self, decision: &Decision) {
        let (contact, agent) = (decision.contact, decision.winner);
        self.book(decision.queue, |figures| figures.offers.make(decision.rule));
        if let Some(open) = self.contacts.get_mut(&contact) {
            open.ringing = Some(agent);
        }
        if let Some(book) = self.agent(agent) {
            book.contact = Some(contact);
            book.count(|counts| counts.offered += 1);
        }
    }

    fn on_offer_settled(
        &mut self,
        contact: ContactId,
        agent: AgentId,
        queue: QueueId,
        outcome: OfferOutcome,
    ) {
        self.book(queue, |figures| figures.offers.settle(outcome));
        if let Some(open) = self.contacts.get_mut(&contact).filter(|open| open.ringing == Some(agent)) {
            open.ringing = None;
        }
        let is_taken = outcome == OfferOutcome::Accepted;
        if let Some(book) = self.agent(agent) {
            book.count(|counts| counts.settle(outcome));
            if !is_taken && book.contact == Some(contact) {
                book.contact = None;
            }
        }
    }

    fn on_connected(&mut self, contact: ContactId, agent: AgentId, queue: QueueId, at: Moment) {
        let Some(mut open) = self.contacts.remove(&contact) else {
            self.note(Imbalance::NeverArrived { contact });
            return;
        };
        if open.is_waiting() {
            self.leave_line(contact, &open);
        }
        open.waits_again = false;
        let first = open.visit.as_mut().filter(|visit| visit.answered.is_none()).map(|visit| {
            visit.answered = Some(at);
            (visit.queue, at.since(visit.since), visit.told)
        });
        // An answer by a colleague after a transfer is no second answer of this visit.
        if let Some((entered, waited, told)) = first {
            self.book_answer(&open, entered, waited, at);
            let target = self.plan.queues.get(entered.index()).is_some_and(|plan| waited <= plan.wait_target);
            self.book_contact(&mut open, entered, |figures| {
                figures.answered += 1;
                figures.answered_in_target += u64::from(target);
                figures.answer_wait += waited;
                figures.answer_wait_max = figures.answer_wait_max.max(waited);
                figures.told.kept += u64::from(told.is_some_and(|told| waited <= told));
                figures.told.missed += u64::from(told.is_some_and(|told| waited > told));
            });
        } else if open.visit.is_none() {
            self.note(Imbalance::ConnectedUnqueued { contact });
        }
        open.was_answered = true;
        open.ringing = None;
        open.segments.push(Segment::new(agent, at));
        if let Some(book) = self.agent(agent) {
            book.contact = Some(contact);
            book.last_queue = Some(queue);
            book.count(|counts| counts.answered += 1);
        }
        self.contacts.insert(contact, open);
    }

    /// The first wait that a visit is told counts: `whole` is the wait from entering the queue.
    fn on_wait_told(&mut self, contact: ContactId, whole: Option<Duration>) {
        let Some(visit) = self.contacts.get_mut(&contact).and_then(|open| open.visit.as_mut()) else {
            return;
        };
        if visit.told.is_none() && whole.is_some() {
            visit.told = whole;
            let queue = visit.queue;
            self.book(queue, |figures| figures.told.told += 1);
        }
    }

    /// Another agent goes on with the talk: a further segment of the same visit, and no second answer.
    fn on_taken_over(&mut self, contact: ContactId, to: AgentId, queue: QueueId, at: Moment) {
        match self.contacts.get_mut(&contact) {
            Some(open) => open.segments.push(Segment::new(to, at)),
            None => self.note(Imbalance::NeverArrived { contact }),
        }
        if let Some(book) = self.agent(to) {
            book.contact = Some(contact);
            book.last_queue = Some(queue);
            book.count(|counts| counts.taken_over += 1);
        }
    }

    fn on_callback(&mut self, contact: ContactId, change: &CallbackChange) {
        self.on_mark(contact, |figures| callbacks::count(&mut figures.callbacks, change));
        // Who was given back by an agent is booked as answered, and in no line of the books.
        let waiting = self.contacts.get(&contact).filter(|open| open.is_waiting());
        if let Some(visit) = waiting.and_then(|open| open.visit.as_ref())
            && let Some(book) = self.queues.get_mut(visit.queue.index())
        {
            callbacks::stand(book, (visit.since, contact), change);
        }
    }

    fn on_hold(&mut self, contact: ContactId, agent: AgentId, is_held: bool, at: Moment) {
        let segments = self.contacts.get_mut(&contact).map(|open| open.segments.iter_mut());
        if let Some(segment) = segments.and_then(|mut all| all.find(|segment| segment.agent == agent)) {
            segment.set_held(is_held, at);
        }
    }

    fn on_disconnected(&mut self, contact: ContactId, agent: AgentId, at: Moment) {
        // If the contact has ended, its segments are booked already.
        if let Some(mut open) = self.contacts.remove(&contact) {
            if let Some(place) = open.segments.iter().position(|segment| segment.agent == agent) {
                let segment = open.segments.remove(place);
                self.close_segment(&mut open, segment, at);
            } else {
                self.note(Imbalance::DisconnectedTwice { contact, agent });
            }
            self.contacts.insert(contact, open);
        }
        if let Some(book) = self.agent(agent).filter(|book| book.contact == Some(contact)) {
            book.contact = None;
        }
    }

    fn close_segment(&mut self, open: &mut OpenContact, mut segment: Segment, at: Moment) {
        segment.settle(at);
        let Some(visit) = &mut open.visit else { return };
        visit.handling += segment.talked + segment.held;
        let queue = visit.queue;
        self.book_contact(open, queue, |figures| {
            figures.handled += 1;
            figures.talk += segment.talked;
            figures.hold += segment.held;
        });
        self.count(segment.agent, |counts| counts.handled += 1);
    }

    fn on_ended(&mut self, contact: ContactId, outcome: ContactOutcome, by: EndedBy, at: Moment) {
        let Some(mut open) = self.contacts.remove(&contact) else {
            self.note(Imbalance::EndedUnknown { contact });
            return;
        };
        for segment in core::mem::take(&mut open.segments) {
            if let Some(book) = self.agent(segment.agent).filter(|book| book.contact == Some(contact)) {
                book.contact = None;
            }
            self.close_segment(&mut open, segment, at);
        }
        if open.visit.is_none() {
            self.note(Imbalance::EndedUnqueued { contact });
            return;
        }
        if open.was_answered != (outcome == ContactOutcome::Answered) {
            self.note(Imbalance::WrongOutcome { contact, outcome });
        }
        if open.is_waiting() {
            self.leave_line(contact, &open);
            self.end_wait(contact, &mut open, (outcome, by), at);
        } else {
            self.complete_visit(&mut open);
        }
        self.book_line(|line| *line.outcomes.entry(outcome).or_default() += 1);
        for (queue, figures) in open.due {
            if let Some(book) = self.queues.get_mut(queue.index()) {
                book.interval.add(&figures);
            }
        }
    }

    /// Books the end of a visit without an answer.
    fn end_wait(
        &mut self,
        contact: ContactId,
        open: &mut OpenContact,
        (outcome, by): (ContactOutcome, EndedBy),
        at: Moment,
    ) {
        let Some(visit) = &open.visit else { return };
        let (queue, waited, told) = (visit.queue, at.since(visit.since), visit.told);
        // An answered contact may wait again after a transfer. That visit is booked by who ended it.
        let ended = match (outcome, by) {
            (ContactOutcome::Answered, EndedBy::Caller) | (ContactOutcome::Abandoned, _) => {
                ContactOutcome::Abandoned
            }
            (ContactOutcome::Answered, EndedBy::System) | (ContactOutcome::Outflowed, _) => {
                ContactOutcome::Outflowed
            }
            (ContactOutcome::Answered, EndedBy::Agent | EndedBy::Transfer)
            | (ContactOutcome::Dequeued, _) => ContactOutcome::Dequeued,
        };
        let short = self.plan.queues.get(queue.index()).is_some_and(|plan| waited < plan.short_abandon);
        let is_abandoned = ended == ContactOutcome::Abandoned;
        self.book_recent(queue, at, |recent| recent.abandoned += u32::from(is_abandoned));
        if let Some(book) = self.queues.get_mut(queue.index()).filter(|_| is_abandoned && !short) {
            book.recent.lose(Lost { contact, from: open.from.clone(), at, waited });
        }
        self.book_contact(open, queue, |figures| match ended {
            ContactOutcome::Abandoned => {
                figures.abandoned += 1;
                figures.abandoned_short += u64::from(short);
                figures.abandon_wait += waited;
                figures.told.missed += u64::from(told.is_some_and(|told| waited > told));
            }
            ContactOutcome::Outflowed => figures.outflowed += 1,
            ContactOutcome::Dequeued | ContactOutcome::Answered => figures.dequeued += 1,
        });
    }

    fn on_agent_changed(&mut self, agent: AgentId, from: AgentState, to: AgentState, at: Moment) {
        let Some(book) = self.agent(agent) else { return };
        let was = book.state;
        let spent = book.enter(to, at);
        let queue = book.last_queue;
        if was != from {
            self.note(Imbalance::AgentJumped { agent, was, said: from });
        }
        if was == AgentState::Acw
            && to != AgentState::Acw
            && let Some(queue) = queue
        {
            self.book(queue, |figures| figures.acw += spent);
        }
    }
}
