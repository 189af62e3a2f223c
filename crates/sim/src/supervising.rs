//! Supervisors who observe talks: when they do so in a scenario, and with which commands.

use core::time::Duration;

use turno_ground::Rng;
use turno_model::command::feature_code::FeatureCode;
use turno_model::{
    AgentId, AgentState, Asker, Command, ContactId, Observing, PromptName, QueueId, QueueState, SkillOrder,
    SkillTo,
};

use crate::action::{Action, Supervision};
use crate::draws::{SPAN_MICROS, one_of};
use crate::world::World;

/// How often supervisors begin to observe at most, after the first time.
const OBSERVED_MAX: u64 = 40;

/// How often supervisors act on queues and waiting contacts at most, after the first time.
const FLOOR_ACTS_MAX: u64 = 60;

/// In one scenario of three, supervisors observe talks, by command or by dialling, change how, take over, and leave by
/// command or by hanging up. They have an
/// Rng of their own, so that the rest of a seed stays the same.
pub(crate) fn supervisions(seed: u64, agents: usize) -> Vec<(Duration, Action)> {
    let mut rng = Rng::new(seed ^ 0x6f62_7376);
    if rng.below(3) > 0 {
        return Vec::new();
    }
    let mut actions = Vec::new();
    for _ in 0..=rng.below(OBSERVED_MAX) {
        let mut at = Duration::from_micros(rng.below(SPAN_MICROS));
        let agent = usize::try_from(rng.below(agents as u64)).unwrap_or(0);
        let codes = [FeatureCode::Listen, FeatureCode::Whisper, FeatureCode::Barge, FeatureCode::TakeOver];
        let begin = match rng.below(3) {
            0 => Supervision::Dial(one_of(&codes, &mut rng), rng.number()),
            _ => Supervision::Begin(how(&mut rng), rng.number()),
        };
        actions.push((at, Action::Supervises(agent, begin)));
        for _ in 0..rng.below(4) {
            let longest = one_of(&[100_000, 5_000_000, 20_000_000], &mut rng);
            at += Duration::from_micros(rng.below(longest));
            actions.push((at, goes_on(agent, &mut rng)));
        }
    }
    actions
}

fn goes_on(agent: usize, rng: &mut Rng) -> Action {
    match rng.below(8) {
        0 => Action::AgentHangsUp(agent),
        1 => Action::Supervises(agent, Supervision::Stop),
        2 => Action::Supervises(agent, Supervision::TakeOver),
        3 | 4 => Action::Supervises(agent, Supervision::Press(one_of(&['1', '2', '3', '4', '9'], rng))),
        _ => Action::Supervises(agent, Supervision::Change(how(rng))),
    }
}

fn how(rng: &mut Rng) -> Observing {
    one_of(&[Observing::Listen, Observing::Whisper, Observing::Barge], rng)
}

/// What supervisors do to queues, to contacts that wait and to skills.
pub(crate) fn floor_acts(
    seed: u64,
    (agents, queues): (usize, usize),
    came: &[(Duration, u32)],
) -> Vec<(Duration, Action)> {
    let floor = floor_control(seed, queues).into_iter();
    floor.chain(pulls(seed, agents, came)).chain(skill_changes(seed, agents, queues)).collect()
}

/// In another scenario of three, supervisors move, prioritise and end contacts that wait, announce, and open, pause and close
/// queues.
fn floor_control(seed: u64, queues: usize) -> Vec<(Duration, Action)> {
    let mut rng = Rng::new(seed ^ 0x666c_6f6f_7263);
    if queues == 0 || rng.below(3) > 0 {
        return Vec::new();
    }
    let mut actions = Vec::new();
    for _ in 0..=rng.below(FLOOR_ACTS_MAX) {
        let at = Duration::from_micros(rng.below(SPAN_MICROS));
        let queue = usize::try_from(rng.below(queues as u64)).unwrap_or(0);
        let act = match rng.below(6) {
            0 => Supervision::Move(rng.number(), queue),
            1 => Supervision::Prioritise(rng.number(), one_of(&[0, 1, 5], &mut rng)),
            2 => Supervision::End(rng.number()),
            3 => Supervision::Announce(queue),
            _ => {
                let states = [QueueState::Open, QueueState::Paused, QueueState::Closed];
                Supervision::Turn(queue, one_of(&states, &mut rng))
            }
        };
        actions.push((at, Action::Supervises(0, act)));
    }
    actions
}

