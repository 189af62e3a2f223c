//! Agents with an ordinary telephone in a scenario: it stands behind the trunk, and its person presses 1, declines, or forgets.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

use turno_ground::{Pii, Rng};
use turno_media_plan::MediaEvent;
use turno_model::plan::{OutsidePhone, PhoneLine};
use turno_model::{AgentId, Command, Fact, PhoneChange, PhoneStep, Plan, PromptName};

use crate::draws::{SPAN_MICROS, one_of};
use crate::plan_mutation::PlanMutation;
use crate::scheduled_action::ScheduledAction;
use crate::world::World;

/// Agents of whom some have a telephone.
const AGENTS: usize = 8;

/// What people press who pick up; `None`: nothing, as a machine.
const KEYS: [Option<char>; 8] =
    [Some('1'), Some('1'), Some('1'), Some('1'), Some('2'), Some('7'), Some('#'), None];

/// How often an agent wants the line at most, after the first time.
const WISHES_MAX: u64 = 5;

/// How long they think at most, in milliseconds.
const THINKING_MAX: u64 = 6_000;

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

/// The telephones that are dialled, by the facts alone.
#[derive(Debug)]
pub(crate) struct Telephones {
    plan: Arc<Plan>,
    /// The last step of each agent's telephone since the last talk.
    steps: BTreeMap<AgentId, PhoneChange>,
    /// Whose telephone stays connected.
    lines: BTreeSet<AgentId>,
    /// Who talks by telephone, and not at a desk.
    talking: BTreeSet<AgentId>,
    /// How many were picked up, and how many of these were taken.
    many: (u64, u64),
    /// How many lines were opened.
    opened: u64,
}

impl Telephones {
    /// None was dialled.
    pub(crate) const fn new(plan: Arc<Plan>) -> Self {
        Self {
            plan,
            steps: BTreeMap::new(),
            lines: BTreeSet::new(),
            talking: BTreeSet::new(),
            many: (0, 0),
            opened: 0,
        }
    }

    /// Another plan is in force.
    pub(crate) fn works_by(&mut self, plan: Arc<Plan>) {
        self.plan = plan;
    }

    /// Wound: the answering machine of a mobile phone takes a citizen's call.
    pub(crate) fn reads(&mut self, fact: &Fact) {
        if let Fact::Phone(PhoneStep { agent: Some(agent), change, .. }) = fact {
            self.steps.insert(*agent, *change);
            match change {
                PhoneChange::LineOpened => {
                    self.lines.insert(*agent);
                    self.opened += 1;
                }
                PhoneChange::LineLost | PhoneChange::LineReleased => drop(self.lines.remove(agent)),
                PhoneChange::Dialled
                | PhoneChange::PickedUp
                | PhoneChange::Confirmed
                | PhoneChange::AgentsLine(_)
                | PhoneChange::LineDialled
                | PhoneChange::LineRefused => {}
            }
            self.many.0 += u64::from(*change == PhoneChange::PickedUp);
            self.many.1 += u64::from(*change == PhoneChange::Confirmed);
        } else if let Fact::Offered { agent, .. } | Fact::OfferSettled { agent, .. } = fact {
            let is_accepted =
                matches!(fact, Fact::OfferSettled { outcome: turno_model::OfferOutcome::Accepted, .. });
            if !is_accepted {
                self.steps.remove(agent);
            }
        } else if let Fact::Disconnected { agent, .. } = fact {
            self.talking.remove(agent);
        } else if let Fact::Connected { agent, .. } = fact {
            let step = self.steps.remove(agent);
            if step.is_some() || self.lines.contains(agent) {
                self.talking.insert(*agent);
            }
            let phone = self.plan.agents.get(agent.index()).and_then(|agent| agent.outside.as_ref());
            let is_asked = phone.is_some_and(|phone| phone.press_one);
            let is_heard =
                step != Some(PhoneChange::PickedUp) && !(is_asked && step == Some(PhoneChange::Dialled));
            assert!(is_heard, "a caller is connected to the telephone of {agent:?} before the key: {step:?}");
        }
    }

    /// Whether an agent talks by telephone, and not at a desk.
    pub(crate) fn talks_by(&self, agent: AgentId) -> bool {
        self.talking.contains(&agent)
    }

    /// How many were picked up, and how many of these were taken.
    pub(crate) const fn many(&self) -> (u64, u64) {
        self.many
    }

    /// How many lines were opened.
    pub(crate) const fn opened(&self) -> u64 {
        self.opened
    }
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

    /// Somebody has picked up an agent's telephone, and presses a key in a while.
    pub(crate) fn notices_telephone(&mut self, step: &PhoneStep) {
        if step.change != PhoneChange::PickedUp {
            return;
        }
        // A seed of its own: the rest of the world does not depend on these keys.
        let mut rng = Rng::new(self.now.as_micros());
        if let Some(key) = one_of(&KEYS, &mut rng) {
            let after = Duration::from_millis(rng.below(THINKING_MAX));
            self.means_to(self.now + after, ScheduledAction::CitizenPresses(key));
        }
    }

    /// Whoever is at the phone behind the trunk presses a key in every call there.
    pub(crate) fn citizen_presses(&mut self, digit: char) {
        let Some(place) = self.citizen else { return };
        let person = &self.persons[place];
        let heard = person.confirmed.keys().filter_map(|call| Some(person.keys_as.get(call)?.0));
        let ends: Vec<_> = heard.collect();
        for rtp in ends {
            if let Some(stream) = self.media.towards(rtp).map(|(stream, _)| stream) {
                self.tell_media(MediaEvent::Digit { stream, digit });
            }
        }
    }
}
