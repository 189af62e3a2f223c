//! Agents who change seats, by a command or by a new plan.

use compact_str::CompactString;
use turno_calls::CallId;
use turno_ground::Moment;
use turno_model::{AgentId, AgentState, ContactId, Done, Fact, OfferOutcome, Refusal, SeatId};

use crate::call_purpose::{CallStage, Purpose};
use crate::callback_stage::CallbackStage;
use crate::carrier::Carrier;
use crate::engine::Engine;
use crate::seating::Moved;

impl Engine {
    /// The seat where an agent sits.
    pub fn seat_of(&self, agent: AgentId) -> Option<SeatId> {
        self.seating.seat_of(agent)
    }

    /// Seats the agent at another seat.
    ///
    /// # Errors
    /// [`Refusal::NoSuchSeat`], [`Refusal::SeatTaken`], [`Refusal::AgentBusy`].
    pub(crate) fn on_sit(&mut self, agent: AgentId, seat: SeatId, now: Moment) -> Result<Done, Refusal> {
        if self.plan.seats.get(seat.index()).is_none_or(|seat| seat.is_retired) {
            return Err(Refusal::NoSuchSeat);
        }
        match self.seating.who_sits_at(seat) {
            Some(sitter) if sitter == agent => return Ok(Done::Now),
            Some(sitter) => {
                let by = CompactString::from(&self.plan.agents[sitter.index()].extension);
                return Err(Refusal::SeatTaken { by });
            }
            None if self.is_occupied(agent) => return Err(Refusal::AgentBusy),
            None => {}
        }
        let moved = self.seating.sit(agent, seat);
        self.have_moved(&[moved], now);
        Ok(Done::Now)
    }

    /// Takes the agent off the seat.
    ///
    /// # Errors
    /// [`Refusal::SitsNowhere`], [`Refusal::AgentBusy`].
    pub(crate) fn on_leave(&mut self, agent: AgentId, now: Moment) -> Result<Done, Refusal> {
        if self.seating.seat_of(agent).is_none() {
            return Err(Refusal::SitsNowhere);
        }
        if self.is_occupied(agent) {
            return Err(Refusal::AgentBusy);
        }
        let own = self.plan.agents[agent.index()].own_seat;
        let moved = self.seating.leave(agent, own);
        self.have_moved(&[moved], now);
        Ok(Done::Now)
    }

    /// Logs the agent out, who then leaves a seat that is another agent's own.
    ///
    /// # Errors
    /// If the agent is logged out.
    pub(crate) fn on_log_out(&mut self, agent: AgentId, now: Moment) -> Result<Done, Refusal> {
        let effect = self.room.log_out(agent, now)?;
        if self.room.state(agent) == AgentState::LoggedOut && !self.is_occupied(agent) {
            let moved = self.seating.goes_home(agent, &self.plan);
            self.have_moved(&moved, now);
        }
        Ok(effect.into())
    }

    /// Reports where agents sit now, and what phones they have there.
    pub(crate) fn have_moved(&mut self, moved: &[Moved], now: Moment) {
        for &Moved { agent, from, to } in moved {
            self.outbox.record(Fact::Seated { agent, from, to }, now);
            let contacts = to.map_or(0, |seat| self.seats.phones_at(seat));
            self.outbox.record(Fact::Registered { agent, contacts }, now);
            self.room.set_reachable(agent, self.is_there(agent), now);
            self.withdraw_offer(agent, now);
            if to.is_some() {
                self.room.phone_is_new(agent, now);
            }
        }
    }

    /// Takes each agent's reachability from the seats after a restart: the agent's row may be older.
    pub(crate) fn sync_reachability(&mut self, now: Moment) {
        for place in 0..self.plan.agents.len() {
            let agent = AgentId(u32::try_from(place).unwrap_or(u32::MAX));
            if self.rung_outside(agent).is_some() {
                // Until the trunks are there again: `phones_follow_trunk` tells the room.
                continue;
            }
            let is_there = self.is_there(agent);
            if self.room.is_reachable(agent) != is_there {
                self.room.set_reachable(agent, is_there, now);
            }
        }
    }

    /// The ringing phone belongs to somebody else now, or is gone: withdraws the offer, so that it is made again.
    fn withdraw_offer(&mut self, agent: AgentId, now: Moment) {
        let offered = self.room.offered_to(agent);
        let is_agent_first =
            |contact: &ContactId| matches!(self.contacts.carrier_of(*contact), Some(Carrier::Callback));
        let called_back = offered.filter(is_agent_first);
        let called_back = called_back.and_then(|contact| Some((contact, self.callbacks.get(contact)?)));
        if let Some((contact, callback)) = called_back {
            // An agent who is held already goes on at the phone that answered.
            if matches!(callback.stage, CallbackStage::AgentRings(_)) {
                self.agent_rung_no_more(contact, OfferOutcome::Withdrawn, now);
            }
            return;
        }
        if let Some(message) = offered.filter(|contact| self.messages.get(*contact).is_some()) {
            self.message_rung_no_more(message, OfferOutcome::Withdrawn, now);
            return;
        }
        let rung = offered.and_then(|contact| self.contacts.call_of(contact));
        if let Some(call) = rung.filter(|call| self.rings_at(*call, agent)) {
            self.switchboard.stop_ringing(&mut self.stack, call, now);
            self.settle_offer(call, OfferOutcome::Withdrawn, now);
        }
    }

    fn rings_at(&self, call: CallId, agent: AgentId) -> bool {
        matches!(self.calls.purpose(call), Some(Purpose::Contact(CallStage::Offered(_, rung))) if *rung == agent)
    }
}
