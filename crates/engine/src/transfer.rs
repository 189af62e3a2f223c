//! An agent transfers a call.

use turno_calls::{CallId, Ringing, Side, Target, TransferAsked};
use turno_ground::Moment;
use turno_model::plan::Entry;
use turno_model::{AgentCallOutcome, AgentId, EndedBy, Party, QueueId, TransferKind};

use crate::call_purpose::{CallStage, PendingTransfer, Purpose};
use crate::calls::CallDeadline;
use crate::engine::Engine;
use crate::user::user_of;

/// Target of a transfer.
#[derive(Debug)]
enum Destination {
    Queue(QueueId),
    Ring { targets: Vec<Target>, callee: Option<AgentId> },
    Busy,
    Nowhere,
}

impl Engine {
    pub(crate) fn on_transfer_asked(&mut self, call: CallId, side: Side, asked: &TransferAsked, now: Moment) {
        if self.calls.is_passed_on(call) || self.consults_in(call).is_some() {
            // RFC 3515, 2.4.4 allows several REFERs, but a caller can only be transferred to one target at a time.
            self.switchboard.refuse_transfer(&mut self.stack, asked, 491, now);
            return;
        }
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
        // Only an agent may transfer a call, never the caller.
        if self.agent_at(call, side).is_none() || !self.turn_to_b_leg(call, side) {
            self.switchboard.refuse_transfer(&mut self.stack, asked, 403, now);
            return;
        }
        let target = user_of(&asked.target).unwrap_or_default();
        if self.transferred_to_survey(call, asked, &target, now)
            || self.transferred_to_front(call, asked, &target, now)
        {
            return;
        }
        match self.destination(call, &target) {
            Destination::Queue(queue) if !self.room.takes_in(queue) => {
                self.switchboard.refuse_transfer(&mut self.stack, asked, 480, now);
            }
            Destination::Queue(queue) => self.transfer_to_queue(call, asked, queue, now),
            Destination::Ring { targets, callee } => {
                self.switchboard.begin_transfer(&mut self.stack, call, asked, now);
                if let Some(callee) = callee {
                    self.occupy(callee, now);
                }
                let pending = PendingTransfer { to: target, callee, kind: TransferKind::Blind };
                self.calls.pass_on(call, pending);
                let rung = self.switchboard.ring(&mut self.stack, call, Ringing::Transfer, targets, now);
                self.ports_were_taken();
                if rung.is_err() {
                    self.transfer_failed(call, 503, now);
                } else if matches!(self.calls.purpose(call), Some(Purpose::Contact(_)))
                    && let Some(contact) = self.contacts.of(call)
                {
                    let party = callee.map_or(Party::Outside, Party::Agent);
                    self.legs_rung(contact, call, party, now);
                    self.dependency_rung(call, now);
                }
            }
            Destination::Busy => self.switchboard.refuse_transfer(&mut self.stack, asked, 486, now),
            Destination::Nowhere => self.switchboard.refuse_transfer(&mut self.stack, asked, 404, now),
        }
    }

    fn destination(&self, call: CallId, target: &str) -> Destination {
        if let Some(dependency) = self.dependency(target) {
            return match self.trunks.target(&dependency, &self.plan) {
                Some(target) => Destination::Ring { targets: vec![target], callee: None },
                None => Destination::Nowhere,
            };
        }
        if let Some(reached) = self.directory.extension(target) {
            let Some(colleague) = self.reached_by(reached) else { return Destination::Nowhere };
            if self.is_occupied(colleague) {
                return Destination::Busy;
            }
            let targets = self.agent_targets(colleague, call, &self.plan.site);
            return if targets.is_empty() {
                Destination::Nowhere
            } else {
                Destination::Ring { targets, callee: Some(colleague) }
            };
        }
        if let Some(place) = self.directory.number(target) {
            return match self.plan.numbers[place].entry {
                Entry::Queue(queue) | Entry::Agent(_, queue) => Destination::Queue(queue),
                Entry::Menu(menu) => Destination::Queue(self.plan.menus[menu.index()].otherwise),
            };
        }
        if let Some(queue) = self.plan.queues.iter().position(|queue| queue.name == target) {
            return u32::try_from(queue)
                .map_or(Destination::Nowhere, |queue| Destination::Queue(QueueId(queue)));
        }
        match self.outside(target).and_then(|outside| self.trunks.target(&outside, &self.plan)) {
            Some(target) => Destination::Ring { targets: vec![target], callee: None },
            None => Destination::Nowhere,
        }
    }

