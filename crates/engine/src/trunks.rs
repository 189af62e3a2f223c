//! Trunks: their addresses, whether they answer, and our registration with the carrier.

use core::net::SocketAddr;
use core::time::Duration;

use smallvec::SmallVec;
use turno_ground::{Flow, Moment};
use turno_model::plan::{TrunkPlan, TrunkTrust};
use turno_model::{Fact, TrunkId};
use turno_sip::{Message, Method, Name, OutRequest, answer_challenge};

use crate::admission::user_of;
use crate::deadline::Deadline;
use crate::engine::Engine;
use crate::parts::local_for;
use crate::seat::Asked;

/// Before we try a carrier again that refused or did not answer our registration.
const REGISTER_RETRY_SPAN: Duration = Duration::from_secs(30);
/// We don't renew a registration more often than that, whatever the carrier grants.
const REGISTER_SPAN_MIN: Duration = Duration::from_secs(10);

/// The seconds that a carrier's 200 grants to our contact (RFC 3261, 10.2.4): its own parameter before the header.
fn granted_to(message: &Message, username: &str) -> Option<u64> {
    let own = message.contacts().flatten().find(|contact| user_of(contact.uri).as_deref() == Some(username));
    let own = own.and_then(|contact| contact.param("expires")).and_then(|value| value.trim().parse().ok());
    own.or_else(|| message.number(Name::Expires).map(u64::from))
}

impl Engine {
    pub(crate) fn start_trunks(&mut self, now: Moment) {
        for place in 0..self.plan.trunks.len() {
            let Ok(id) = u32::try_from(place).map(TrunkId) else { return };
            if self.trunks[place].call_id.is_empty() {
                let token: [u8; 16] = self.dice.token();
                self.trunks[place].call_id = format!("{}@turno", String::from_utf8_lossy(&token));
            }
            self.start_trunk(id, now);
        }
    }

    /// Asks a trunk and registers with it, if it has an address.
    pub(crate) fn start_trunk(&mut self, trunk: TrunkId, now: Moment) {
        if !self.trunks[trunk.index()].addresses.is_empty() {
            self.trunk_resolved(trunk, now);
        }
    }

