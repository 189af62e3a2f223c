//! Dials the person of a contact before an agent has it, so that the agent does not hear the ringing.
//!
//! A contact that is due is in no line: it is dialled when nobody who came earlier waits for the same agents, and one of them
//! is free or expected soon. A queue has one dial at a time, and the queues that share agents have no more dials than agents.
//! When the person has answered, the contact stands in line at its own place, as any caller does.

use core::time::Duration;

use turno_ground::Moment;
use turno_model::plan::CallbackFirst;
use turno_model::{AgentId, CallbackChange, Channel, Channels, ContactId, Fact, QueueId};

use crate::contact::ContactStage;
use crate::expected_wait::releases::time_of;
use crate::line::Place;
use crate::lines::LineId;
use crate::output::RoomOutput;
use crate::presence::Presence;
use crate::room::Room;

/// An agent who is expected soon comes nearer without an event, so this is looked at again after so long.
const LOOK_SPAN: Duration = Duration::from_secs(1);

/// The agents of a line, and what else they serve.
struct Crew {
    /// By line: whether one of these agents sees it.
    shares: Vec<bool>,
    /// The time in seconds for which each of them is still busy.
    remaining: Vec<f64>,
    /// How many of them are free.
    free: usize,
}

impl Room {
    /// The person of a contact that was to be dialled has answered: the contact stands in line, at its place.
    pub fn person_comes(&mut self, id: ContactId, now: Moment) {
        if !self.is_dialled(id) {
            return;
        }
        self.leave_ahead(id);
        if let Some(contact) = self.contacts.get_mut(id) {
            contact.presence = Presence::Reached;
        }
        self.comes_due(id, now);
    }

    /// The dial has ended without a person, or was not possible: the contact is dialled again from `not_before` on.
    pub fn dial_later(&mut self, id: ContactId, not_before: Moment, now: Moment) {
        if !self.is_dialled(id) {
            return;
        }
        self.leave_ahead(id);
        if let Some(contact) = self.contacts.get_mut(id) {
            contact.presence = Presence::CalledBack { not_before };
        }
        if !self.put_off(id, now) {
            self.stand_ahead(id, now);
        }
    }

    /// Whether contacts of this kind are dialled before an agent has them.
    pub(crate) fn dials_ahead(&self, queue: QueueId, channel: Channel) -> bool {
        let callback = self.plan.queues[queue.index()].callback.as_ref();
        channel == Channel::Voice && callback.is_some_and(|it| it.first == CallbackFirst::Citizen)
    }

    /// A contact that is in no line is to be dialled.
    pub(crate) fn stand_ahead(&mut self, id: ContactId, now: Moment) {
        let Some(contact) = self.contacts.get_mut(id) else { return };
        contact.stage = ContactStage::ToDial;
        let (queue, place) = (contact.queue, contact.place(id));
        self.ahead.insert(queue, place, now);
    }

    /// A contact is no longer to be dialled, or dialled.
    pub(crate) fn leave_ahead(&mut self, id: ContactId) {
        if let Some(contact) = self.contacts.get(&id) {
            self.ahead.remove(contact.queue, contact.place(id));
        }
    }

    /// Dials those whose turn it is.
    pub(crate) fn dial_due(&mut self, now: Moment) {
        for (place, queue) in self.ahead.heads() {
            let line = self.line_after_dial(queue, place.contact, now);
            if self.may_dial((queue, line), place, now) {
                self.ahead.dials(queue, place);
                if let Some(contact) = self.contacts.get_mut(place.contact) {
                    contact.stage = ContactStage::Dialled;
                }
                self.outbox.push_back(RoomOutput::DialAhead { contact: place.contact });
            }
        }
        self.ahead.look_at = (!self.ahead.is_empty()).then_some(now + LOOK_SPAN);
    }

    /// Under another plan agents may come first: then the contacts stand in line, as the others do.
    pub(crate) fn dial_by_plan(&mut self, now: Moment) {
        let all: Vec<(QueueId, Place)> = self.ahead.all().collect();
        for (queue, place) in all {
            if !self.dials_ahead(queue, Channel::Voice) {
                self.leave_ahead(place.contact);
                self.comes_due(place.contact, now);
            }
        }
        self.ahead.look_now(now);
    }

    fn comes_due(&mut self, id: ContactId, now: Moment) {
        self.join_line(id, now);
        self.record(Fact::Callback(id, CallbackChange::Due));
        self.pair(None, id, now);
    }

    fn is_dialled(&self, id: ContactId) -> bool {
        self.contacts.get(&id).is_some_and(|contact| matches!(contact.stage, ContactStage::Dialled))
    }

    /// The line in which a contact will stand: a step that lets all agents of its queue take it is taken there at once.
    fn line_after_dial(&mut self, queue: QueueId, id: ContactId, now: Moment) -> LineId {
        let plan = &self.plan.queues[queue.index()];
        let reach = self.contacts.get(&id).and_then(|contact| {
            let is_relaxed = contact.relaxed_at(plan).is_some_and(|at| at <= now);
            (!is_relaxed).then(|| contact.reach.clone())
        });
        reach.map_or(LineId::of(queue), |reach| self.line_for(queue, &reach))
    }

    /// The line of a contact that is dialled.
    fn line_of_dialled(&self, id: ContactId, queue: QueueId) -> LineId {
        let contact = self.contacts.get(&id);
        let line = contact.and_then(|contact| self.lines.find(queue, &contact.reach));
        line.unwrap_or(LineId::of(queue))
    }

    fn may_dial(&self, (queue, line): (QueueId, LineId), place: Place, now: Moment) -> bool {
        let is_paused = self.lines[LineId::of(queue)].is_paused();
        // The agent needs a port too.
        if is_paused || self.ports < 2 || self.ahead.dialled().any(|(_, other)| other == queue) {
            return false;
        }
        let crew = self.crew(line, now);
        let dialled = self.ahead.dialled().map(|(other, queue)| self.line_of_dialled(other, queue));
        let dials = dialled.filter(|line| crew.shares[line.index()]).count();
        // Those who wait are not for the free agents, or they would have them.
        if crew.free > dials && !self.is_short_of_ports {
            return true;
        }
        let is_earlier = |(id, line): (LineId, &crate::line::Line)| {
            crew.shares[id.index()] && !line.is_paused() && line.ahead_of(place, Channels::RINGING) > 0
        };
        if self.lines.iter().any(is_earlier) {
            return false;
        }
        let ahead = self.plan.queues[queue.index()].callback.as_ref().map_or(Duration::ZERO, |it| it.ahead);
        let Some(learned) = self.learned.as_deref() else { return false };
        let mean = learned.queues.get(queue.index()).map_or(0.0, |waits| waits.remaining.mean());
        let within = || time_of(dials as f64 + 1.0, &crew.remaining, mean);
        crew.remaining.len() > dials && within() <= ahead.as_secs_f64()
    }

    fn crew(&self, line: LineId, now: Moment) -> Crew {
        let mut crew = Crew { shares: vec![false; self.lines.count()], remaining: Vec::new(), free: 0 };
        for agent in (0..self.agents.len()).map(|at| AgentId(u32::try_from(at).unwrap_or(u32::MAX))) {
            let lines = self.staffing.lines(agent);
            if !lines.contains(&line) {
                continue;
            }
            let is_free = self.open(agent).has(Channel::Voice);
            let left = if is_free { Some(0.0) } else { self.remaining(agent, now) };
            if let Some(left) = left {
                crew.free += usize::from(is_free);
                crew.remaining.push(left);
                lines.iter().for_each(|line| crew.shares[line.index()] = true);
            }
        }
        crew
    }
}
