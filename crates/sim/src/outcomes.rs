//! Outcomes of contacts and offers, by the facts alone: every contact ends once, every offer is settled once.

#![expect(clippy::wildcard_enum_match_arm, reason = "the other facts open and close nothing")]

use std::collections::{BTreeMap, BTreeSet};

use turno_ground::Moment;
use turno_model::{AgentId, AgentState, Channel, ContactId, Fact, OfferId};

/// The outcomes until now, and what is still open.
#[derive(Debug, Default)]
pub struct Outcomes {
    last: Moment,
    ends: BTreeMap<ContactId, u32>,
    settled: BTreeMap<OfferId, u32>,
    /// The agent of each contact in a talk: at most one.
    talking: BTreeMap<ContactId, AgentId>,
    /// Contacts by voice: an agent talks to one at a time.
    spoken: BTreeSet<ContactId>,
    states: BTreeMap<AgentId, AgentState>,
}

impl Outcomes {
    /// Reads the next fact.
    ///
    /// # Panics
    /// If the fact contradicts an earlier one.
    pub fn add(&mut self, at: Moment, fact: &Fact) {
        assert!(self.last <= at, "time went back from {:?} to {at:?}: {fact:?}", self.last);
        self.last = at;
        match fact {
            Fact::ContactArrived { contact, channel, .. } => {
                if matches!(channel, Channel::Voice | Channel::Callback | Channel::Voicemail) {
                    self.spoken.insert(*contact);
                }
                assert!(self.ends.insert(*contact, 0).is_none(), "{contact:?} arrived twice");
            }
            Fact::TurnedAway { contact, .. } | Fact::ContactEnded { contact, .. } => {
                let ends = self.ends.get_mut(contact).expect("a contact that ends has arrived");
                *ends += 1;
                assert_eq!(*ends, 1, "{contact:?} has {ends} ends");
            }
            Fact::Offered { offer, contact, .. } => {
                assert!(self.settled.insert(*offer, 0).is_none(), "{offer:?} was made twice");
                assert!(!self.talking.contains_key(contact), "{contact:?} talks and is offered");
            }
            Fact::OfferSettled { offer, .. } => {
                let settled = self.settled.get_mut(offer).expect("what is settled was offered");
                *settled += 1;
                assert_eq!(*settled, 1, "{offer:?} was settled {settled} times");
            }
            Fact::Connected { contact, agent, .. } => {
                let before = self.talking.insert(*contact, *agent);
                assert_eq!(before, None, "{contact:?} has two agents");
                let with = |(other, by): &(&ContactId, &AgentId)| *by == agent && self.spoken.contains(other);
                assert!(self.talking.iter().filter(with).count() <= 1, "{agent:?} talks to two people");
            }
            Fact::Disconnected { contact, agent, .. } => {
                assert_eq!(self.talking.remove(contact), Some(*agent), "{contact:?} left another agent");
            }
            Fact::TakenOver { contact, to, .. } => {
                let before = self.talking.insert(*contact, *to);
                assert_eq!(before, None, "{contact:?} has two agents");
                let with = |(other, by): &(&ContactId, &AgentId)| *by == to && self.spoken.contains(other);
                assert!(self.talking.iter().filter(with).count() <= 1, "{to:?} talks to two people");
            }
            Fact::AgentChanged { agent, from, to } => {
                let before = self.states.insert(*agent, *to).unwrap_or(AgentState::LoggedOut);
                assert_eq!(before, *from, "{agent:?}'s states follow one another");
            }
            _ => {}
        }
    }

    /// Checks that nothing is open.
    ///
    /// # Panics
    /// If something is.
    pub fn prove_closed(&self) {
        for (contact, ends) in &self.ends {
            assert_eq!(*ends, 1, "{contact:?} has {ends} ends");
        }
        for (offer, settled) in &self.settled {
            assert_eq!(*settled, 1, "{offer:?} was settled {settled} times");
        }
        assert!(self.talking.is_empty(), "segments that never ended: {:?}", self.talking);
    }

    /// The agent of each contact in a talk.
    pub fn talking(&self) -> &BTreeMap<ContactId, AgentId> {
        &self.talking
    }

    /// How many contacts arrived.
    pub fn contacts(&self) -> usize {
        self.ends.len()
    }
}
