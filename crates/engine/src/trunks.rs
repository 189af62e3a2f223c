//! Trunks: their addresses, and whether they answer.

use core::net::SocketAddr;

use turno_ground::{Flow, Moment};
use turno_model::TrunkId;
use turno_model::plan::TrunkTrust;
use turno_sip::Message;

use crate::deadline::Deadline;
use crate::engine::Engine;
use crate::parts::local_for;
use crate::seat::Asked;
use crate::trouble::{Trouble, peers_text};

impl Engine {
    pub(crate) fn start_trunks(&mut self, now: Moment) {
        for place in 0..self.plan.trunks.len() {
            let Ok(id) = u32::try_from(place).map(TrunkId) else { return };
            let dice = &mut self.dice;
            self.trunks[place].own.begins(|| {
                let token: [u8; 16] = dice.token();
                format!("{}@turno", String::from_utf8_lossy(&token))
            });
            self.resume_troubles(id);
            // What nobody looks after any more would be told for ever.
            let plan = &self.plan.trunks[place];
            let (is_asked, registers) =
                (plan.options_interval.is_some(), matches!(plan.trust, TrunkTrust::Registration { .. }));
            if !is_asked {
                self.trunk_is_cured(id, Trouble::Silent, now);
            }
            if !registers {
                self.trunk_is_cured(id, Trouble::Unregistered, now);
            }
            self.trunks[place].is_to_prove(is_asked, registers);
            self.judge_trunk(id, now);
            self.start_trunk(id, now);
        }
    }

    /// Asks a trunk and registers with it, if it has an address.
    pub(crate) fn start_trunk(&mut self, trunk: TrunkId, now: Moment) {
        if !self.trunks[trunk.index()].has_no_address() {
            self.trunk_resolved(trunk, now);
        }
    }

    /// New addresses of a trunk, told by the shell.
    pub(crate) fn on_trunk_resolved(&mut self, trunk: TrunkId, addresses: Vec<SocketAddr>, now: Moment) {
        let Some(plan) = self.plan.trunks.get(trunk.index()) else { return };
        let (given, transport, is_asked) = (addresses.len(), plan.transport, plan.options_interval.is_some());
        let mut addresses = addresses;
        addresses.retain(|address| local_for(&self.plan, transport, address.ip()).is_some());
        if addresses.is_empty() && given > 0 {
            let reason = "none of its addresses is of a family (IPv4, IPv6) that [sip] listens on";
            self.trunk_has(trunk, Trouble::Silent, reason.to_owned(), now);
            return;
        }
        if !addresses.is_empty() && !is_asked {
            self.trunk_is_cured(trunk, Trouble::Silent, now);
        }
        let Some(state) = self.trunks.get_mut(trunk.index()) else { return };
        if state.is_at(addresses) {
            self.trunk_resolved(trunk, now);
        }
    }

    fn trunk_resolved(&mut self, trunk: TrunkId, now: Moment) {
        let plan = &self.plan.trunks[trunk.index()];
        if plan.options_interval.is_some() {
            self.timers.set(Deadline::TrunkProbe(trunk), now);
        }
        if matches!(plan.trust, TrunkTrust::Registration { .. }) {
            self.timers.set(Deadline::TrunkRegister(trunk), now);
        }
    }

    pub(crate) fn trunk_flow(&self, trunk: TrunkId) -> Option<Flow> {
        let plan = self.plan.trunks.get(trunk.index())?;
        let remote = self.trunks.get(trunk.index())?.address(0)?;
        let mut local = local_for(&self.plan, plan.transport, remote.ip())?;
        if plan.transport.is_reliable() {
            local.set_port(0);
        }
        Some(Flow { transport: plan.transport, local, remote })
    }

    pub(crate) fn probe_trunk(&mut self, trunk: TrunkId, now: Moment) {
        let Some(flow) = self.trunk_flow(trunk) else { return };
        let Some(identity) = self.identity_at(trunk, flow) else { return };
        let uri = format!("sip:{}", identity.domain);
        let key = self.ask(uri.clone(), flow, format!("<{uri}>"), identity.from, Vec::new(), now);
        self.asked.insert(key, Asked::Trunk(trunk));
    }

    pub(crate) fn on_trunk_probed(&mut self, trunk: TrunkId, message: Option<&Message>, now: Moment) {
        let status = message.and_then(Message::status);
        let is_there = status.is_some_and(|status| !matches!(status, 408 | 503));
        let state = &mut self.trunks[trunk.index()];
        let asked = state.address(0);
        let mut next = self.plan.trunks[trunk.index()].options_interval.map(|interval| now + interval);
        if is_there {
            state.answers();
            self.judge_trunk(trunk, now);
            if self.trunk_is_cured(trunk, Trouble::Silent, now) {
                self.registers_at_last(trunk, now);
            }
        } else {
            // The next address is asked at once unless all have been.
            if !state.is_silent() {
                next = next.map(|_| now);
            } else {
                let said = message
                    .zip(status)
                    .map(|(message, status)| format!("{status} {} to OPTIONS", peers_text(message.reason())));
                let said = said.unwrap_or_else(|| "no answer to OPTIONS".to_owned());
                let from = asked.map(|asked| format!(" from {asked}")).unwrap_or_default();
                self.trunk_has(trunk, Trouble::Silent, said + &from, now);
            }
        }
        if let Some(at) = next {
            self.timers.set(Deadline::TrunkProbe(trunk), at);
        }
    }
}
