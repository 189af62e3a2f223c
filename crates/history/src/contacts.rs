//! Contacts with their visits of queues and talks, from the arrival to the end.

use core::time::Duration;

use turno_model::{AgentId, ContactId, ContactOutcome, EndedBy, QueueId, TurnedAway};

use crate::book::{Book, Now};
use crate::interval_tables::{AgentInterval, QueueInterval};
use crate::names::Names;
use crate::open::{OpenContact, Talk, Visit, count};
use crate::tables::Contact;
use crate::words;

impl Book {
    pub(crate) fn queued(
        &mut self,
        now: Now<'_>,
        contact: ContactId,
        queue: QueueId,
        (priority, position): (u8, u32),
    ) {
        let queue = now.names.queue(queue);
        let Some(open) = self.contacts.get_mut(&contact) else { return };
        let waits_again = open.visits.last().is_some_and(|visit| visit.waits_again);
        let goes_on = open.is_waiting() || waits_again;
        if goes_on && open.queue() == Some(&queue) {
            // After a missed offer, or when an agent gives it back, a contact returns to its line: no new visit.
            return;
        }
        if open.is_waiting() {
            if let Some(visit) = open.visits.last_mut() {
                visit.outcome = Some(words::outcome(ContactOutcome::Dequeued).to_owned());
                visit.left = Some(now.at);
            }
        } else {
            complete_visit(open, now);
        }
        open.write_visit(contact, &mut self.changes);
        let is_first = open.visits.is_empty();
        let is_passed_on = open.visits.iter().any(|visit| visit.answered.is_some());
        open.visits.push(Visit::new(queue.clone(), (priority, position), now.at));
        open.write_visit(contact, &mut self.changes);
        let row = self
            .changes
            .row::<Contact>(vec![contact.0.into()])
            .set(Contact::LastQueue, queue.as_str())
            .add(Contact::Visits, 1_i64);
        if is_first {
            let _row = row.set(Contact::FirstQueue, queue.as_str()).set(Contact::Queued, now.at);
        }
        if is_passed_on {
            self.figure(now, &queue, QueueInterval::TransfersIn, 1_i64);
        }
    }

    pub(crate) fn told(&mut self, now: Now<'_>, contact: ContactId, whole: Duration) {
        let Some(open) = self.contacts.get_mut(&contact) else { return };
        let Some(visit) = open.visits.last_mut().filter(|visit| visit.told.is_none()) else { return };
        visit.told = Some(whole);
        open.write_visit(contact, &mut self.changes);
        self.mark(now, contact, QueueInterval::Told);
    }

    /// A change of the visit in which a contact is.
    pub(crate) fn change_visit(&mut self, contact: ContactId, change: impl FnOnce(&mut Visit)) {
        let Some(open) = self.contacts.get_mut(&contact) else { return };
        if let Some(visit) = open.visits.last_mut() {
            change(visit);
            open.write_visit(contact, &mut self.changes);
        }
    }

    pub(crate) fn connected(&mut self, now: Now<'_>, contact: ContactId, agent: AgentId, queue: QueueId) {
        self.works_for(now, agent, &now.names.queue(queue));
        self.count(now, agent, AgentInterval::Answered);
        let Some(open) = self.contacts.get_mut(&contact) else { return };
        if let Some(visit) = open.visits.last_mut() {
            visit.waits_again = false;
            // An answer by a colleague after a transfer is no second answer of this visit.
            if visit.answered.is_none() {
                let waited = now.at.since(visit.entered);
                visit.answered = Some(now.at);
                visit.left = Some(now.at);
                visit.told_kept = visit.told.map(|told| waited <= told);
                visit.outcome = Some(words::outcome(ContactOutcome::Answered).to_owned());
                visit.is_in_target =
                    now.names.targets(&visit.queue).is_some_and(|targets| waited <= targets.wait);
            }
        }
        open.write_visit(contact, &mut self.changes);
        self.talk_begins(now, contact, agent, false);
    }

    /// Another agent goes on with the talk.
    pub(crate) fn taken_over(&mut self, now: Now<'_>, contact: ContactId, to: AgentId, queue: QueueId) {
        self.works_for(now, to, &now.names.queue(queue));
        self.count(now, to, AgentInterval::TakenOver);
        self.talk_begins(now, contact, to, true);
    }

