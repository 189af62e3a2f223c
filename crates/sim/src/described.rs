//! What each side said of its voice holds: keys are heard by the numbers that were named, nobody talks to somebody who left
//! an offer without an answer, and no phone's unfitness is its agent's no.

use core::time::Duration;
use std::net::SocketAddr;

use turno_media_plan::{Encoding, MediaCommand, Named};
use turno_model::{Fact, OfferOutcome};

use crate::habits::OWN_NUMBER;
use crate::person::Person;
use crate::world::World;

/// How long somebody may be talked to who answered nothing, where nothing is lost: BYE and its way.
const ENDED: Duration = Duration::from_secs(1);
/// How long where datagrams get lost: the ACK is given up after 64 * T1, and so is the BYE.
const GIVEN_UP: Duration = Duration::from_secs(70);

impl World {
    /// Wound: an agent who talks to nobody, for ever.
    pub(crate) fn check_unanswered(&self) {
        for guest in self.guests.values() {
            let person = &self.persons[guest.person];
            let is_open = person.habit.answers_no_late_offer && guest.arrival.late_offer;
            let since = guest.call.and_then(|call| person.confirmed.get(&call)).filter(|_| is_open);
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

    /// Wound: a key that is sent by the number of our own SDP, and lost since the peer's SDP had another.
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

    /// A phone with numbers of its own gets keys by these, and is heard by ours.
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

    /// Wound: 488 of a phone that was booked as its agent's refusal.
    pub(crate) fn check_refusal(&self, fact: &Fact) {
        let Fact::OfferSettled { agent, outcome, .. } = fact else { return };
        // A stranger may have changed what a phone said.
        let person = self.desk_of(*agent).and_then(|desk| self.persons.get(desk));
        let Some(person) = person.filter(|_| !self.network.was_bad()) else { return };
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