    /// New addresses of a trunk, told by the shell.
    pub(crate) fn on_trunk_resolved(&mut self, trunk: TrunkId, addresses: Vec<SocketAddr>, now: Moment) {
        let Some(state) = self.trunks.get_mut(trunk.index()) else { return };
        // A resolver that has nothing to say must not take away what worked.
        // Nor the order of what answers.
        if !addresses.is_empty() && !state.has_these(&addresses) {
            state.addresses = addresses;
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

    fn trunk_flow(&self, trunk: TrunkId) -> Option<Flow> {
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
        let host = self.plan.trunks[trunk.index()].host.clone().unwrap_or_else(|| flow.remote.to_string());
        let key = self.ask(format!("sip:{host}"), flow, format!("<sip:{host}>"), Vec::new(), now);
        self.asked.insert(key, Asked::Trunk(trunk));
    }

    pub(crate) fn on_trunk_probed(&mut self, trunk: TrunkId, status: Option<u16>, now: Moment) {
        let is_up = status.is_some_and(|status| !matches!(status, 408 | 503));
        self.trunk_is(trunk, is_up, now);
        if !is_up {
            // RFC 3263, 4.3: the next address takes the lead.
            self.trunks[trunk.index()].take_next();
        }
        if let Some(interval) = self.plan.trunks[trunk.index()].options_interval {
            self.timers.set(Deadline::TrunkProbe(trunk), now + interval);
        }
    }

    fn trunk_is(&mut self, trunk: TrunkId, up: bool, now: Moment) {
        if core::mem::replace(&mut self.trunks[trunk.index()].is_up, up) != up {
            self.record(Fact::TrunkChanged { trunk, up }, now);
        }
    }

    pub(crate) fn register_with(&mut self, trunk: TrunkId, now: Moment) {
        self.trunks[trunk.index()].answers = 0;
        self.send_register(trunk, None, now);
    }

    fn send_register(&mut self, trunk: TrunkId, authorization: Option<(Name, String)>, now: Moment) {
        let plan = self.plan.clone();
        let Some(TrunkPlan { trust: TrunkTrust::Registration { username, expires, .. }, host, .. }) =
            plan.trunks.get(trunk.index())
        else {
            return;
        };
        let Some(flow) = self.trunk_flow(trunk) else { return };
        let host = host.clone().unwrap_or_else(|| flow.remote.ip().to_string());
        let state = &mut self.trunks[trunk.index()];
        state.cseq += 1;
        let mut local = local_for(&plan, flow.transport, flow.remote.ip()).unwrap_or(flow.local);
        if let Some(ip) = plan.sip.advertised {
            local.set_ip(ip);
        }
        let mut headers = SmallVec::new();
        let contact = format!("<sip:{username}@{local};transport={}>", flow.transport.uri_name());
        headers.push((Name::Contact, contact));
        let expires = (*expires).max(state.expires_min);
        headers.push((Name::Expires, expires.as_secs().to_string()));
        headers.extend(authorization);
        let aor = format!("<sip:{username}@{host}>");
        let out = OutRequest {
            method: Method::Register,
            uri: format!("sip:{host}"),
            flow,
            from: aor.clone(),
            to: aor,
            call_id: Some(state.call_id.clone()),
            cseq: Some(state.cseq),
            route: Vec::new(),
            headers,
            body: None,
        };
        let key = self.stack.request(out, now);
        self.asked.insert(key, Asked::Register(trunk));
    }

    pub(crate) fn on_registered_with(&mut self, trunk: TrunkId, message: Option<&Message>, now: Moment) {
        let plan = self.plan.clone();
        let TrunkTrust::Registration { username, password, expires } = &plan.trunks[trunk.index()].trust
        else {
            return;
        };
        let status = message.and_then(Message::status).unwrap_or(408);
        match (status, message) {
            (200..=299, Some(message)) => {
                let granted = granted_to(message, username).map_or(*expires, Duration::from_secs);
                let granted = granted.max(REGISTER_SPAN_MIN);
                self.trunk_is(trunk, true, now);
                self.timers.set(Deadline::TrunkRegister(trunk), now + granted * 9 / 10);
            }
            (401 | 407, Some(message)) if self.trunks[trunk.index()].answers < 2 => {
                self.trunks[trunk.index()].answers += 1;
                let (asks, answers) = if status == 401 {
                    (Name::WwwAuthenticate, Name::Authorization)
                } else {
                    (Name::ProxyAuthenticate, Name::ProxyAuthorization)
                };
                let host = plan.trunks[trunk.index()].host.clone();
                let host = host.unwrap_or_else(|| {
                    self.trunk_flow(trunk).map_or_else(String::new, |flow| flow.remote.ip().to_string())
                });
                let challenge = message.header(asks).map(|value| value.to_string()).unwrap_or_default();
                let uri = format!("sip:{host}");
                match answer_challenge(&challenge, "REGISTER", &uri, username, password, &mut self.dice, 1) {
                    Some(answer) => self.send_register(trunk, Some((answers, answer)), now),
                    None => self.register_later(trunk, now),
                }
            }
            // RFC 3261, 10.3: the carrier says what is long enough.
            (423, Some(message)) if self.trunks[trunk.index()].answers < 2 => {
                self.trunks[trunk.index()].answers += 1;
                let least = message.number(Name::MinExpires).map(u64::from).map(Duration::from_secs);
                match least.filter(|least| least > &self.trunks[trunk.index()].expires_min) {
                    Some(least) => {
                        self.trunks[trunk.index()].expires_min = least;
                        self.send_register(trunk, None, now);
                    }
                    None => self.register_later(trunk, now),
                }
            }
            (408 | 503, _) => {
                // RFC 3263, 4.3: the next address takes the lead.
                self.trunks[trunk.index()].take_next();
                self.register_later(trunk, now);
            }
            (_, _) => self.register_later(trunk, now),
        }
    }

    fn register_later(&mut self, trunk: TrunkId, now: Moment) {
        self.trunk_is(trunk, false, now);
        self.timers.set(Deadline::TrunkRegister(trunk), now + REGISTER_RETRY_SPAN);
    }
}
