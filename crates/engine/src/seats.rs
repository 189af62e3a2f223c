//! The seats' phones: bindings, flows and reachability.

mod changes;
mod leading;
mod liveness;
mod reconnecting;
mod registering;
mod ringing;
mod seat;
mod telling;
mod told;

use std::collections::{BTreeSet, VecDeque};

use turno_ground::{Changeset, DecodeError, Flow, Lookup, Moment, RowChange, Timers, TrackedRow};
use turno_model::{Plan, SeatId};
use turno_sip::{ClientKey, Registrar};

use crate::means::Means;
use crate::parts;
use crate::seats::seat::Seat;
use crate::seats::told::SeatDeadline;

pub(crate) use crate::seats::told::{Phone, Registering, SeatOutput, Standing};

/// All seats, in the order of the plan.
#[derive(Debug)]
pub(crate) struct Seats {
    registrar: Registrar,
    rows: TrackedRow<Seat>,
    timers: Timers<SeatDeadline>,
    probes: Lookup<u64, (SeatId, String, Flow)>,
    next_probe: u64,
    /// Our OPTIONS under way, with their probes.
    asked: Lookup<ClientKey, u64>,
    /// Bindings whose connection was closed, by the peer or by our crash, until they register again.
    lost_streams: BTreeSet<(SeatId, String)>,
    /// Flows of phones whose password was changed by a reload. They are not trusted until the phone proves the new
    /// password on them.
    unproven: BTreeSet<Flow>,
    outputs: VecDeque<SeatOutput>,
}

impl Seats {
    /// Seats without bindings; `seed` seeds the hash tables.
    pub(crate) fn new(plan: &Plan, seed: u64) -> Self {
        Self {
            registrar: parts::registrar(plan),
            rows: TrackedRow::new(plan.seats.iter().map(|_| Seat::default())),
            timers: Timers::new(seed),
            probes: Lookup::new(seed),
            next_probe: 0,
            asked: Lookup::new(seed),
            lost_streams: BTreeSet::new(),
            unproven: BTreeSet::new(),
            outputs: VecDeque::new(),
        }
    }

    /// The next output of the last call. The engine drains the outputs after each call.
    pub(crate) fn poll_output(&mut self) -> Option<SeatOutput> {
        self.outputs.pop_front()
    }

    /// Sends the OPTIONS that are due.
    pub(crate) fn handle_probes(&mut self, means: &mut Means<'_>, now: Moment) {
        while let Some((_, SeatDeadline::Probe(probe))) = self.timers.pop_due(now) {
            self.probe(probe, means, now);
        }
    }

    /// The earliest deadline.
    pub(crate) fn next_deadline(&mut self) -> Option<Moment> {
        [self.registrar.next_deadline(), self.timers.next_deadline()].into_iter().flatten().min()
    }

    /// Applies a new plan: appends its new seats.
    pub(crate) fn configure(&mut self, plan: &Plan) {
        self.registrar.configure(parts::registrar_limits(plan));
        while self.rows.len() < plan.seats.len() {
            self.rows.push(Seat::default());
        }
    }

    /// Phones that registered with a changed password are challenged again before any request.
    pub(crate) fn doubt_passwords(&mut self, before: &Plan, plan: &Plan) {
        self.unproven.retain(|flow| self.registrar.owner_of_flow(flow).is_some());
        for (was, is) in before.seats.iter().zip(&plan.seats) {
            if was.password != is.password {
                let bindings = self.registrar.bindings(&is.extension);
                self.unproven.extend(bindings.iter().map(|binding| binding.source));
            }
        }
    }

    /// The phone on this flow has proved a current password.
    pub(crate) fn has_proved(&mut self, flow: &Flow) {
        self.unproven.remove(flow);
    }

    /// Whether a binding has this flow.
    pub(crate) fn have(&self, flow: &Flow) -> bool {
        self.registrar.owner_of_flow(flow).is_some()
    }

    /// Whether a flow belongs to the phone with this extension.
    pub(crate) fn standing(&self, extension: &str, flow: &Flow) -> Standing {
        let is_its_own = |binding: &turno_sip::Binding| {
            binding.source.remote == flow.remote && binding.source.transport == flow.transport
        };
        if !self.registrar.bindings(extension).iter().any(is_its_own) {
            Standing::Elsewhere
        } else if self.unproven.contains(flow) {
            Standing::Unproven
        } else {
            Standing::Registered
        }
    }

    /// Bindings whose connection is not known to be closed.
    pub(crate) fn present(&self) -> u64 {
        self.rows.iter().map(Seat::contacts).sum()
    }

    /// All bindings.
    pub(crate) fn registered(&self) -> usize {
        self.registrar.registered().map(|(_, bindings)| bindings.len()).sum()
    }

    /// Writes the changed bindings into the changeset.
    pub(crate) fn write_bindings(&mut self, changes: &mut Changeset, table: u8) {
        self.registrar.write_down(changes, table);
    }

    /// Writes the changed seats into the changeset.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.rows.write_down(|place, seat| changes.keep(table, place as u64, seat));
    }

    /// Marks all rows as changed, so that the next step writes all.
    pub(crate) fn note_all(&mut self) {
        self.registrar.note_all();
        self.rows.note_all();
    }

    /// Restores one binding from its row.
    ///
    /// # Errors
    /// [`DecodeError`] if the row is not a binding.
    pub(crate) fn restore_binding(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        self.registrar.restore(line)
    }

    /// Restores one seat from its row.
    ///
    /// # Errors
    /// [`DecodeError`] if the row is not a seat.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        self.rows.restore(usize::try_from(line.key).unwrap_or(usize::MAX), line.read()?);
        Ok(())
    }
}
