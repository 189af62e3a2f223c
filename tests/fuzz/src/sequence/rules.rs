//! Rules of the facts that hold in any order of events: each thing happens once, and in the right order.

use std::collections::{BTreeMap, BTreeSet};

use turno_ground::Moment;
use turno_model::{AgentId, AgentState, ContactId, Fact, OfferId};

/// The state according to all facts until now.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    last: Moment,
    states: BTreeMap<AgentId, AgentState>,
    open: BTreeSet<ContactId>,
    ended: BTreeSet<ContactId>,
    offers: BTreeMap<OfferId, (ContactId, AgentId)>,
    settled: BTreeSet<OfferId>,
    talking: BTreeMap<ContactId, AgentId>,
}

impl Rules {
    /// Checks a fact and adds it.
    ///
    /// # Panics
    /// If it cannot follow the facts before it.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the other facts open and close nothing")]
    pub(crate) fn add(&mut self, at: Moment, fact: &Fact) {
        assert!(at >= self.last, "time went back: {fact:?}");
        self.last = at;
        match fact {
            Fact::AgentChanged { agent, from, to } => {
                let before = self.states.insert(*agent, *to).unwrap_or(AgentState::LoggedOut);
                assert_eq!(before, *from, "the states of {agent:?} do not follow one another");
            }
            Fact::ContactArrived { contact, .. } => {
                let is_new = !self.ended.contains(contact) && self.open.insert(*contact);
                assert!(is_new, "{contact:?} arrived twice");
            }
            Fact::TurnedAway { contact, .. } | Fact::ContactEnded { contact, .. } => {
                assert!(
                    self.open.remove(contact),
                    "{contact:?} ended, and had not arrived or had ended before"
                );
                self.ended.insert(*contact);
            }
            Fact::Offered { offer, contact, agent, .. } => {
                assert!(self.open.contains(contact), "{contact:?} was offered and is not here");
                let is_new =
                    !self.settled.contains(offer) && self.offers.insert(*offer, (*contact, *agent)).is_none();
                assert!(is_new, "{offer:?} was made twice");
                let rings = self.offers.values().filter(|(_, ringing)| ringing == agent).count();
                assert_eq!(rings, 1, "{agent:?} has two offers");
            }
            Fact::OfferSettled { offer, contact, agent, .. } => {
                assert_eq!(self.offers.remove(offer), Some((*contact, *agent)), "{offer:?} was not open");
                self.settled.insert(*offer);
            }
            Fact::Connected { contact, agent, .. } => {
                assert_eq!(self.talking.insert(*contact, *agent), None, "{contact:?} has two agents");
                let contacts = self.talking.values().filter(|talking| *talking == agent).count();
                assert_eq!(contacts, 1, "{agent:?} has two contacts");
            }
            Fact::TakenOver { contact, to, .. } => {
                assert_eq!(self.talking.insert(*contact, *to), None, "{contact:?} has two agents");
            }
            Fact::Disconnected { contact, agent, .. } => {
                assert_eq!(self.talking.remove(contact), Some(*agent), "{contact:?} left another agent");
            }
            _ => {}
        }
    }

    /// Checks that everything has ended.
    ///
    /// # Panics
    /// If anything is still open.
    pub(crate) fn finish(&self) {
        assert!(self.open.is_empty(), "contacts without an end: {:?}", self.open);
        assert!(self.offers.is_empty(), "offers that were not settled: {:?}", self.offers);
        assert!(self.talking.is_empty(), "segments that never ended: {:?}", self.talking);
        for (agent, state) in &self.states {
            let is_busy = state.has_contact() || *state == AgentState::OtherCall;
            assert!(!is_busy, "{agent:?} is still {state:?}");
        }
    }
}
