//! Ends everything that is open, as facts: for a start that could not recover the state of the previous turno.

use core::time::Duration;

use turno_ground::Moment;
use turno_model::{AgentState, ContactId, ContactOutcome, EndedBy, Fact, TurnedAway};

use crate::contact::OpenContact;
use crate::ledger::Ledger;

impl Ledger {
    /// The facts that lead to an empty contact centre: open contacts are ended by turno, agents logged out, phones
    /// unregistered. So calls that a restart has lost show in the figures, and the books balance.
    pub fn closing_facts(&self, now: Moment) -> Vec<Fact> {
        let mut facts = Vec::new();
        for (contact, open) in &self.contacts {
            close_contact(*contact, open, now, &mut facts);
        }
        for (agent, book) in (0u32..).map(turno_model::AgentId).zip(&self.agents) {
            if book.state != AgentState::LoggedOut {
                facts.push(Fact::AgentChanged { agent, from: book.state, to: AgentState::LoggedOut });
            }
            if book.contacts_registered > 0 {
                facts.push(Fact::Registered { agent, contacts: 0 });
            }
        }
        facts
    }
}

fn close_contact(contact: ContactId, open: &OpenContact, now: Moment, facts: &mut Vec<Fact>) {
    let Some(visit) = &open.visit else {
        facts.push(Fact::TurnedAway { contact, reason: TurnedAway::NotPossible });
        return;
    };
    for segment in &open.segments {
        let since = now.since(segment.mark);
        let (talking, holding) =
            if segment.is_held { (Duration::ZERO, since) } else { (since, Duration::ZERO) };
        facts.push(Fact::Disconnected {
            contact,
            agent: segment.agent,
            queue: visit.queue,
            talked: segment.talked + talking,
            held: segment.held + holding,
        });
    }
    let outcome = if open.was_answered { ContactOutcome::Answered } else { ContactOutcome::Outflowed };
    facts.push(Fact::ContactEnded {
        contact,
        queue: visit.queue,
        outcome,
        by: EndedBy::System,
        waited: open.waited(now),
    });
}
