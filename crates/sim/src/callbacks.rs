//! Callers who ask to be called back, and the phone at the other end: it answers, is busy, refuses, or rings for ever.

use core::time::Duration;
use std::net::{IpAddr, SocketAddr};

use turno_ground::Rng;
use turno_phone::Phone;

use crate::action::{Action, Temper};
use crate::draws::{SPAN_MICROS, one_of};
use crate::person::{Person, Who};
use crate::place;
use crate::world::World;

/// The callers' keys after the first: to confirm, another number, a second thought, keys at random.
const KEYS: [&str; 8] = ["1", "1", "1", "20991234567#1", "20991234567#1", "*", "20012125550100#", "5#*19"];

/// How often the phone at the other end changes its behaviour at most.
const CHANGES_MAX: u64 = 6;

/// In two of three scenarios, some callers ask to be called back.
pub(crate) fn callbacks(seed: u64, came: &[(Duration, u32)]) -> Vec<(Duration, Action)> {
    let mut rng = Rng::new(seed ^ 0x6361_6c6c);
    let mut actions = Vec::new();
    if rng.below(3) == 0 {
        return actions;
    }
    for &(at, caller) in came {
        if rng.below(4) == 0 {
            continue;
        }
        let mut at = at + Duration::from_millis(5_000 + rng.below(20_000));
        actions.push((at, Action::CallerPresses(caller, '1')));
        for key in one_of(&KEYS, &mut rng).chars() {
            at += Duration::from_millis(300 + rng.below(1_500));
            actions.push((at, Action::CallerPresses(caller, key)));
        }
    }
    for change in 0..rng.below(CHANGES_MAX) {
        let at = if change == 0 { Duration::ZERO } else { Duration::from_micros(rng.below(SPAN_MICROS)) };
        let after = Duration::from_millis(rng.below(20_000));
        let temper = one_of(
            &[
                Temper::Prompt(after),
                Temper::Prompt(after),
                Temper::Slow,
                Temper::Silent,
                Temper::Refusing(486),
                Temper::Refusing(404),
                Temper::Refusing(603),
                Temper::Refusing(503),
                Temper::Twice(after),
            ],
            &mut rng,
        );
        actions.push((at, Action::CitizenIs(temper)));
    }
    actions
}

impl World {
    /// The phone of everybody who is called back stands behind the trunk by which agents call outside.
    pub(crate) fn citizen_comes(&mut self) {
        let trunk = self.plan.dial_out.trunk.and_then(|trunk| self.plan.trunks.get(trunk.index()));
        let Some(trunk) = trunk.filter(|_| self.carrier.is_none()) else { return };
        let ip = trunk.host.as_ref().and_then(|host| host.parse::<IpAddr>().ok());
        let calls_back = self.plan.queues.iter().any(|queue| queue.callback.is_some());
        let has_telephones = self.plan.agents.iter().any(|agent| agent.outside.is_some());
        let Some(ip) = ip.filter(|_| calls_back || has_telephones) else { return };
        let desk = place::desk(self.server, SocketAddr::new(ip, trunk.port.unwrap_or(5060)));
        // A seed of its own: the rest of the world does not depend on this phone.
        let rng = Rng::new(self.now.as_micros());
        let person = Person::new(Who::Citizen, "citizen", "", &self.plan.sip.domain, desk, rng);
        self.citizen = Some(self.sits_down(person));
        self.lines_are_wanted();
    }

    /// The citizen's phone reacts in this way from now on.
    pub(crate) fn citizen_is(&mut self, temper: Temper) {
        if let Some(place) = self.citizen {
            self.persons[place].is(temper);
        }
    }

    /// A citizen who was called back ends the talk.
    pub(crate) fn citizen_hangs_up(&mut self) {
        let Some(place) = self.citizen else { return };
        let first = self.persons[place].confirmed.iter().min_by_key(|(_, since)| **since);
        if let Some(call) = first.map(|(call, _)| *call) {
            self.act(place, |phone: &mut Phone, now| phone.hang_up(call, now));
        }
    }
}
