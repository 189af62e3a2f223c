//! Is the phone still there? Registered contacts are asked by OPTIONS, in turns.

use core::time::Duration;

use smallvec::SmallVec;
use turno_ground::{Flow, Moment};
use turno_model::AgentId;
use turno_sip::{ClientKey, Message, Method, OutRequest};

use crate::deadline::Deadline;
use crate::engine::Engine;
use crate::seat::Asked;

impl Engine {
    /// Begins to ask a new contact, at a moment of its own so that a room that registers at once does not ask at once.
    pub(crate) fn watch(&mut self, agent: AgentId, uri: &str, now: Moment) {
        let Some(interval) = self.plan.sip.options_interval else { return };
        let extension = &self.plan.agents[agent.index()].extension;
        let Some(flow) = self.registrar.bindings(extension).iter().find(|b| b.uri == uri).map(|b| b.flow)
        else {
            return;
        };
        let probe = self.next_probe;
        self.next_probe += 1;
        self.probes.insert(probe, (agent, uri.to_owned(), flow));
        self.seats[agent.index()].set_probe(uri, probe);
        let spread = self.dice.below(u64::try_from(interval.as_micros()).unwrap_or(u64::MAX));
        self.timers.set(Deadline::Probe(probe), now + Duration::from_micros(spread));
    }

    /// Registered contacts are asked as often as the plan says now. Where it says never, registration alone counts again.
    pub(crate) fn watch_anew(&mut self, now: Moment) {
        let registered: Vec<(AgentId, String)> = self
            .registrar
            .registered()
            .filter_map(|(aor, bindings)| Some((*self.extensions.get(aor)?, bindings)))
            .flat_map(|(agent, bindings)| bindings.iter().map(move |one| (agent, one.uri.clone())))
            .collect();
        for (agent, uri) in registered {
            if self.plan.sip.options_interval.is_some() {
                self.watch(agent, &uri, now);
                continue;
            }
            // A number that nobody asks by: what is under way says nothing any more.
            self.seats[agent.index()].set_probe(&uri, self.next_probe);
            self.next_probe += 1;
            if !self.lost_streams.contains(&(agent, uri.clone())) {
                self.seats[agent.index()].note(&uri, true, self.plan.sip.options_misses_max);
                self.update_reachability(agent, now);
            }
        }
    }

    /// Asks one contact, unless it is gone.
    pub(crate) fn probe(&mut self, probe: u64, now: Moment) {
        let Some((agent, uri, _)) = self.probes.get(&probe) else { return };
        let extension = &self.plan.agents[agent.index()].extension;
        let is_current = self.seats[agent.index()].is_probed_by(uri, probe);
        let binding = self.registrar.bindings(extension).iter().find(|b| is_current && b.uri == *uri);
        let Some(binding) = binding else {
            self.probes.remove(&probe);
            return;
        };
        if self.lost_streams.contains(&(*agent, uri.clone())) {
            // There is no way to it until it registers again.
            if let Some(interval) = self.plan.sip.options_interval {
                self.timers.set(Deadline::Probe(probe), now + interval);
            }
            return;
        }
        let (flow, route) = (binding.flow, binding.path.clone());
        let domain = &self.plan.sip.domain;
        let (aor, from) = (format!("<sip:{extension}@{domain}>"), format!("<sip:turno@{domain}>"));
        let key = self.ask(uri.clone(), flow, aor, from, route, now);
        self.asked.insert(key, Asked::Probe(probe));
    }

    pub(crate) fn ask(
        &mut self,
        uri: String,
        flow: Flow,
        to: String,
        from: String,
        route: Vec<String>,
        now: Moment,
    ) -> ClientKey {
        let out = OutRequest {
            method: Method::Options,
            uri,
            flow,
            from,
            to,
            call_id: None,
            cseq: None,
            route,
            headers: SmallVec::new(),
            body: None,
        };
        self.stack.request(out, now)
    }

    /// An answer to one of our own requests, or none.
    pub(crate) fn on_response(&mut self, key: ClientKey, answer: Option<(&Message, Flow)>, now: Moment) {
        let message = answer.map(|(message, _)| message);
        let status = message.and_then(Message::status);
        if status.is_some_and(|status| status < 200) {
            return;
        }
        if let Some(Asked::Probe(probe)) = self.asked.remove(&key) {
            self.on_probed(probe, status, now);
            return;
        }
        let (trunks, mut means) = self.trunks();
        if let Some(flow) = trunks.on_response(key, answer, &mut means, now) {
            self.trunk_is_back(flow);
        }
    }

    /// Any answer but 408, 480 and 503 shows that somebody is there (a phone may well refuse OPTIONS as such).
    fn on_probed(&mut self, probe: u64, status: Option<u16>, now: Moment) {
        let Some((agent, uri, _)) = self.probes.get(&probe) else { return };
        if !self.seats[agent.index()].is_probed_by(uri, probe) {
            self.probes.remove(&probe);
            return;
        }
        let (agent, answered) = (*agent, status.is_some_and(|status| !matches!(status, 408 | 480 | 503)));
        let changed = self.seats[agent.index()].note(uri, answered, self.plan.sip.options_misses_max);
        if let Some(interval) = self.plan.sip.options_interval {
            self.timers.set(Deadline::Probe(probe), now + interval);
        }
        if changed {
            self.update_reachability(agent, now);
        }
    }
}
