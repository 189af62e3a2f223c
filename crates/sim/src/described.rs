//! Checks that both sides keep to their SDP: telephone-events use the negotiated payload type, a peer that never
//! answers an offer is not talked to, and a phone's incompatibility is not booked as its agent's refusal.

use core::time::Duration;
use std::net::SocketAddr;

use turno_media_plan::{Encoding, MediaCommand, Named};
use turno_model::{Fact, OfferOutcome};

use crate::habits::OWN_NUMBER;
use crate::person::Person;
use crate::world::World;

/// How long a peer without an answer may be in a talk, where nothing is lost: the time for a BYE.
const ENDED: Duration = Duration::from_secs(1);
/// The same where datagrams are lost: the ACK is given up after 64 * T1, and so is the BYE.
const GIVEN_UP: Duration = Duration::from_secs(70);

impl World {
    /// Wound: an agent talks to a caller without media, for ever.
    pub(crate) fn check_unanswered(&self) {
        for client in self.clients.values() {
            let person = &self.persons[client.person];
            let is_open = person.habit.answers_no_late_offer && client.arrival.late_offer;
            let since = client.call.and_then(|call| person.confirmed.get(&call)).filter(|_| is_open);
            let Some(since) = since.filter(|_| person.hears() && !person.has_gaps) else { continue };
            let longest = if self.network.was_bad() { GIVEN_UP } else { ENDED + self.lateness };
            let longest = longest + self.absences.after(*since);
            let spent = self.now.since(*since);
            assert!(
                spent <= longest,
                "{:?} left our offer without an answer, and is talked to for {spent:?}",
                person.who
            );
        }
    }

    /// Wound: a key is sent with the payload type of our own SDP and lost, since the peer's SDP had another.
    pub(crate) fn check_keys(&self, person: &Person, rtp: SocketAddr, encoding: &Encoding) {
        let mut calls = person.keys_as.values();
        if let Some((_, Some(number))) = calls.find(|(local, _)| *local == rtp) {
            let is_heard = encoding.hears(*number) == Some(Named::TelephoneEvent) || self.network.was_bad();
            assert!(
                is_heard,
                "{:?} sends keys as {number}, as our SDP has it, and they are lost",
                person.who
            );
        }
    }

    /// A phone with its own payload types gets keys by these, and is heard by ours.
    pub(crate) fn check_numbers(&self, command: &MediaCommand) {
        let MediaCommand::Agree { remote, encoding, .. } = command else { return };
        let mut desks = self.persons.iter().take(self.staff.len());
        let person = desks.find(|person| person.local().ip() == remote.ip() && person.habit.own_numbers);
        let Some(person) = person else { return };
        self.check_keys(person, *remote, encoding);
        if let Some(number) = encoding.telephone_event {
            let is_named = number == OWN_NUMBER || self.network.was_bad();
            assert!(is_named, "{:?} gets keys as {number}, which its SDP never had", person.who);
        }
    }

    /// Wound: a phone's 488 was booked as its agent's refusal.
    pub(crate) fn check_refusal(&self, fact: &Fact) {
        let Fact::OfferSettled { agent, outcome, .. } = fact else { return };
        // In a bad network, a stranger may have changed what a phone said.
        let person = self.desk_of(*agent).and_then(|desk| self.persons.get(desk));
        // A telephone behind the carrier may be busy, and its own person is simulated elsewhere.
        let has_telephone = self.plan.agents.get(agent.index()).is_some_and(|it| it.outside.is_some());
        let Some(person) = person.filter(|_| !has_telephone && !self.network.was_bad()) else { return };
        match outcome {
            OfferOutcome::Refused => {
                assert!(person.has_said_no, "{:?} said no to nothing, and is booked as refusing", person.who);
            }
            OfferOutcome::Incompatible => {
                assert!(
                    person.was_unfit,
                    "the phone of {:?} takes what it is offered, and is booked as unfit",
                    person.who
                );
            }
            OfferOutcome::Accepted
            | OfferOutcome::NoAnswer
            | OfferOutcome::Unreachable
            | OfferOutcome::CallerLeft
            | OfferOutcome::Withdrawn => {}
        }
    }
}
