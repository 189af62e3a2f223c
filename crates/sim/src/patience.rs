//! A failure of our own is blamed on nobody: no contact is offered again and again, and no agent is sent to RONA for a
//! port that could not be opened.

use core::time::Duration;
use std::collections::BTreeMap;

use turno_ground::Moment;
use turno_model::{AgentId, ContactId, Fact, OfferOutcome};

/// How often a contact may be offered to one agent within a second.
const OFFERS_A_SECOND_MAX: usize = 5;

/// A person or a phone needs longer than this to refuse, and so does a network to time out.
const ACT_SPAN_MIN: Duration = Duration::from_millis(1);

/// The recent offers.
#[derive(Debug, Default)]
pub(crate) struct Patience {
    offers: BTreeMap<(ContactId, AgentId), Vec<Moment>>,
    /// Whether the present step was told that a port could not be opened.
    is_own_failure: bool,
}

impl Patience {
    /// Says whether the next step is told that a port could not be opened.
    pub(crate) const fn is_own_failure(&mut self, is_it: bool) {
        self.is_own_failure = is_it;
    }

    pub(crate) fn reads(&mut self, at: Moment, fact: &Fact) {
        if let Fact::Offered { contact, agent, .. } = fact {
            let offers = self.offers.entry((*contact, *agent)).or_default();
            offers.retain(|before| *before + Duration::from_secs(1) > at);
            offers.push(at);
            // Wound: 120 calls caused 4,975 INVITEs when no media port could be opened.
            let many = offers.len();
            assert!(many <= OFFERS_A_SECOND_MAX, "{contact:?} is offered to {agent:?} {many} times a second");
        }
        if let Fact::OfferSettled { contact, agent, outcome, rang, .. } = fact {
            let is_blamed =
                matches!(outcome, OfferOutcome::Refused | OfferOutcome::NoAnswer | OfferOutcome::Unreachable);
            let is_ours = self.is_own_failure && *rang < ACT_SPAN_MIN;
            assert!(!(is_blamed && is_ours), "{agent:?} pays for a port that {contact:?} could not have");
        }
        if let Fact::ContactEnded { contact, .. } = fact {
            self.offers.retain(|(whose, _), _| whose != contact);
        }
    }
}