    fn talk_begins(&mut self, now: Now<'_>, contact: ContactId, agent: AgentId, is_taken_over: bool) {
        let agent = now.names.agent(agent);
        let Some(open) = self.contacts.get_mut(&contact) else { return };
        open.talks.push(Talk {
            visit: count(open.visits.len()),
            queue: open.queue().unwrap_or_default().to_owned(),
            agent: agent.clone(),
            began: now.at,
            is_taken_over,
            ended: None,
            talk: Duration::ZERO,
            hold: Duration::ZERO,
            is_held: false,
            booked_until: now.at,
        });
        open.write_talk(contact, open.talks.len() - 1, &mut self.changes);
        let row = self
            .changes
            .row::<Contact>(vec![contact.0.into()])
            .set(Contact::LastAgent, agent.as_str())
            .add(Contact::Talks, 1_i64);
        if open.talks.len() == 1 {
            let _row = row.set(Contact::FirstAgent, agent).set(Contact::Answered, now.at);
        }
    }

    pub(crate) fn held(&mut self, now: Now<'_>, contact: ContactId, agent: AgentId, is_held: bool) {
        let agent = now.names.agent(agent);
        let Some(open) = self.contacts.get_mut(&contact) else { return };
        let Some(place) = open_talk(open, &agent) else { return };
        if let Some(talk) = open.talks.get_mut(place) {
            talk.settle(now.at);
            talk.is_held = is_held;
        }
        open.write_talk(contact, place, &mut self.changes);
        if is_held {
            self.count_contact(contact, Contact::Holds);
        }
    }

    pub(crate) fn disconnected(&mut self, now: Now<'_>, contact: ContactId, agent: AgentId) {
        let agent = now.names.agent(agent);
        let place = self.contacts.get(&contact).and_then(|open| open_talk(open, &agent));
        if let Some(place) = place {
            self.close_talk(now, contact, place);
        }
    }

    fn close_talk(&mut self, now: Now<'_>, contact: ContactId, place: usize) {
        let Some(open) = self.contacts.get_mut(&contact) else { return };
        let Some(talk) = open.talks.get_mut(place) else { return };
        talk.settle(now.at);
        talk.ended = Some(now.at);
        let (agent, spans) = (talk.agent.clone(), (talk.talk, talk.hold));
        open.write_talk(contact, place, &mut self.changes);
        if let Some(visit) = open.visits.last_mut() {
            visit.handled += 1;
            visit.talk += spans.0;
            visit.hold += spans.1;
            open.write_visit(contact, &mut self.changes);
            self.agent_figure(now, &agent, AgentInterval::Handled, 1_i64);
        }
        self.changes
            .row::<Contact>(vec![contact.0.into()])
            .add(Contact::Talk, spans.0)
            .add(Contact::Hold, spans.1);
    }

    pub(crate) fn turned_away(&mut self, now: Now<'_>, contact: ContactId, reason: TurnedAway) {
        if self.contacts.remove(&contact).is_some() {
            self.changes
                .row::<Contact>(vec![contact.0.into()])
                .set(Contact::Ended, now.at)
                .set(Contact::Outcome, "turned_away")
                .set(Contact::TurnedAway, words::turned_away(reason))
                .set(Contact::IsOpen, false);
        }
    }

    pub(crate) fn ended(
        &mut self,
        now: Now<'_>,
        contact: ContactId,
        (outcome, by): (ContactOutcome, EndedBy),
        waited: Duration,
    ) {
        let Some(open) = self.contacts.get(&contact) else { return };
        let talks: Vec<usize> = (0..open.talks.len()).filter(|place| is_open(open, *place)).collect();
        for place in talks {
            self.close_talk(now, contact, place);
        }
        let Some(mut open) = self.contacts.remove(&contact) else { return };
        if open.is_waiting() {
            end_wait(&mut open, now, (outcome, by));
        } else {
            complete_visit(&mut open, now);
        }
        open.write_visit(contact, &mut self.changes);
        self.changes
            .row::<Contact>(vec![contact.0.into()])
            .set(Contact::Ended, now.at)
            .set(Contact::Outcome, words::outcome(outcome))
            .set(Contact::EndedBy, words::ended_by(by))
            .set(Contact::Waited, waited)
            .set(Contact::IsOpen, false);
        for visit in &open.visits {
            self.book_visit(now, visit);
        }
    }