/// In one scenario of three, supervisors give waiting contacts to agents, and take that back: soon after somebody has come.
fn pulls(seed: u64, agents: usize, came: &[(Duration, u32)]) -> Vec<(Duration, Action)> {
    let mut rng = Rng::new(seed ^ 0x7075_6c6c);
    if agents == 0 || rng.below(3) > 0 {
        return Vec::new();
    }
    let mut actions = Vec::new();
    for _ in 0..=rng.below(FLOOR_ACTS_MAX) {
        let arrival = usize::try_from(rng.below(came.len().max(1) as u64)).unwrap_or(0);
        let since = came.get(arrival).map_or(Duration::ZERO, |(at, _)| *at);
        let at = since + Duration::from_micros(rng.below(PULLED_WITHIN_MICROS));
        let agent = usize::try_from(rng.below(agents as u64)).unwrap_or(0);
        let act = match rng.below(5) {
            0 => Supervision::PullBack(rng.number()),
            _ => Supervision::Pull(rng.number(), agent),
        };
        actions.push((at, Action::Supervises(0, act)));
    }
    actions
}

/// In one scenario of three, supervisors change skills of agents, some of them to the end of the hour.
fn skill_changes(seed: u64, agents: usize, queues: usize) -> Vec<(Duration, Action)> {
    let mut rng = Rng::new(seed ^ 0x736b_696c);
    if agents == 0 || queues == 0 || rng.below(3) > 0 {
        return Vec::new();
    }
    let mut actions = Vec::new();
    for _ in 0..=rng.below(FLOOR_ACTS_MAX / 3) {
        let at = Duration::from_micros(rng.below(SPAN_MICROS));
        let agent = usize::try_from(rng.below(agents as u64)).unwrap_or(0);
        let queue = usize::try_from(rng.below(queues as u64)).unwrap_or(0);
        let to = match rng.below(6) {
            0 => SkillTo::Plan,
            1 | 2 => SkillTo::None,
            level => SkillTo::Level(u8::try_from(level - 2).unwrap_or(1)),
        };
        let span = Duration::from_secs(one_of(&[60, 90, 3_600], &mut rng));
        actions.push((at, Action::Supervises(0, Supervision::Skill(agent, queue, to, span))));
    }
    actions
}

/// In one scenario of four, supervisors switch the emergency announcement on and off.
pub(crate) fn emergencies(seed: u64) -> Vec<(Duration, Action)> {
    let mut rng = Rng::new(seed ^ 0x656d_6572);
    if rng.below(4) > 0 {
        return Vec::new();
    }
    let mut at = Duration::ZERO;
    let mut actions = Vec::new();
    for turn in 0..=rng.below(4) {
        at += Duration::from_micros(rng.below(SPAN_MICROS / 2));
        let act = if turn % 2 == 0 { Supervision::EmergencyOn } else { Supervision::EmergencyOff };
        actions.push((at, Action::Supervises(0, act)));
    }
    actions
}

/// How soon after an arrival a supervisor gives a waiting contact to an agent, in microseconds.
const PULLED_WITHIN_MICROS: u64 = 15_000_000;

impl World {
    /// A supervisor asks for something.
    pub(crate) fn supervises(&mut self, agent: usize, supervision: Supervision) {
        if let Some(command) = self.floor_command(supervision) {
            return self.command_by(Asker::Control, command);
        }
        let begins = matches!(
            supervision,
            Supervision::Begin(..)
                | Supervision::Dial(..)
                | Supervision::Speak(_)
                | Supervision::DialToSpeak(_)
        );
        let agent = if begins { self.is_free(agent) } else { agent };
        let Some(observer) = self.who_sits_at(agent) else { return };
        let command = match supervision {
            Supervision::Begin(how, luck) => Command::Observe(observer, self.talk_drawn(observer, luck), how),
            Supervision::Change(how) => Command::ChangeObserving(observer, how),
            Supervision::Stop => Command::StopObserving(observer),
            Supervision::TakeOver => Command::TakeOver(observer),
            Supervision::Dial(code, luck) => return self.dials_into_talk(agent, (observer, code), luck),
            Supervision::Speak(queue) => Command::Speak(observer, self.queue_at(queue)),
            Supervision::DialToSpeak(queue) => return self.dials_to_speak(agent, queue),
            Supervision::Move(..)
            | Supervision::Prioritise(..)
            | Supervision::Pull(..)
            | Supervision::PullBack(_)
            | Supervision::Skill(..)
            | Supervision::End(_)
            | Supervision::Turn(..)
            | Supervision::EmergencyOn
            | Supervision::EmergencyOff
            | Supervision::List(..)
            | Supervision::Unlist(..)
            | Supervision::Announce(_) => return,
            Supervision::Press(key) => {
                if key == '3' {
                    self.invariants.left_messages.ends_by_key(observer);
                }
                return self.presses(self.staff.place_of(agent), key);
            }
        };
        self.command(command);
    }

    /// A supervisor opens every queue.
    pub(crate) fn opens_all_queues(&mut self) {
        for place in 0..self.plan.queues.len() {
            self.supervises(0, Supervision::Turn(place, QueueState::Open));
        }
    }

