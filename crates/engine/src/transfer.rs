//! An agent passes a contact on.

use turno_calls::{CallId, Ringing, Side, Target, TransferAsked};
use turno_ground::Moment;
use turno_model::plan::Entry;
use turno_model::{AgentId, ContactId, QueueId, TransferKind};

use crate::admission::user_of;
use crate::engine::Engine;
use crate::purpose::{Purpose, Stage};

/// Where a transfer leads.
#[derive(Debug)]
enum Destination {
    Queue(QueueId),
    Ring { targets: Vec<Target>, callee: Option<AgentId> },
    Busy,
    Nowhere,
}

impl Engine {
    pub(crate) fn on_transfer_asked(&mut self, call: CallId, side: Side, asked: &TransferAsked, now: Moment) {
        if let Some(replaces) = &asked.replaces {
            // In Replaces the tags are the target's: our local tag is its to-tag (RFC 3891, 3).
            let named = self
                .stack
                .session_by_dialog(&replaces.call_id, &replaces.to_tag, &replaces.from_tag)
                .or_else(|| {
                    self.stack.session_by_dialog(&replaces.call_id, &replaces.from_tag, &replaces.to_tag)
                });
            match named {
                Some(named) => self.attended(call, side, asked, named, now),
                None => self.switchboard.refuse_transfer(&mut self.stack, asked, 481, now),
            }
            return;
        }
        // Only an agent passes a contact on, never the caller.
        let may_ask = side == Side::Far || matches!(self.purposes.get(&call), Some(Purpose::Own { .. }));
        if !may_ask || side == Side::Near {
            self.switchboard.refuse_transfer(&mut self.stack, asked, 403, now);
            return;
        }
        let target = user_of(&asked.target).unwrap_or_default().to_owned();
        match self.destination(call, &target) {
            Destination::Queue(queue) => self.transfer_to_queue(call, asked, queue, now),
            Destination::Ring { targets, callee } => {
                self.switchboard.begin_transfer(&mut self.stack, call, asked, now);
                if let Some(callee) = callee {
                    self.occupy(callee, now);
                }
                self.transfers.insert(call, (target, callee));
                if self.switchboard.ring(&mut self.stack, call, Ringing::Transfer, targets, now).is_err() {
                    self.transfer_failed(call, 503, now);
                }
            }
            Destination::Busy => self.switchboard.refuse_transfer(&mut self.stack, asked, 486, now),
            Destination::Nowhere => self.switchboard.refuse_transfer(&mut self.stack, asked, 404, now),
        }
    }

    fn destination(&self, call: CallId, target: &str) -> Destination {
        if let Some(&colleague) = self.extensions.get(target) {
            if self.is_occupied(colleague) {
                return Destination::Busy;
            }
            let targets = self.agent_targets(colleague, call, &self.plan.site);
            let callee = self.room.state(colleague).is_staffed().then_some(colleague);
            return if targets.is_empty() {
                Destination::Nowhere
            } else {
                Destination::Ring { targets, callee }
            };
        }
        if let Some((_, number)) = self.plan.number_at(target) {
            return match number.entry {
                Entry::Queue(queue) => Destination::Queue(queue),
                Entry::Menu(menu) => Destination::Queue(self.plan.menus[menu.index()].otherwise),
            };
        }
        if let Some(queue) = self.plan.queues.iter().position(|queue| queue.name == target) {
            return u32::try_from(queue)
                .map_or(Destination::Nowhere, |queue| Destination::Queue(QueueId(queue)));
        }
        match self.outside(target).and_then(|outside| self.outside_target(call, &outside)) {
            Some(target) => Destination::Ring { targets: vec![target], callee: None },
            None => Destination::Nowhere,
        }
    }

    fn transfer_to_queue(&mut self, call: CallId, asked: &TransferAsked, queue: QueueId, now: Moment) {
        match self.purposes.get(&call).cloned() {
            Some(Purpose::Contact(Stage::Connected(..))) => {
                self.switchboard.finish_transfer(&mut self.stack, call, asked, now);
                self.purposes.insert(call, Purpose::Contact(Stage::Queued(queue)));
                self.room.transfer_to_queue(ContactId(call.0), queue, TransferKind::Blind, now);
            }
            Some(Purpose::Own { .. } | Purpose::Announcement | Purpose::Contact(_)) | None => {
                self.switchboard.refuse_transfer(&mut self.stack, asked, 403, now);
            }
        }
    }