    fn transfer_to_queue(&mut self, call: CallId, asked: &TransferAsked, queue: QueueId, now: Moment) {
        match (self.calls.purpose(call), self.contacts.of(call)) {
            (Some(Purpose::Contact(CallStage::Connected(..))), Some(contact)) => {
                self.switchboard.finish_transfer(&mut self.stack, call, asked, now);
                self.calls.cancel(call, CallDeadline::RecallAgain);
                self.calls.is_for(call, Purpose::Contact(CallStage::Queued(queue)));
                self.room.transfer_to_queue(contact, queue, TransferKind::Blind, now);
                self.begin_announcing(call, queue, now);
            }
            (
                Some(
                    Purpose::Own { .. }
                    | Purpose::Announcement
                    | Purpose::Contact(_)
                    | Purpose::Survey(_)
                    | Purpose::SittingDown(_)
                    | Purpose::AgentsLine(_)
                    | Purpose::Line(_),
                ),
                _,
            )
            | (
                Some(
                    Purpose::Observing(_)
                    | Purpose::Speaking(_)
                    | Purpose::Consulting(_)
                    | Purpose::CallingBack(_)
                    | Purpose::Hearing(_)
                    | Purpose::Arriving,
                )
                | None,
                _,
            ) => {
                self.switchboard.refuse_transfer(&mut self.stack, asked, 403, now);
            }
        }
    }

    /// The target of a transfer answered: the contact has left the agent.
    pub(crate) fn transferred(&mut self, call: CallId, now: Moment) {
        let Some(PendingTransfer { to, callee, kind }) = self.calls.take_transfer(call) else { return };
        self.calls.cancel(call, CallDeadline::RecallAgain);
        let caller = match (self.calls.purpose(call).cloned(), self.contacts.of(call)) {
            (Some(Purpose::Contact(CallStage::Connected(..))), Some(contact)) => {
                let to = self.dependency_reached(call, &to, now).unwrap_or(to);
                self.room.transfer_away(contact, kind, &to, now);
                None
            }
            (Some(Purpose::Own { caller, callee: before, outside: _ }), _) => {
                self.agent_call_over(None, before, now);
                caller
            }
            (Some(Purpose::Contact(_) | Purpose::Announcement | Purpose::Survey(_)), _)
            | (
                Some(
                    Purpose::Observing(_)
                    | Purpose::Speaking(_)
                    | Purpose::Consulting(_)
                    | Purpose::CallingBack(_)
                    | Purpose::Hearing(_)
                    | Purpose::SittingDown(_)
                    | Purpose::AgentsLine(_)
                    | Purpose::Line(_)
                    | Purpose::Arriving,
                )
                | None,
                _,
            ) => None,
        };
        self.calls.is_for(call, Purpose::Own { caller, callee, outside: None });
    }

    pub(crate) fn forget_transfer(&mut self, call: CallId, now: Moment) {
        if let Some(pending) = self.calls.take_transfer(call) {
            self.agent_call_over(None, pending.callee, now);
        }
    }

    /// The target did not answer: the agent talks on. If the agent has left already, the caller returns to the queue.
    pub(crate) fn transfer_failed(&mut self, call: CallId, status: u16, now: Moment) {
        self.dependency_not_reached(call, status, now);
        self.forget_transfer(call, now);
        if self.switchboard.transfer_failed(&mut self.stack, call, status, now)
            && self.switchboard.has_b_leg(call)
        {
            return;
        }
        if let Some(&Purpose::Contact(CallStage::Connected(queue, _))) = self.calls.purpose(call)
            && let Some(contact) = self.contacts.of(call)
        {
            self.calls.cancel(call, CallDeadline::RecallAgain);
            self.calls.is_for(call, Purpose::Contact(CallStage::Queued(queue)));
            self.room.agent_lost(contact, now);
            self.begin_announcing(call, queue, now);
        } else {
            self.close_books(call, EndedBy::System, now);
            self.end_call(call, now);
        }
    }

