//! Wrong PINs by the facts: after so many none is looked at for a time, and before none is refused unseen.

use core::time::Duration;
use std::collections::BTreeMap;

use turno_ground::Moment;
use turno_model::{AgentId, PinOutcome, SeatId};

/// As docs/OPERATIONS.md has it, of an agent and at a place.
const WRONG_OF_AGENT_MAX: u8 = 5;
const WRONG_AT_PLACE_MAX: u8 = 10;
const LOCKED_SPAN: Duration = Duration::from_secs(300);

/// Where PINs are counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PinsOf {
    /// Of an agent, at desks or on the agents' line.
    Agent(AgentId, bool),
    /// At a seat.
    Seat(SeatId),
    /// By the telephone with this number.
    Telephone(String),
}

/// How many were wrong one after another, and until when none is looked at.
#[derive(Clone, Copy, Debug, Default)]
struct Wrong {
    count: u8,
    locked_until: Option<Moment>,
}

/// All wrong PINs since the engine was started: they are kept in memory alone.
#[derive(Debug, Default)]
pub(crate) struct Pins(BTreeMap<PinsOf, Wrong>);

impl Pins {
    /// Checks what came of a PIN for this agent, at this place.
    pub(crate) fn judge(&mut self, place: PinsOf, agent: Option<AgentId>, outcome: PinOutcome, now: Moment) {
        let is_line = matches!(place, PinsOf::Telephone(_));
        let of_agent = agent.map(|agent| PinsOf::Agent(agent, is_line));
        let both: Vec<PinsOf> = core::iter::once(place).chain(of_agent).collect();
        let until = both.iter().filter_map(|of| self.0.get(of)?.locked_until);
        let is_locked = until.max().is_some_and(|until| now < until);
        assert_eq!(is_locked, outcome == PinOutcome::Locked, "{both:?}: {outcome:?}, after {self:?}");
        match outcome {
            PinOutcome::Locked => {}
            PinOutcome::Wrong => both.into_iter().for_each(|of| self.one_more(of, now)),
            PinOutcome::SatDown | PinOutcome::NotPossible | PinOutcome::SignedIn => {
                self.0.retain(|of, _| !both.contains(of));
            }
        }
    }

    fn one_more(&mut self, of: PinsOf, now: Moment) {
        let most = if matches!(of, PinsOf::Agent(..)) { WRONG_OF_AGENT_MAX } else { WRONG_AT_PLACE_MAX };
        let wrong = self.0.entry(of).or_default();
        wrong.count += 1;
        if wrong.count >= most {
            *wrong = Wrong { count: 0, locked_until: Some(now + LOCKED_SPAN) };
        }
    }
}