    /// Books the figures of a visit in the half hour in which its contact ended.
    fn book_visit(&mut self, now: Now<'_>, visit: &Visit) {
        use QueueInterval as Figure;
        let mut book = |column, number: i64| {
            if number != 0 {
                self.figure(now, &visit.queue, column, number);
            }
        };
        let waited = visit.left.unwrap_or(now.at).since(visit.entered);
        let span = crate::value::micros(waited);
        book(Figure::Entered, 1);
        match visit.outcome.as_deref() {
            Some("answered") => {
                book(Figure::Answered, 1);
                book(Figure::AnsweredInTarget, visit.is_in_target.into());
                book(Figure::AnswerWait, span);
                book(Figure::AnswerWaitMax, span);
                book(Figure::ToldKept, (visit.told_kept == Some(true)).into());
                book(Figure::ToldMissed, (visit.told_kept == Some(false)).into());
                if let Some(told) = visit.told.map(crate::value::micros) {
                    book(Figure::ToldAnswered, 1);
                    book(Figure::ToldOff, (told - span).abs());
                    book(Figure::ToldAbove, told - span);
                }
            }
            Some("abandoned") => {
                book(Figure::Abandoned, 1);
                if let Some(class) = wait_class(waited) {
                    book(class, 1);
                }
                book(Figure::AbandonedShort, visit.is_short.into());
                book(Figure::AbandonWait, span);
                book(Figure::ToldMissed, (visit.told_kept == Some(false)).into());
            }
            Some("outflowed") => book(Figure::Outflowed, 1),
            Some("dequeued") => book(Figure::Dequeued, 1),
            Some(_) | None => {}
        }
        book(Figure::Completed, visit.is_completed.into());
        book(Figure::CompletedInTarget, visit.is_completed_in_target.into());
        book(Figure::Handled, visit.handled.into());
        book(Figure::Talk, crate::value::micros(visit.talk));
        book(Figure::Hold, crate::value::micros(visit.hold));
    }
}

/// The class of an abandoned wait, by the seconds up to which it goes; `None`: longer.
fn wait_class(waited: Duration) -> Option<QueueInterval> {
    let classes = [
        (10, QueueInterval::AbandonedTo10),
        (20, QueueInterval::AbandonedTo20),
        (30, QueueInterval::AbandonedTo30),
        (60, QueueInterval::AbandonedTo60),
        (120, QueueInterval::AbandonedTo120),
        (300, QueueInterval::AbandonedTo300),
    ];
    let class = classes.into_iter().find(|(seconds, _)| waited <= Duration::from_secs(*seconds));
    class.map(|(_, column)| column)
}

fn is_open(open: &OpenContact, place: usize) -> bool {
    open.talks.get(place).is_some_and(|talk| talk.ended.is_none())
}

fn open_talk(open: &OpenContact, agent: &str) -> Option<usize> {
    open.talks.iter().position(|talk| talk.ended.is_none() && talk.agent == agent)
}

/// Compares the handling time of an answered visit with the target, once, when the visit is over.
fn complete_visit(open: &mut OpenContact, now: Now<'_>) {
    let Some(visit) = open.visits.last_mut().filter(|visit| visit.answered.is_some()) else { return };
    let target = visit.target.or_else(|| handling_target(&visit.queue, now.names));
    visit.is_completed = true;
    visit.is_completed_in_target = target.is_some_and(|target| visit.talk + visit.hold <= target);
}

fn handling_target(queue: &str, names: &Names) -> Option<Duration> {
    names.targets(queue).map(|targets| targets.handling)
}

/// The end of a visit without an answer.
fn end_wait(open: &mut OpenContact, now: Now<'_>, (outcome, by): (ContactOutcome, EndedBy)) {
    let Some(visit) = open.visits.last_mut() else { return };
    // An answered contact may wait again after a transfer. That visit is booked by who ended it.
    let ended = match (outcome, by) {
        (ContactOutcome::Answered, EndedBy::Caller) | (ContactOutcome::Abandoned, _) => {
            ContactOutcome::Abandoned
        }
        (ContactOutcome::Answered, EndedBy::System) | (ContactOutcome::Outflowed, _) => {
            ContactOutcome::Outflowed
        }
        (ContactOutcome::Answered, EndedBy::Agent | EndedBy::Transfer) | (ContactOutcome::Dequeued, _) => {
            ContactOutcome::Dequeued
        }
    };
    let waited = now.at.since(visit.entered);
    visit.left = Some(now.at);
    // Whether a caller who gives up before the end of the told wait would have been answered in time is not known.
    visit.told_kept =
        visit.told.filter(|told| ended == ContactOutcome::Abandoned && waited > *told).map(|_| false);
    visit.outcome = Some(words::outcome(ended).to_owned());
    visit.is_short = ended == ContactOutcome::Abandoned
        && now.names.targets(&visit.queue).is_some_and(|targets| waited < targets.short_abandon);
}
