//! The trunks: addresses, probes, our registrations with carriers, and alarms about them.

mod deadline;
mod granted;
mod identity;
mod own_registration;
mod probing;
mod reached;
mod registering;
mod registration;
mod state;
mod telling;
mod trouble;

use core::net::SocketAddr;

use turno_ground::{Changeset, DecodeError, Flow, Lookup, Moment, RowChange, Timers, TrackedRow};
use turno_model::plan::TrunkTrust;
use turno_model::{Plan, TrunkId};
use turno_sip::{ClientKey, Message};

use crate::means::Means;
use crate::parts::local_for;
use crate::trunks::deadline::TrunkDeadline;
use crate::trunks::state::TrunkState;
use crate::trunks::trouble::Trouble;

pub(crate) use crate::trunks::identity::account_at;

/// Purpose of one of our requests to a trunk.
#[derive(Clone, Copy, Debug)]
enum TrunkRequest {
    /// OPTIONS, to find out whether the trunk answers.
    Probe(TrunkId),
    /// A registration with the carrier.
    Register(TrunkId),
}

/// All trunks, in the order of the plan.
#[derive(Debug)]
pub(crate) struct Trunks {
    states: TrackedRow<TrunkState>,
    timers: Timers<TrunkDeadline>,
    asked: Lookup<ClientKey, TrunkRequest>,
}

impl Trunks {
    /// Trunks as the plan names them, without any history; `seed` seeds the hash tables.
    pub(crate) fn new(plan: &Plan, seed: u64) -> Self {
        Self {
            states: TrackedRow::new(plan.trunks.iter().map(TrunkState::new)),
            timers: Timers::new(seed),
            asked: Lookup::new(seed),
        }
    }

    /// Starts the trunks, at the first start or after a restart.
    pub(crate) fn start(&mut self, means: &mut Means<'_>, now: Moment) {
        for place in 0..means.plan.trunks.len() {
            let Ok(id) = u32::try_from(place).map(TrunkId) else { return };
            let rng = &mut *means.rng;
            self.states[place].own.begins(|| {
                let token: [u8; 16] = rng.token();
                format!("{}@turno", String::from_utf8_lossy(&token))
            });
            self.resume_troubles(id);
            // A trouble that is no longer checked would be reported for ever.
            let plan = &means.plan.trunks[place];
            let (is_asked, registers) =
                (plan.options_interval.is_some(), matches!(plan.trust, TrunkTrust::Registration { .. }));
            if !is_asked {
                self.is_cured(id, Trouble::Silent, means, now);
            }
            if !registers {
                self.is_cured(id, Trouble::Unregistered, means, now);
            }
            self.states[place].is_to_prove(is_asked, registers);
            self.judge(id, means, now);
            self.start_one(id, means.plan, now);
        }
    }

    /// Probes and registers again with every trunk, so that carriers learn our new address.
    pub(crate) fn restart(&mut self, plan: &Plan, now: Moment) {
        for place in 0..plan.trunks.len() {
            self.start_one(TrunkId(u32::try_from(place).unwrap_or(u32::MAX)), plan, now);
        }
    }

    /// Probes a trunk and registers with it, if it has an address.
    fn start_one(&mut self, trunk: TrunkId, plan: &Plan, now: Moment) {
        if !self.states[trunk.index()].has_no_address() {
            self.is_resolved(trunk, plan, now);
        }
    }

    /// New addresses of a trunk, resolved by the shell.
    pub(crate) fn on_resolved(
        &mut self,
        trunk: TrunkId,
        mut addresses: Vec<SocketAddr>,
        means: &mut Means<'_>,
        now: Moment,
    ) {
        let Some(plan) = means.plan.trunks.get(trunk.index()) else { return };
        let (given, transport, is_asked) = (addresses.len(), plan.transport, plan.options_interval.is_some());
        addresses.retain(|address| local_for(means.plan, transport, address.ip()).is_some());
        if addresses.is_empty() && given > 0 {
            let reason = "none of its addresses is of a family (IPv4, IPv6) that [sip] listens on";
            self.has(trunk, Trouble::Silent, reason.to_owned(), means, now);
            return;
        }
        if !addresses.is_empty() && !is_asked {
            self.is_cured(trunk, Trouble::Silent, means, now);
        }
        let Some(state) = self.states.get_mut(trunk.index()) else { return };
        if state.is_at(addresses) {
            self.is_resolved(trunk, means.plan, now);
        }
    }

    fn is_resolved(&mut self, trunk: TrunkId, plan: &Plan, now: Moment) {
        let plan = &plan.trunks[trunk.index()];
        if plan.options_interval.is_some() {
            self.timers.set(TrunkDeadline::Probe(trunk), now);
        }
        if matches!(plan.trust, TrunkTrust::Registration { .. }) {
            self.timers.set(TrunkDeadline::Register(trunk), now);
        }
    }

    /// Handles due deadlines.
    pub(crate) fn handle_deadlines(&mut self, means: &mut Means<'_>, now: Moment) {
        while let Some((_, deadline)) = self.timers.pop_due(now) {
            match deadline {
                TrunkDeadline::Probe(trunk) => self.probe(trunk, means, now),
                TrunkDeadline::Register(trunk) => {
                    if means.service.takes_calls() {
                        self.is_due(trunk, means, now);
                    }
                }
                TrunkDeadline::Trouble(trunk, trouble) => self.still_has(trunk, trouble, means, now),
            }
        }
    }

    /// A response to one of our requests, or a timeout. If a carrier accepted our registration on a connection, returns
    /// that connection: calls of that carrier whose connection was lost move there.
    pub(crate) fn on_response(
        &mut self,
        key: ClientKey,
        answer: Option<(&Message, Flow)>,
        means: &mut Means<'_>,
        now: Moment,
    ) -> Option<Flow> {
        match self.asked.remove(&key)? {
            TrunkRequest::Probe(trunk) => {
                self.on_probed(trunk, answer.map(|(message, _)| message), means, now);
                None
            }
            TrunkRequest::Register(trunk) => self.on_registered(trunk, key, answer, means, now),
        }
    }

    /// The earliest deadline.
    pub(crate) fn next_deadline(&mut self) -> Option<Moment> {
        self.timers.next_deadline()
    }

    /// Writes the changed rows into the changeset.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.states.write_down(|place, state| changes.keep(table, place as u64, state));
    }

    /// Marks every row as changed, so that the next [`Self::write_down`] writes all.
    pub(crate) fn note_all(&mut self) {
        self.states.note_all();
    }

    /// Restores one trunk from its row.
    ///
    /// # Errors
    /// [`DecodeError`] if the row is not a trunk.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        self.states.restore(usize::try_from(line.key).unwrap_or(usize::MAX), line.read()?);
        Ok(())
    }
}
