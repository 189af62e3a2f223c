//! The phones: which are registered at which seat, where each one is, and whether it answers.

mod changes;
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
    /// Our OPTIONS under way, and the probe that each one is for.
    asked: Lookup<ClientKey, u64>,
    /// Bindings whose stream a crash of ours or a closed connection has cut, until they register again.
    lost_streams: BTreeSet<(SeatId, String)>,
    /// Where phones are registered whose password is another one since a reload, until they have shown there that they
    /// know it: what they registered with before proves nothing.
    unproven: BTreeSet<Flow>,
    outputs: VecDeque<SeatOutput>,
}

impl Seats {
    /// Seats at which nobody is registered; `seed` guards the tables.
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

    /// What follows from the last verbs, in order; the engine asks after each of them.
    pub(crate) fn poll_output(&mut self) -> Option<SeatOutput> {
        self.outputs.pop_front()
    }

    /// Asks the phones whose turn it is.
    pub(crate) fn handle_probes(&mut self, means: &mut Means<'_>, now: Moment) {
        while let Some((_, SeatDeadline::Probe(probe))) = self.timers.pop_due(now) {
            self.probe(probe, means, now);
        }
    }

    /// The earliest deadline.
    pub(crate) fn next_deadline(&mut self) -> Option<Moment> {
        [self.registrar.next_deadline(), self.timers.next_deadline()].into_iter().flatten().min()
    }

    /// Works by `plan` from now on: a new seat's place is at the end.
    pub(crate) fn configure(&mut self, plan: &Plan) {
        self.registrar.configure(parts::registrar_limits(plan));
        while self.rows.len() < plan.seats.len() {
            self.rows.push(Seat::default());
        }
    }

    /// A phone that registered with a password of before is challenged again ahead of all that it asks for.
    pub(crate) fn doubt_passwords(&mut self, before: &Plan, plan: &Plan) {
        self.unproven.retain(|flow| self.registrar.owner_of_flow(flow).is_some());
        for (was, is) in before.seats.iter().zip(&plan.seats) {
            if was.password != is.password {
                let bindings = self.registrar.bindings(&is.extension);
                self.unproven.extend(bindings.iter().map(|binding| binding.source));
            }
        }
    }

    /// Whoever speaks there has shown a password of now.
    pub(crate) fn has_proved(&mut self, flow: &Flow) {
        self.unproven.remove(flow);
    }

    /// Whether a flow belongs to a registered phone.
    pub(crate) fn have(&self, flow: &Flow) -> bool {
        self.registrar.owner_of_flow(flow).is_some()
    }

    /// What a flow says of whoever claims to be the phone with this extension.
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

    /// Bindings whose connection is not known to be gone.
    pub(crate) fn present(&self) -> u64 {
        self.rows.iter().map(Seat::contacts).sum()
    }

    /// Bindings of any kind.
    pub(crate) fn registered(&self) -> usize {
        self.registrar.registered().map(|(_, bindings)| bindings.len()).sum()
    }

    /// Writes down the bindings that have changed.
    pub(crate) fn write_bindings(&mut self, changes: &mut Changeset, table: u8) {
        self.registrar.write_down(changes, table);
    }

    /// Writes down the seats that have changed.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.rows.write_down(|place, seat| changes.keep(table, place as u64, seat));
    }

    /// Makes the next writing down write everything.
    pub(crate) fn note_all(&mut self) {
        self.registrar.note_all();
        self.rows.note_all();
    }

    /// Puts back what was written of one binding.
    ///
    /// # Errors
    /// [`DecodeError`] if it is not one of ours.
    pub(crate) fn restore_binding(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        self.registrar.restore(line)
    }

    /// Puts back what was written of one seat.
    ///
    /// # Errors
    /// [`DecodeError`] if it is not one of ours.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        self.rows.restore(usize::try_from(line.key).unwrap_or(usize::MAX), line.read()?);
        Ok(())
    }
}
