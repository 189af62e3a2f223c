//! Changes the plan of a running engine without disturbing callers and calls.

use std::sync::Arc;

use turno_ground::{Moment, RowChange};
use turno_model::{IdMap, Plan, RowKey, Table};

use crate::directory::Directory;
use crate::engine::Engine;
use crate::outside_phones::OutsidePhones;
use crate::parts;

/// `plan` with everything at the index that it had when these rows were written.
pub fn aligned<'a>(plan: Plan, images: impl IntoIterator<Item = (&'a RowKey, &'a bytes::Bytes)>) -> Plan {
    let id_map = images.into_iter().find(|(name, _)| name.table == Table::Engine).and_then(|(name, form)| {
        let line = RowChange { table: name.table.code(), key: name.key, form: Some(form.clone()) };
        line.read::<IdMap>().ok()
    });
    match id_map {
        Some(id_map) => id_map.align(plan),
        None => plan,
    }
}

impl Engine {
    /// Applies a new plan. It must be aligned with the present one ([`IdMap::align`]), with the same addresses, ports
    /// and trunks: the shell has opened and resolved those, and has loaded the prompts.
    ///
    /// # Errors
    /// A sentence if the plan is not aligned; then nothing has changed.
    pub fn replan(&mut self, plan: Arc<Plan>, now: Moment) -> Result<(), String> {
        if !IdMap::of(&self.plan).fits(&plan) {
            return Err(
                "the new plan names agents, seats, queues or trunks in another order than the old one"
                    .to_owned(),
            );
        }
        let first = self.outbox.end();
        let plan = self.skills_follow_plan(&plan, now);
        let before = core::mem::replace(&mut self.plan, plan.clone());
        let table = self.rng.number();
        self.directory = Directory::of(&plan, table);
        self.stack.configure(parts::stack_settings(&plan));
        self.gate.configure(&before, &plan, &mut self.rng);
        self.switchboard.configure(parts::media_settings(&plan));
        self.seats.configure(&plan);
        self.agent_calls.configure(&plan);
        self.outside_phones = OutsidePhones::of(&plan);
        self.last_agents.configure(&plan);
        self.lists_follow_plan(now);
        let moved = self.seating.configure(&plan);
        self.outbox.note_roster();
        self.seats.doubt_passwords(&before, &plan);
        self.room.replan(plan.clone(), now);
        self.announce_to_all(now);
        let (seats, mut means) = self.seats();
        seats.retire(&mut means, now);
        if before.sip.options_interval != plan.sip.options_interval {
            seats.watch_anew(&mut means, now);
        }
        self.seats_told(now);
        self.have_moved(&moved, now);
        self.phones_follow_plan(&before, now);
        if before.sip.advertised != plan.sip.advertised {
            // Carriers must learn our new address at once.
            self.trunks.restart(&plan, now);
        }
        self.check_lamps(now);
        self.settle(now);
        self.write_down(first, now);
        Ok(())
    }
}
