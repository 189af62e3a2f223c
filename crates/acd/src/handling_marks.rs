//! The marks of a talk: the warning before the handling target, the target, and further marks after it.

use core::time::Duration;

use turno_ground::Moment;
use turno_model::{AgentId, ContactId, Fact, HandlingChange, QueueId};

use crate::contact::ContactStage;
use crate::deadline::ContactDeadline as Deadline;
use crate::output::RoomOutput;
use crate::room::Room;

impl Room {
    /// Sets the deadlines of a new segment. A warning of zero, or longer than the target, is not set.
    pub(crate) fn start_handling(&mut self, id: ContactId, queue: QueueId, now: Moment) {
        let plan = &self.plan.queues[queue.index()];
        let (target, warning) = (plan.handling_target, plan.handling_warning);
        if target.is_zero() {
            return;
        }
        let Some(mut contact) = self.contacts.entry(id) else { return };
        let ContactStage::With(_, segment) = &mut contact.stage else { return };
        segment.aims_at(target);
        let mark = segment.next_mark(&plan.handling_marks).map(|percent| segment.reaches(percent));
        contact.set(Deadline::HandlingBreach, now + target);
        if !warning.is_zero() && warning < target {
            contact.set(Deadline::HandlingWarning, now + (target - warning));
        }
        if let Some(at) = mark {
            contact.set(Deadline::HandlingMark, at);
        }
    }

    /// A talk gets another handling target, from the wrap-up code that its agent gave. What has passed already is not due
    /// again; what is overdue by the new target is due now.
    pub(crate) fn retarget(&mut self, id: ContactId, agent: AgentId, target: Duration, now: Moment) {
        let Some(mut contact) = self.contacts.entry(id) else { return };
        let plan = &self.plan.queues[contact.queue.index()];
        let ContactStage::With(with, segment) = &mut contact.stage else { return };
        if *with != agent {
            return;
        }
        segment.aims_at(target);
        let (breach, mark) = (segment.reaches(100), segment.next_mark(&plan.handling_marks));
        let mark = mark.map(|percent| segment.reaches(percent));
        if contact.at(Deadline::HandlingBreach).is_some() {
            contact.set(Deadline::HandlingBreach, breach.max(now));
        }
        if contact.at(Deadline::HandlingWarning).is_some() {
            contact.cancel(Deadline::HandlingWarning);
            if plan.handling_warning < target && breach - plan.handling_warning > now {
                contact.set(Deadline::HandlingWarning, breach - plan.handling_warning);
            }
        }
        if let Some(at) = mark {
            contact.set(Deadline::HandlingMark, at.max(now));
        }
        self.record_handling(id, agent, HandlingChange::Retargeted { target });
    }

    /// The warning before the handling target is due.
    pub(crate) fn on_handling_warning(&mut self, id: ContactId) {
        let agent = self.agent_with(id).expect("the marks end with the segment");
        self.record(Fact::TargetWarned { contact: id, agent });
        self.outbox.push_back(RoomOutput::Warn { contact: id, agent });
    }

    /// The handling target has passed.
    pub(crate) fn on_handling_breach(&mut self, id: ContactId) {
        let agent = self.agent_with(id).expect("the marks end with the segment");
        self.record(Fact::TargetBreached { contact: id, agent });
        self.outbox.push_back(RoomOutput::Breach { contact: id, agent });
    }

    /// A mark after the handling target is due. A reload may have taken marks away.
    pub(crate) fn on_handling_mark(&mut self, id: ContactId) {
        let Some(mut contact) = self.contacts.entry(id) else { return };
        let marks = &self.plan.queues[contact.queue.index()].handling_marks;
        let ContactStage::With(agent, segment) = &mut contact.stage else { return };
        let agent = *agent;
        let Some(percent) = segment.next_mark(marks) else { return };
        segment.passes_mark();
        if let Some(at) = segment.next_mark(marks).map(|next| segment.reaches(next)) {
            contact.set(Deadline::HandlingMark, at);
        }
        self.record_handling(id, agent, HandlingChange::Marked { percent });
        self.outbox.push_back(RoomOutput::Breach { contact: id, agent });
    }
}
