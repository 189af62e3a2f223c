//! Probes trunks by OPTIONS.

use smallvec::SmallVec;
use turno_ground::Moment;
use turno_model::TrunkId;
use turno_sip::{Message, Method, OutRequest};

use crate::means::Means;
use crate::trunks::deadline::TrunkDeadline;
use crate::trunks::identity::identity_at;
use crate::trunks::registration::Registration;
use crate::trunks::trouble::{Trouble, peers_text};
use crate::trunks::{TrunkRequest, Trunks};

impl Trunks {
    /// Sends OPTIONS to a trunk.
    pub(super) fn probe(&mut self, trunk: TrunkId, means: &mut Means<'_>, now: Moment) {
        let Some(flow) = self.way_to(trunk, means.plan) else { return };
        let Some(identity) = identity_at(means.plan, trunk, flow) else { return };
        let uri = format!("sip:{}", identity.domain);
        let out = OutRequest {
            method: Method::Options,
            to: format!("<{uri}>"),
            uri,
            flow,
            from: identity.from,
            call_id: None,
            cseq: None,
            route: Vec::new(),
            headers: SmallVec::new(),
            body: None,
        };
        let key = means.stack.request(out, now);
        self.asked.insert(key, TrunkRequest::Probe(trunk));
    }

    /// Handles the response to a probe, or its timeout.
    pub(super) fn on_probed(
        &mut self,
        trunk: TrunkId,
        message: Option<&Message>,
        means: &mut Means<'_>,
        now: Moment,
    ) {
        let status = message.and_then(Message::status);
        let is_there = status.is_some_and(|status| !matches!(status, 408 | 503));
        let state = &mut self.states[trunk.index()];
        let asked = state.address(0);
        let mut next = means.plan.trunks[trunk.index()].options_interval.map(|interval| now + interval);
        if is_there {
            state.answers();
            self.judge(trunk, means, now);
            if self.is_cured(trunk, Trouble::Silent, means, now) {
                self.registers_at_last(trunk, now);
            }
        } else {
            // The next address is probed at once, unless all have been.
            if !state.is_silent() {
                next = next.map(|_| now);
            } else {
                let said = message
                    .zip(status)
                    .map(|(message, status)| format!("{status} {} to OPTIONS", peers_text(message.reason())));
                let said = said.unwrap_or_else(|| "no answer to OPTIONS".to_owned());
                let from = asked.map(|asked| format!(" from {asked}")).unwrap_or_default();
                self.has(trunk, Trouble::Silent, said + &from, means, now);
            }
        }
        if let Some(at) = next {
            self.timers.set(TrunkDeadline::Probe(trunk), at);
        }
    }

    /// The carrier answers again: registers at once, instead of waiting out the pause.
    fn registers_at_last(&mut self, trunk: TrunkId, now: Moment) {
        if self.states[trunk.index()].own.stage() == Registration::Failing {
            self.timers.set(TrunkDeadline::Register(trunk), now);
        }
    }
}
