//! Agents with an ordinary telephone in a scenario: it stands behind the trunk, and its person presses 1, declines, or forgets.

use core::time::Duration;
use std::net::IpAddr;

use turno_ground::{Pii, Rng};
use turno_media_plan::MediaEvent;
use turno_model::plan::{OutsidePhone, PhoneLine};
use turno_model::{AgentId, Command, Plan, PromptName};

use crate::draws::SPAN_MICROS;
use crate::plan_mutation::PlanMutation;
use crate::scheduled_action::ScheduledAction;
use crate::world::World;

/// Agents of whom some have a telephone.
const AGENTS: usize = 8;

/// How often an agent wants the line at most, after the first time.
const WISHES_MAX: u64 = 5;

/// In one scenario of three some agents have a telephone. It has an Rng of its own, so that the rest of a seed stays the same.
pub(crate) fn telephones(seed: u64) -> Option<PlanMutation> {
    let mut rng = Rng::new(seed ^ 0x7465_6c65);
    (rng.below(3) == 0).then(|| PlanMutation::Telephones(rng.number()))
}

/// Hands out telephones, by this number, if the site can dial them in a simulated world.
pub(crate) fn hand_out(plan: &mut Plan, luck: u64) {
    let trunk = plan.dial_out.trunk.and_then(|trunk| plan.trunks.get(trunk.index()));
    let host = trunk.and_then(|trunk| trunk.host.as_ref()).and_then(|host| host.parse::<IpAddr>().ok());
    if host.is_none() {
        return;
    }
    let mut rng = Rng::new(luck);
    for (place, agent) in plan.agents.iter_mut().enumerate().take(AGENTS) {
        agent.outside = (rng.below(3) == 0).then(|| OutsidePhone {
            number: Pii(format!("09870000{place:02}")),
            press_one: rng.below(5) > 0,
            line: if rng.below(3) == 0 { PhoneLine::Held } else { PhoneLine::EachCall },
        });
    }
    plan.phones.press_one = (!plan.prompts.is_empty()).then_some(PromptName(0));
}

impl World {
    /// Agents whose telephone stays connected want to work now and then.
    pub(crate) fn lines_are_wanted(&mut self) {
        let mut rng = Rng::new(self.now.as_micros());
        for agent in self.holders() {
            for _ in 0..=rng.below(WISHES_MAX) {
                let at = self.now + Duration::from_micros(rng.below(SPAN_MICROS));
                self.means_to(at, ScheduledAction::WantsLine(agent));
            }
        }
    }

    /// At the end they log out, which ends their lines.
    pub(crate) fn lines_are_left(&mut self) {
        for agent in self.holders() {
            self.command(Command::LogOut(agent));
        }
    }

    fn holders(&self) -> Vec<AgentId> {
        let all = (0..).map(AgentId).zip(&self.plan.agents);
        let holds = |phone: &OutsidePhone| phone.line == PhoneLine::Held;
        all.filter(|(_, agent)| agent.outside.as_ref().is_some_and(holds)).map(|(id, _)| id).collect()
    }

    /// The person at the phone behind the trunk presses a key in every call there.
    pub(crate) fn citizen_presses(&mut self, digit: char) {
        let Some(place) = self.citizen else { return };
        let person = &self.persons[place];
        self.keying.another_key(place, person.confirmed.iter());
        let heard = person.confirmed.keys().filter_map(|call| Some(person.keys_as.get(call)?.0));
        let ends: Vec<_> = heard.collect();
        for rtp in ends {
            if let Some(stream) = self.media.towards(rtp).map(|(stream, _)| stream) {
                self.tell_media(MediaEvent::Digit { stream, digit });
            }
        }
    }
}