    /// Attended transfer: joins the caller and the consulted party, and releases the agent's two legs.
    fn attended(
        &mut self,
        call: CallId,
        side: Side,
        asked: &TransferAsked,
        named: turno_sip::SessionId,
        now: Moment,
    ) {
        let (asker, named_at) = (self.agent_at(call, side), self.switchboard.place_of(named));
        let (Some(asker), Some((other, other_side))) = (asker, named_at) else {
            self.switchboard.refuse_transfer(&mut self.stack, asked, 403, now);
            return;
        };
        if self.agent_at(other, other_side) != Some(asker) {
            self.switchboard.refuse_transfer(&mut self.stack, asked, 403, now);
            return;
        }
        // Keeps the call that the agent did not dial. A contact's call is never given up.
        let given = if side == Side::A && other_side == Side::B { call } else { other };
        let fits = !matches!(self.calls.purpose(given), Some(Purpose::Contact(_)))
            && !self.calls.is_passed_on(other)
            && self.consults_in(other).is_none()
            && (other_side == Side::B || self.turn_to_b_leg(call, side));
        let merged =
            if fits { self.switchboard.merge(&mut self.stack, call, asked, named, now) } else { None };
        match merged {
            Some((keep, given)) => self.close_books_of_attended(keep, given, asker, now),
            None => self.switchboard.refuse_transfer(&mut self.stack, asked, 488, now),
        }
    }

    fn close_books_of_attended(&mut self, keep: CallId, given: CallId, asker: AgentId, now: Moment) {
        let (rest, leaving, number) = match self.forget_call(given, now).map(|record| record.purpose) {
            Some(Purpose::Own { caller, callee, outside }) => {
                self.agent_call_settled(given, AgentCallOutcome::Ended, now);
                let number = outside.map(|outside| outside.number);
                if caller == Some(asker) { (callee, caller, number) } else { (caller, callee, number) }
            }
            Some(Purpose::Contact(_) | Purpose::Announcement | Purpose::Survey(_))
            | Some(
                Purpose::Observing(_)
                | Purpose::Speaking(_)
                | Purpose::Consulting(_)
                | Purpose::CallingBack(_)
                | Purpose::Hearing(_)
                | Purpose::SittingDown(_)
                | Purpose::AgentsLine(_)
                | Purpose::Line(_)
                | Purpose::Arriving,
            )
            | None => (None, None, None),
        };
        let extension = rest.map(|agent| self.plan.agents[agent.index()].extension.clone());
        let to = extension.or(number).unwrap_or_default();
        let pending = PendingTransfer { to, callee: rest, kind: TransferKind::Attended };
        self.calls.pass_on(keep, pending);
        if self.switchboard.has_b_leg(keep) {
            self.agent_has_moved(keep);
            self.transferred(keep, now);
        }
        // Only after the contact has left can the agent's state change.
        self.agent_call_over(leaving, None, now);
    }

    /// Swaps the legs of an agent's own call if needed, so that the agent is at its B leg. False if that is not
    /// possible.
    fn turn_to_b_leg(&mut self, call: CallId, side: Side) -> bool {
        if side == Side::B {
            return true;
        }
        let Some(Purpose::Own { caller, callee, outside }) = self.calls.purpose(call).cloned() else {
            return false;
        };
        if !self.switchboard.turn_round(call) {
            return false;
        }
        self.calls.is_for(call, Purpose::Own { caller: callee, callee: caller, outside });
        true
    }

    fn agent_at(&self, call: CallId, side: Side) -> Option<AgentId> {
        match (self.calls.purpose(call)?, side) {
            (Purpose::Contact(CallStage::Connected(_, agent)), Side::B) => Some(*agent),
            (Purpose::Own { caller, .. }, Side::A) => *caller,
            (Purpose::Own { callee, .. }, Side::B) => *callee,
            (Purpose::Contact(_) | Purpose::Announcement | Purpose::Survey(_), Side::A | Side::B)
            | (
                Purpose::Observing(_)
                | Purpose::Speaking(_)
                | Purpose::Consulting(_)
                | Purpose::CallingBack(_)
                | Purpose::Hearing(_)
                | Purpose::SittingDown(_)
                | Purpose::AgentsLine(_)
                | Purpose::Line(_)
                | Purpose::Arriving,
                Side::A | Side::B,
            ) => None,
        }
    }
}
