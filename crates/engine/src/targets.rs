//! The phones of an agent as targets of a call, with the caller's identity for their display.

use turno_calls::{CallId, Target};
use turno_model::{ANONYMOUS, AgentId, WITHHELD};
use turno_sip::Name;

use crate::caller::Diverted;
use crate::directory::Extension;
use crate::engine::Engine;

impl Engine {
    /// One target for each reachable binding at the agent's seat, or the agent's ordinary telephone. The phone shows `display` and the caller's number.
    pub(crate) fn agent_targets(&self, agent: AgentId, call: CallId, display: &str) -> Vec<Target> {
        let record = self.calls.get(call);
        let number = record.and_then(|call| call.caller.as_deref()).unwrap_or(ANONYMOUS);
        let mut targets = self.agent_targets_for(agent, number, display);
        if self.rung_outside(agent).is_some() {
            // A carrier would take a diversion for its own.
            return targets;
        }
        if let Some(diverted) = record.and_then(|call| call.diverted.as_deref()) {
            let header = diversion(diverted, &self.plan.sip.domain);
            targets.iter_mut().for_each(|target| target.invite.headers.push(header.clone()));
        }
        targets
    }

    /// The same for a call that does not exist yet.
    pub(crate) fn agent_targets_for(&self, agent: AgentId, number: &str, display: &str) -> Vec<Target> {
        if self.rung_outside(agent).is_some() {
            return self.outside_targets(agent);
        }
        let Some(seat) = self.seating.seat_of(agent) else { return Vec::new() };
        let domain = &self.plan.sip.domain;
        let (from, identity) = shown_to_phone(number, display, domain);
        self.seats.targets(seat, &from, &identity, &self.plan)
    }

    /// The agent whom an extension reaches: its own agent, or the agent at its seat.
    pub(crate) fn reached_by(&self, extension: Extension) -> Option<AgentId> {
        match extension {
            Extension::Agent(agent) => Some(agent),
            Extension::Seat(seat) => self.seating.who_sits_at(seat),
        }
    }
}

/// From of a call to a phone, and the header that asserts or withholds it. If the caller withheld the number, the phone
/// gets an anonymous From (RFC 3323, 4.1.1.3).
fn shown_to_phone(number: &str, display: &str, domain: &str) -> (String, (Name, String)) {
    if number == WITHHELD {
        let from = format!("\"{}\" <sip:anonymous@anonymous.invalid>", quotable(display));
        return (from, (Name::Privacy, "id".to_owned()));
    }
    let shown = if number == ANONYMOUS { display.to_owned() } else { format!("{display} {number}") };
    let from = format!("\"{}\" <sip:{}@{domain}>", quotable(&shown), uri_user(number));
    (from.clone(), (Name::PAssertedIdentity, from))
}

/// The header by which phones show that a call was diverted (RFC 5806, 9).
fn diversion(diverted: &Diverted, domain: &str) -> (Name, String) {
    let reason = diverted.why.word();
    let value = if diverted.from == WITHHELD {
        format!("<sip:anonymous@anonymous.invalid>;reason={reason};privacy=full")
    } else {
        format!("<sip:{}@{domain}>;reason={reason}", uri_user(&diverted.from))
    };
    (Name::Diversion, value)
}

/// Text for a quoted display name (RFC 3261, 25.1).
fn quotable(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .flat_map(|c| matches!(c, '"' | '\\').then_some('\\').into_iter().chain([c]))
        .collect()
}

/// A caller's number as the user part of a URI. A stranger's text must not become syntax.
fn uri_user(number: &str) -> String {
    let kept: String =
        number.chars().filter(|c| c.is_ascii_alphanumeric() || "+-_.*".contains(*c)).take(64).collect();
    if kept.is_empty() { "anonymous".to_owned() } else { kept }
}
