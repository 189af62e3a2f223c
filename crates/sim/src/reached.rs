//! Checks that reachable peers are reached: no phone stays in a talk that is over, no call stays unanswered, and a
//! closed connection alone ends nothing.

#![expect(clippy::wildcard_enum_match_arm, reason = "few facts end something")]

use core::time::Duration;

use turno_ground::{Flow, Moment};
use turno_model::{AgentState as S, Fact};

use crate::person::{Person, Who};
use crate::sip_client::ClientState;
use crate::ways::{Inbound, Way};
use crate::world::World;

/// A BYE is given up after 64 * T1.
const GIVEN_UP: Duration = Duration::from_secs(33);
/// Without loss: longer than a phone that accepts connections is without one.
const CALM: Duration = Duration::from_secs(15);
/// The last prompt of a queue, on top of that.
const LAST_WORDS: Duration = Duration::from_secs(10);
/// By then a caller in a talk has received the 200, which is sent again seven times.
const ACCEPTED: Duration = Duration::from_secs(20);
/// At a higher loss, in percent, all copies of an INVITE may be lost.
const LOSS_MAX: u64 = 5;

impl World {
    /// RFC 3261, 12: a dialog is between two user agents; a connection is only a path between them.
    pub(crate) fn check_closing(&self, fact: &Fact) {
        let ends = match fact {
            Fact::Disconnected { .. } => "a talk",
            Fact::ContactEnded { .. } | Fact::TurnedAway { .. } => "a contact",
            Fact::OfferSettled { .. } => "an offer",
            _ => return,
        };
        assert!(!self.is_told_closed, "{ends} ends because a connection is gone: {fact:?}");
    }

    /// Wounds: a phone shows a talk for ever after its caller has left; a caller waits on after the end.
    pub(crate) fn check_reached(&self) {
        for agent in 0..self.staff.len() {
            let person = &self.persons[agent];
            // Who keys in a PIN is no agent yet.
            let talks = person.confirmed.iter().filter(|(call, _)| !self.keying.is_at(agent, **call));
            let Some(since) = talks.map(|(_, since)| since).max().filter(|_| !person.has_gaps) else {
                continue;
            };
            let Some(id) = self.who_sits_at(agent).filter(|_| !self.seated.is_lent(agent)) else { continue };
            let talks_to_nobody = match self.invariants.state(id) {
                S::Available | S::Acw | S::Aux(_) => true,
                S::Ringing | S::Talking | S::Holding | S::OtherCall | S::LoggedOut => false,
            };
            let from =
                self.changed.get(&id).copied().unwrap_or_default().max(*since).max(self.seated_since(agent));
            let is_left = talks_to_nobody && self.is_past(person, from, self.told_within());
            assert!(!is_left, "the phone of {agent} is left in a talk with nobody");
        }
        for (caller, client) in &self.clients {
            let person = &self.persons[client.person];
            let Some(call) = client.call.filter(|_| !person.has_gaps) else { continue };
            let is_left = |from| self.is_past(person, from, self.told_within() + LAST_WORDS);
            assert!(
                !client.over_since.is_some_and(is_left),
                "caller {caller} never hears that the call is over"
            );
            let is_unheard = client.stage == ClientState::Served && !person.confirmed.contains_key(&call);
            let is_late = |from| is_unheard && self.is_past(person, from, ACCEPTED);
            assert!(
                !client.served_since.is_some_and(is_late),
                "an agent talks to caller {caller}, who has never heard an answer"
            );
        }
    }

    /// A call ended with 408. That is allowed only if the called phone is away, or if the loss is so high that all
    /// copies of an INVITE may be lost.
    pub(crate) fn check_answered(&self, place: usize) {
        let person = &self.persons[place];
        let was_away = self.absences.ended_within(self.now, GIVEN_UP);
        let is_lossy = self.network.worst_loss() > LOSS_MAX;
        let is_excused = person.has_gaps || person.was_timed_out || !matches!(person.who, Who::Caller(_));
        assert!(is_excused || is_lossy || was_away, "{:?} has dialled, and nothing came back", person.who);
    }

    /// How long it takes at most to tell a peer of the end.
    fn told_within(&self) -> Duration {
        if self.network.was_bad() { GIVEN_UP } else { CALM }
    }

    /// Whether a reachable peer should know by now what has been true since `from`.
    fn is_past(&self, person: &Person, from: Moment, span: Duration) -> bool {
        let Some(found) = found_since(person, |flow| self.wires.is_open(flow)) else { return false };
        let begin = from.max(found);
        person.hears() && self.now.since(begin) > span + self.lateness + self.absences.after(begin)
    }
}

/// Since when this phone can be reached, if it can be now.
fn found_since(person: &Person, is_open: impl Fn(&Flow) -> bool) -> Option<Moment> {
    match person.way {
        Way::Datagrams | Way::ByProxy(..) | Way::WithoutRport(_) | Way::Tcp(Inbound::Always) => {
            Some(Moment::default())
        }
        Way::Tcp(Inbound::Sometimes | Inbound::Never) => {
            // A page is found by its registration.
            let is_known = person.page.is_none() || person.is_registered;
            person
                .link
                .heard_since
                .filter(|_| is_known)
                .filter(|_| person.link.current.is_some_and(|flow| is_open(&flow)))
        }
    }
}