    /// A supervisor lets every skill be as planned.
    pub(crate) fn skills_as_planned(&mut self) {
        let (agents, queues) = (self.plan.agents.len(), self.plan.queues.len());
        for (agent, queue) in (0..agents).flat_map(|agent| (0..queues).map(move |queue| (agent, queue))) {
            let is_changed = self.invariants.has_changed_skill(agent, queue);
            if is_changed {
                self.supervises(0, Supervision::Skill(agent, queue, SkillTo::Plan, Duration::ZERO));
            }
        }
    }

    /// The command for a contact that waits, or for a queue.
    fn floor_command(&self, supervision: Supervision) -> Option<Command> {
        let queues = self.plan.queues.len().max(1);
        let queue = |place: usize| QueueId(u32::try_from(place % queues).unwrap_or(0));
        match supervision {
            Supervision::Move(luck, to) => Some(Command::Move(self.waiting_drawn(luck), queue(to))),
            Supervision::Prioritise(luck, priority) => {
                Some(Command::Prioritise(self.waiting_drawn(luck), priority))
            }
            Supervision::Pull(luck, place) => {
                let agent = AgentId(u32::try_from(place).unwrap_or(0));
                Some(Command::Pull(self.waiting_drawn(luck), Some(agent)))
            }
            Supervision::Skill(place, at, to, span) => {
                let agent = AgentId(u32::try_from(place).unwrap_or(0));
                Some(Command::SetSkill(agent, queue(at), SkillOrder { to, span: Some(span) }))
            }
            Supervision::PullBack(luck) => Some(Command::Pull(self.waiting_drawn(luck), None)),
            Supervision::End(luck) => {
                let prompts = u32::try_from(self.plan.prompts.len()).unwrap_or(0);
                let prompt = Some(PromptName(0)).filter(|_| prompts > 0 && luck % 2 == 0);
                Some(Command::End(self.waiting_drawn(luck), prompt))
            }
            Supervision::Turn(place, state) => Some(Command::SetQueue(queue(place), state)),
            Supervision::Announce(place) => Some(Command::Announce(queue(place), PromptName(0))),
            Supervision::EmergencyOn => Some(Command::EmergencyOn(None)),
            Supervision::EmergencyOff => Some(Command::EmergencyOff),
            Supervision::List(caller, list, span) => Some(self.lists(caller, list, span)),
            Supervision::Unlist(caller, list) => Some(self.unlists(caller, list)),
            Supervision::Begin(..)
            | Supervision::Change(_)
            | Supervision::Stop
            | Supervision::TakeOver
            | Supervision::Dial(..)
            | Supervision::Speak(_)
            | Supervision::DialToSpeak(_)
            | Supervision::Press(_) => None,
        }
    }

    /// A contact that waits or is offered; a number that does not exist if there is none.
    fn waiting_drawn(&self, luck: u64) -> ContactId {
        let waiting = self.invariants.who_waits();
        let place = luck.checked_rem(waiting.len() as u64).and_then(|place| usize::try_from(place).ok());
        place.and_then(|place| waiting.get(place)).copied().unwrap_or(ContactId(luck))
    }

    /// A supervisor dials a code and the extension of an agent who talks.
    fn dials_into_talk(&mut self, agent: usize, (observer, code): (AgentId, FeatureCode), luck: u64) {
        let contact = self.talk_drawn(observer, luck);
        let talking = self.invariants.outcomes.talking().get(&contact).copied();
        let extension = talking.and_then(|agent| self.plan.agents.get(agent.index()));
        let extension = extension.map_or("nobody", |agent| agent.extension.as_str());
        let number = format!("{}{extension}", code.digits(&self.plan.feature_codes));
        self.phone_dials(agent, &number);
    }

    /// The next agent without a call, from this one on; this one if all have calls.
    fn is_free(&self, agent: usize) -> usize {
        let many = self.staff.len().max(1);
        let mut places = (agent..agent + many).map(|place| place % many);
        let is_free = |place: &usize| {
            let state = self.who_sits_at(*place).map(|id| self.invariants.state(id));
            state.is_some_and(|state| !state.has_contact() && state != AgentState::OtherCall)
        };
        places.find(is_free).unwrap_or(agent)
    }

    /// A contact in a call with an agent other than this one.
    fn talk_drawn(&self, observer: AgentId, luck: u64) -> ContactId {
        let talking = self.invariants.outcomes.talking().iter();
        let talks =
            talking.filter(|(contact, agent)| self.calling.contains_key(contact) && **agent != observer);
        let talks: Vec<ContactId> = talks.map(|(contact, _)| *contact).collect();
        let place = luck.checked_rem(talks.len() as u64).and_then(|place| usize::try_from(place).ok());
        place.and_then(|place| talks.get(place)).copied().unwrap_or(ContactId(luck))
    }
}
