//! A peer that can be reached is reached: nobody is left in a talk that is over, nobody dials in vain, and a connection that is
//! gone ends nothing by itself.

#![expect(clippy::wildcard_enum_match_arm, reason = "few facts end something")]

use core::time::Duration;

use turno_ground::{Flow, Moment};
use turno_model::{AgentState as S, Fact};

use crate::person::{Person, Who};
use crate::sip_client::ClientState;
use crate::ways::{Door, Way};
use crate::world::World;

/// A BYE is given up after 64 * T1.
const GIVEN_UP: Duration = Duration::from_secs(33);
/// Where nothing is lost: longer than a phone is without a connection that goes on to hear what it is told.
const CALM: Duration = Duration::from_secs(15);
/// A queue's last words, on top of that.
const LAST_WORDS: Duration = Duration::from_secs(10);
/// Whom an agent talks to has heard of it by then: a 200 is sent again seven times.
const ACCEPTED: Duration = Duration::from_secs(20);
/// Where more of 100 datagrams are lost than this, an INVITE may be lost with all of its copies.
const LOSS_MAX: u64 = 5;

impl World {
    /// RFC 3261, 12: a dialog is between two ends, and a connection only a way between them.
    pub(crate) fn check_closing(&self, fact: &Fact) {
        let ends = match fact {
            Fact::Disconnected { .. } => "a talk",
            Fact::ContactEnded { .. } | Fact::TurnedAway { .. } => "a contact",
            Fact::OfferSettled { .. } => "an offer",
            _ => return,
        };
        assert!(!self.is_told_closed, "{ends} ends because a connection is gone: {fact:?}");
    }

    /// Wounds: a phone that shows a talk for ever after its caller has left; a caller who waits on after the end.
    pub(crate) fn check_reached(&self) {
        for agent in 0..self.staff.len() {
            let person = &self.persons[agent];
            let Some(since) = person.confirmed.values().max().filter(|_| !person.has_gaps) else { continue };
            let Some(id) = self.who_sits_at(agent).filter(|_| !self.seated.is_lent(agent)) else { continue };
            let talks_to_nobody = match self.witness.state(id) {
                S::Available | S::Acw | S::Aux(_) => true,
                S::Ringing | S::Talking | S::Holding | S::OtherCall | S::LoggedOut => false,
            };
            let from =
                self.changed.get(&id).copied().unwrap_or_default().max(*since).max(self.seated_since(agent));
            let is_left = talks_to_nobody && self.is_past(person, from, self.told_within());
            assert!(!is_left, "the phone of {agent} is left in a talk with nobody");
        }
        for (caller, guest) in &self.guests {
            let person = &self.persons[guest.person];
            let Some(call) = guest.call.filter(|_| !person.has_gaps) else { continue };
            let is_left = |from| self.is_past(person, from, self.told_within() + LAST_WORDS);
            assert!(
                !guest.over_since.is_some_and(is_left),
                "caller {caller} never hears that the call is over"
            );
            let is_unheard = guest.stage == ClientState::Served && !person.confirmed.contains_key(&call);
            let is_late = |from| is_unheard && self.is_past(person, from, ACCEPTED);
            assert!(
                !guest.served_since.is_some_and(is_late),
                "an agent talks to caller {caller}, who has never heard an answer"
            );
        }
    }

    /// Somebody has dialled and heard nothing: that may be where nobody is, or so much is lost that all copies of an INVITE
    /// may be.
    pub(crate) fn check_answered(&self, place: usize) {
        let person = &self.persons[place];
        let was_away = self.absences.ended_within(self.now, GIVEN_UP);
        let is_lossy = self.network.worst_loss() > LOSS_MAX;
        let is_excused = person.has_gaps || person.was_timed_out || matches!(person.who, Who::Agent(_));
        assert!(is_excused || is_lossy || was_away, "{:?} has dialled, and nothing came back", person.who);
    }

    /// How long it takes at most to tell somebody of the end.
    fn told_within(&self) -> Duration {
        if self.network.was_bad() { GIVEN_UP } else { CALM }
    }

    /// Whether somebody who could be reached since then should have heard by now of what was so `from` then on.
    fn is_past(&self, person: &Person, from: Moment, span: Duration) -> bool {
        let Some(found) = found_since(person, |flow| self.wires.is_open(flow)) else { return false };
        let begin = from.max(found);
        person.hears() && self.now.since(begin) > span + self.lateness + self.absences.after(begin)
    }
}

/// Since when this phone can be reached, if it can be now.
fn found_since(person: &Person, is_open: impl Fn(&Flow) -> bool) -> Option<Moment> {
    match person.way {
        Way::Datagrams | Way::ByProxy(..) | Way::WithoutRport(_) | Way::Tcp(Door::Open) => {
            Some(Moment::default())
        }
        Way::Tcp(Door::Ajar | Door::Shut) => {
            person.link.heard_since.filter(|_| person.link.current.is_some_and(|flow| is_open(&flow)))
        }
    }
}
