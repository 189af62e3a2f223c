//! Persons who key in extension and PIN at a phone, and wrong PINs. Only in memory: a PIN's digits are written nowhere.

use core::fmt;
use core::time::Duration;
use std::collections::BTreeMap;

use turno_calls::CallId;
use turno_ground::Moment;
use turno_model::{AgentId, SeatId};

use crate::desk_stage::DeskStage;

/// Wrong PINs of an agent, one after another, after which none is looked at for [`LOCKED_SPAN`].
const WRONG_OF_AGENT_MAX: u8 = 5;

/// The same for all that is keyed in at one phone.
const WRONG_AT_PLACE_MAX: u8 = 10;

/// Most phones whose wrong PINs are counted: strangers who call may show any number.
const PLACES_MAX: usize = 1_000;

const LOCKED_SPAN: Duration = Duration::from_secs(300);

/// How long one call may take over extension and PIN, whatever keys are pressed: strangers may call.
const DIALOGUE_SPAN: Duration = Duration::from_secs(120);

/// What a person has keyed in so far.
pub(crate) struct Desk {
    pub(crate) stage: DeskStage,
    /// How often extension or PIN was wrong in this call.
    pub(crate) wrong: u8,
    /// When keys are no longer listened to.
    pub(crate) until: Moment,
}

impl Desk {
    /// Where a dialogue begins.
    pub(crate) fn new(stage: DeskStage, now: Moment) -> Self {
        Self { stage, wrong: 0, until: now + DIALOGUE_SPAN }
    }

    /// Whether the dialogue has taken too long.
    pub(crate) fn is_late(&self, now: Moment) -> bool {
        now >= self.until
    }
}

/// Wrong PINs, one after another.
#[derive(Clone, Copy, Debug, Default)]
struct Wrong {
    count: u8,
    locked_until: Option<Moment>,
}

/// Where a PIN is keyed in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PinPlace {
    /// At the phone of a seat.
    Seat(SeatId),
    /// At the telephone with this number, by the agents' line.
    Telephone(String),
}

impl PinPlace {
    const fn is_telephone(&self) -> bool {
        matches!(self, Self::Telephone(_))
    }
}

/// All who key in a PIN now, and the wrong PINs of each agent and each place.
#[derive(Default)]
pub(crate) struct Desks {
    calls: BTreeMap<CallId, Desk>,
    /// By agent, apart for desks and telephones: a stranger on the public line locks nobody out of the desks.
    of_agents: BTreeMap<(AgentId, bool), Wrong>,
    at_places: BTreeMap<PinPlace, Wrong>,
}

impl fmt::Debug for Desks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desks").field("calls", &self.calls.len()).finish_non_exhaustive()
    }
}

impl Desks {
    /// Takes out what was keyed in; `None` for a call that a restart has interrupted.
    pub(crate) fn take(&mut self, call: CallId) -> Option<Desk> {
        self.calls.remove(&call)
    }

    /// Puts it back.
    pub(crate) fn put(&mut self, call: CallId, desk: Desk) {
        self.calls.insert(call, desk);
    }

    /// Forgets what was keyed in.
    pub(crate) fn forget(&mut self, call: CallId) {
        self.calls.remove(&call);
    }

    /// Whether nothing is looked at that is keyed in here, or for this agent.
    pub(crate) fn is_locked(&self, place: &PinPlace, agent: Option<AgentId>, now: Moment) -> bool {
        let of_agent = agent.and_then(|agent| self.of_agents.get(&(agent, place.is_telephone())));
        let both = self.at_places.get(place).into_iter().chain(of_agent);
        both.filter_map(|wrong| wrong.locked_until).any(|until| now < until)
    }

