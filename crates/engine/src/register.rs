//! Seats that register.

use turno_ground::{Flow, Moment};
use turno_media_plan::SrtpPolicy;
use turno_model::{AgentId, Fact};
use turno_sip::{BindingChange, BindingChangeKind, Message, Name, Reply, ServerKey, Verdict};

use crate::engine::Engine;
use crate::user::user_of;

/// What a phone is told whose voice must be encrypted and whose keys would be readable.
const NEEDS_TLS: &str = "399 turno \"This seat requires SRTP, and its keys may only travel over TLS\"";

impl Engine {
    /// A REGISTER is always challenged; only the seat's own credentials change its contacts.
    pub(crate) fn on_register(&mut self, key: ServerKey, message: &Message, flow: Flow, now: Moment) {
        let verdict = self.verify(message, flow, now);
        let Verdict::Valid { username } = &verdict else {
            self.tries_extension(message, flow, verdict == Verdict::Missing, now);
            let challenge = self.challenge(verdict, flow, now);
            self.stack.respond_and_forget(key, challenge, now);
            return;
        };
        let claimed = message.to().ok().and_then(|to| user_of(to.uri));
        let agent = self.extensions.get(username.as_str()).copied();
        let (Some(agent), true) = (agent, claimed.as_deref() == Some(username.as_str())) else {
            self.stack.respond(key, Reply::new(403), now);
            return;
        };
        if self.agent_srtp(agent, flow.transport) == SrtpPolicy::Barred {
            // It could register and would never be rung: better told at once.
            self.turned_away.refuses_seat(agent, flow.remote);
            let mut reply = Reply::new(403);
            reply.headers.push((Name::Warning, NEEDS_TLS.to_owned()));
            self.stack.respond(key, reply, now);
            return;
        }
        let granted = self.granted_life();
        self.registrar.grant(granted);
        let lost = self.lost_contacts(agent, flow);
        let unfit = self.room.has_unfit_phone(agent).then(|| self.phones_of(username));
        let registered = self.registrar.register(username, message, flow, now);
        let reason = Some(registered.reason.to_owned());
        let reply = Reply { status: registered.status, reason, headers: registered.headers, body: None };
        self.stack.respond(key, reply, now);
        for change in registered.changed {
            self.on_binding_change(agent, &change, now);
        }
        if unfit.is_some_and(|before| before != self.phones_of(username)) {
            self.room.phone_is_new(agent, now);
        }
        if registered.status == 200 {
            self.phone_is_back(agent, flow, &lost, now);
        }
    }

    /// Which phones there are, each since its start: a phone that starts anew registers by another Call-ID (RFC 3261,
    /// 10.2.4).
    fn phones_of(&self, username: &str) -> Vec<(String, String, String)> {
        let bindings = self.registrar.bindings(username).iter();
        bindings.map(|one| (one.uri.clone(), one.call_id.clone(), one.user_agent.clone())).collect()
    }

    pub(crate) fn expire_registrations(&mut self, now: Moment) {
        let changes = self.registrar.handle_deadlines(now);
        self.on_binding_changes(&changes, now);
    }

    fn on_binding_changes(&mut self, changes: &[BindingChange], now: Moment) {
        for change in changes {
            if let Some(&agent) = self.extensions.get(change.aor.as_str()) {
                self.on_binding_change(agent, change, now);
            }
        }
    }

    pub(crate) fn on_binding_change(&mut self, agent: AgentId, change: &BindingChange, now: Moment) {
        match change.kind {
            BindingChangeKind::Added => {
                self.seats[agent.index()].add(&change.uri);
                self.watch(agent, &change.uri, now);
            }
            BindingChangeKind::Refreshed => return,
            BindingChangeKind::Moved(before) => {
                self.phone_has_moved(agent, before, &change.uri);
                return;
            }
            BindingChangeKind::Removed | BindingChangeKind::Expired => {
                self.seats[agent.index()].remove(&change.uri);
                if !self.lost_streams.is_empty() {
                    self.lost_streams.remove(&(agent, change.uri.clone()));
                }
            }
        }
        self.tell_contacts(agent, now);
    }

    /// Tells how many phones the seat has now, and whether any of them can be rung.
    pub(crate) fn tell_contacts(&mut self, agent: AgentId, now: Moment) {
        let contacts = u32::try_from(self.seats[agent.index()].contacts()).unwrap_or(u32::MAX);
        self.outbox.record(Fact::Registered { agent, contacts }, now);
        self.update_reachability(agent, now);
    }

    /// Tells the room whether any of the seat's contacts answers.
    pub(crate) fn update_reachability(&mut self, agent: AgentId, now: Moment) {
        let reachable = self.seats[agent.index()].is_reachable();
        self.room.set_reachable(agent, reachable, now);
    }
}