    /// The target of a blind transfer answered: the contact has left the agent.
    pub(crate) fn transferred(&mut self, call: CallId, kind: TransferKind, now: Moment) {
        let (to, callee) = self.transfers.remove(&call).unwrap_or_default();
        match self.purposes.get(&call).cloned() {
            Some(Purpose::Contact(Stage::Connected(..))) => {
                self.room.transfer_away(ContactId(call.0), kind, &to, now);
            }
            Some(Purpose::Own { caller: _, callee: before, outside: _ }) => {
                self.own_call_over(None, before, now)
            }
            Some(Purpose::Contact(_) | Purpose::Announcement) | None => {}
        }
        self.purposes.insert(call, Purpose::Own { caller: None, callee, outside: None });
    }

    /// The target did not answer: the agent talks on, or, having left already, the caller is the queue's again.
    pub(crate) fn transfer_failed(&mut self, call: CallId, status: u16, now: Moment) {
        let (_, callee) = self.transfers.remove(&call).unwrap_or_default();
        self.own_call_over(None, callee, now);
        if self.switchboard.transfer_failed(&mut self.stack, call, status, now)
            && self.switchboard.has_far(call)
        {
            return;
        }
        if let Some(&Purpose::Contact(Stage::Connected(queue, _))) = self.purposes.get(&call) {
            self.purposes.insert(call, Purpose::Contact(Stage::Queued(queue)));
            self.room.agent_lost(ContactId(call.0), now);
        } else {
            self.end_call(call, now);
        }
    }

    pub(crate) fn is_transferring(&self, call: CallId) -> bool {
        self.transfers.contains(&call)
    }

    /// Attended transfer: the caller and the consulted party are joined, the agent's two legs let go.
    fn attended(
        &mut self,
        call: CallId,
        side: Side,
        asked: &TransferAsked,
        named: turno_sip::SessionId,
        now: Moment,
    ) {
        let allowed = match (self.agent_at(call, side), self.switchboard.place_of(named)) {
            (Some(agent), Some((other, other_side))) => self.agent_at(other, other_side) == Some(agent),
            (None, _) | (_, None) => false,
        };
        if !allowed {
            self.switchboard.refuse_transfer(&mut self.stack, asked, 403, now);
            return;
        }
        let Some((keep, given)) = self.switchboard.merge(&mut self.stack, call, asked, named, now) else {
            self.switchboard.refuse_transfer(&mut self.stack, asked, 488, now);
            return;
        };
        self.close_books_of_attended(keep, given, now);
    }

    fn close_books_of_attended(&mut self, keep: CallId, given: CallId, now: Moment) {
        let (callee, consulting) = match self.forget_call(given) {
            Some(Purpose::Own { caller, callee, outside: _ }) => (callee, caller),
            Some(Purpose::Contact(_) | Purpose::Announcement) | None => (None, None),
        };
        let to = callee.map_or_else(String::new, |agent| self.plan.agents[agent.index()].extension.clone());
        if self.switchboard.has_far(keep) {
            self.transfers.insert(keep, (to, callee));
            self.transferred(keep, TransferKind::Attended, now);
        } else {
            self.transfers.insert(keep, (to, callee));
        }
        // After the contact has left: only then can the agent's state move.
        self.own_call_over(consulting, None, now);
    }

    /// The agent at one side of a call.
    fn agent_at(&self, call: CallId, side: Side) -> Option<AgentId> {
        match (self.purposes.get(&call)?, side) {
            (Purpose::Contact(Stage::Connected(_, agent)), Side::Far) => Some(*agent),
            (Purpose::Own { caller, .. }, Side::Near) => *caller,
            (Purpose::Own { callee, .. }, Side::Far) => *callee,
            (Purpose::Contact(_) | Purpose::Announcement, Side::Near | Side::Far) => None,
        }
    }
}