    /// Extension or PIN was wrong.
    pub(crate) fn was_wrong(&mut self, place: PinPlace, agent: Option<AgentId>, now: Moment) {
        if self.at_places.len() >= PLACES_MAX && !self.at_places.contains_key(&place) {
            self.at_places.retain(|_, wrong| wrong.locked_until.is_some_and(|until| now < until));
            // The seats come first, and are few: no stranger frees one.
            if self.at_places.len() >= PLACES_MAX {
                self.at_places.pop_last();
            }
        }
        let is_telephone = place.is_telephone();
        self.at_places.entry(place).or_default().one_more(WRONG_AT_PLACE_MAX, now);
        if let Some(agent) = agent {
            self.of_agents.entry((agent, is_telephone)).or_default().one_more(WRONG_OF_AGENT_MAX, now);
        }
    }

    /// The PIN was right.
    pub(crate) fn was_right(&mut self, place: &PinPlace, agent: AgentId) {
        self.at_places.remove(place);
        self.of_agents.remove(&(agent, place.is_telephone()));
    }
}

impl Wrong {
    fn one_more(&mut self, most: u8, now: Moment) {
        self.count += 1;
        if self.count >= most {
            *self = Self { count: 0, locked_until: Some(now + LOCKED_SPAN) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEAT: PinPlace = PinPlace::Seat(SeatId(1));
    const OTHER: PinPlace = PinPlace::Seat(SeatId(2));
    const ANA: AgentId = AgentId(1);

    #[test]
    fn after_five_wrong_pins_an_agents_pin_is_not_looked_at_for_five_minutes() {
        let mut desks = Desks::default();
        let now = Moment::from_secs(100);
        for _ in 0..5 {
            assert!(!desks.is_locked(&SEAT, Some(ANA), now));
            desks.was_wrong(SEAT, Some(ANA), now);
        }
        assert!(desks.is_locked(&OTHER, Some(ANA), now), "at no phone");
        assert!(!desks.is_locked(&SEAT, Some(AgentId(2)), now), "others may go on");
        assert!(desks.is_locked(&SEAT, Some(ANA), now + Duration::from_secs(299)));
        assert!(!desks.is_locked(&SEAT, Some(ANA), now + Duration::from_secs(300)));
    }

    #[test]
    fn whoever_tries_one_agent_after_another_at_a_phone_is_stopped_too() {
        let mut desks = Desks::default();
        let now = Moment::from_secs(100);
        (0..10).for_each(|agent| desks.was_wrong(SEAT, Some(AgentId(agent)), now));
        assert!(desks.is_locked(&SEAT, Some(AgentId(20)), now));
        assert!(!desks.is_locked(&OTHER, Some(AgentId(20)), now));
    }

    #[test]
    fn a_right_pin_begins_the_count_anew() {
        let mut desks = Desks::default();
        let now = Moment::from_secs(100);
        (0..4).for_each(|_| desks.was_wrong(SEAT, Some(ANA), now));
        desks.was_right(&SEAT, ANA);
        (0..4).for_each(|_| desks.was_wrong(SEAT, Some(ANA), now));
        assert!(!desks.is_locked(&SEAT, Some(ANA), now));
    }

    #[test]
    fn strangers_who_show_ever_other_numbers_take_no_room() {
        let mut desks = Desks::default();
        let now = Moment::from_secs(100);
        for number in 0..3_000 {
            desks.was_wrong(PinPlace::Telephone(number.to_string()), None, now);
        }
        assert!(desks.at_places.len() <= PLACES_MAX);
    }

    #[test]
    fn wrong_pins_on_the_public_line_lock_no_desk() {
        let mut desks = Desks::default();
        let now = Moment::from_secs(100);
        let stranger = PinPlace::Telephone("0991".to_owned());
        (0..5).for_each(|_| desks.was_wrong(stranger.clone(), Some(ANA), now));
        assert!(desks.is_locked(&PinPlace::Telephone("0992".to_owned()), Some(ANA), now));
        assert!(!desks.is_locked(&SEAT, Some(ANA), now), "Ana sits down in the office");
    }
}
