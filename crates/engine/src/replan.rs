//! Another plan for an engine that goes on: nobody who waits or talks is disturbed.

use std::sync::Arc;

use turno_ground::{Flow, Line, Moment};
use turno_model::{AgentId, Name, Owner, Plan, Roster};

use crate::engine::Engine;
use crate::parts;
use crate::seat::Seat;

/// `plan` with everything in the place that it had when these images were written.
pub fn aligned<'a>(plan: Plan, images: impl IntoIterator<Item = (&'a Name, &'a bytes::Bytes)>) -> Plan {
    let roster = images.into_iter().find(|(name, _)| name.owner == Owner::Engine).and_then(|(name, form)| {
        let line = Line { owner: name.owner.code(), key: name.key, form: Some(form.clone()) };
        line.read::<Roster>().ok()
    });
    match roster {
        Some(roster) => roster.align(plan),
        None => plan,
    }
}

impl Engine {
    /// Works by `plan` from now on. It must be aligned with the present one ([`Roster::align`]), and addresses, ports
    /// and trunks must be the same: those are the shell's, which has opened and looked them up, and has read the prompts.
    ///
    /// # Errors
    /// A sentence if it is not aligned; nothing has changed then.
    pub fn replan(&mut self, plan: Arc<Plan>, now: Moment) -> Result<(), String> {
        if !Roster::of(&self.plan).fits(&plan) {
            return Err(
                "the new plan names agents, queues or trunks in another order than the old one".to_owned()
            );
        }
        let first = self.outbox.end();
        let before = core::mem::replace(&mut self.plan, plan.clone());
        let table = self.dice.number();
        self.extensions = parts::extensions(&plan, table);
        self.numbers = parts::numbers(&plan, table);
        self.stack.configure(parts::stack_settings(&plan));
        self.registrar.configure(parts::registrar_limits(&plan));
        if before.sip.domain != plan.sip.domain || before.sip.digest != plan.sip.digest {
            self.authenticator = parts::authenticator(&plan, &mut self.dice);
        }
        self.switchboard.configure(parts::media_settings(&plan));
        self.configure_door();
        while self.seats.len() < plan.agents.len() {
            self.seats.push(Seat::default());
        }
        self.outbox.note_roster();
        self.doubt_passwords(&before);
        self.room.replan(plan.clone(), now);
        self.retire(now);
        if before.sip.options_interval != plan.sip.options_interval {
            self.watch_anew(now);
        }
        if before.sip.advertised != plan.sip.advertised {
            // Carriers are to know at once where we are now.
            self.trunks.restart(&plan, now);
        }
        self.settle(now);
        self.write_down(first, now);
        Ok(())
    }

    /// A phone that registered with a password of before is challenged again ahead of all that it asks for.
    fn doubt_passwords(&mut self, before: &Plan) {
        self.unproven.retain(|flow| self.registrar.owner_of_flow(flow).is_some());
        for (was, is) in before.agents.iter().zip(&self.plan.agents) {
            if was.password != is.password {
                let bindings = self.registrar.bindings(&is.extension);
                self.unproven.extend(bindings.iter().map(|binding| binding.source));
            }
        }
    }

    /// Whoever is gone from the site is not reached any more.
    pub(crate) fn retire(&mut self, now: Moment) {
        let plan = self.plan.clone();
        for (place, agent) in (0u32..).zip(&plan.agents) {
            if !agent.is_retired {
                continue;
            }
            let bindings: Vec<(String, Flow)> = self
                .registrar
                .bindings(&agent.extension)
                .iter()
                .map(|binding| (binding.uri.clone(), binding.flow))
                .collect();
            for (uri, _) in bindings {
                if let Some(change) = self.registrar.remove(&agent.extension, &uri) {
                    self.on_binding_change(AgentId(place), &change, now);
                }
            }
        }
    }
}
