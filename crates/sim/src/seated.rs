//! Which agent sits at which seat, by the facts alone.

use std::collections::BTreeMap;

use turno_ground::Moment;
use turno_model::{AgentId, Plan, SeatId};

/// The seats of agents who moved, and phones that still have a call of a previous agent.
#[derive(Debug, Default)]
pub(crate) struct Seated {
    /// The seat of each agent who has ever moved.
    moved: BTreeMap<AgentId, Option<SeatId>>,
    /// When somebody last sat down at a seat or left it.
    changed: BTreeMap<SeatId, Moment>,
    /// Desks whose phone may still have a call of an agent who no longer sits there. Each stays here until its phone
    /// has no call after this moment.
    lent: BTreeMap<usize, Moment>,
}

impl Seated {
    /// An agent sits at another seat, or at none. Returns the seat that was known before.
    pub(crate) fn moves(
        &mut self,
        agent: AgentId,
        (from, to): (Option<SeatId>, Option<SeatId>),
        now: Moment,
    ) -> Option<Option<SeatId>> {
        for seat in [from, to].into_iter().flatten() {
            self.changed.insert(seat, now);
        }
        self.moved.insert(agent, to)
    }

    /// The phone at this desk may still have a call of an agent who no longer sits there.
    pub(crate) fn lends(&mut self, desk: usize, until: Moment) {
        self.lent.insert(desk, until);
    }

    /// Forgets the phones without a call whose moment has come.
    pub(crate) fn takes_back(&mut self, now: Moment, has_call: impl Fn(usize) -> bool) {
        self.lent.retain(|desk, until| now < *until || has_call(*desk));
    }

    /// Whether the phone at this desk may have a call of another agent.
    pub(crate) fn is_lent(&self, desk: usize) -> bool {
        self.lent.contains_key(&desk)
    }

    /// When somebody last sat down at a seat or left it.
    pub(crate) fn since(&self, seat: SeatId) -> Moment {
        self.changed.get(&seat).copied().unwrap_or_default()
    }

    /// An agent's seat: the own one, until a fact names another.
    pub(crate) fn seat_of(&self, plan: &Plan, agent: AgentId) -> Option<SeatId> {
        let own = || plan.agents.get(agent.index()).and_then(|agent| agent.own_seat);
        self.moved.get(&agent).copied().unwrap_or_else(own)
    }

    /// Who sits at a seat.
    pub(crate) fn who_sits_at(&self, plan: &Plan, seat: SeatId) -> Option<AgentId> {
        let mut agents = (0..plan.agents.len()).filter_map(|at| u32::try_from(at).ok().map(AgentId));
        agents.find(|agent| self.seat_of(plan, *agent) == Some(seat))
    }
}
