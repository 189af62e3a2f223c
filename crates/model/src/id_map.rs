//! Keeps the indexes of agents, queues and so on stable while the plan changes.
//!
//! The engine's state and every fact name agents, queues and the rest by their index in the plan. An edited site has
//! other indexes. A new plan is therefore aligned with the id map of the old one: what kept its name keeps its index,
//! what is new goes to the end, and what is gone keeps its index as a retired entry.

use serde::{Deserialize, Serialize};
use turno_ground::Secret;

use crate::encryption::SrtpPlan;
use crate::id::{AgentId, MenuId, PromptName, QueueId, SeatId, SkillId, TrunkId};
use crate::plan::{
    AgentPlan, AuxReasonPlan, Entry, MenuChoice, MenuPlan, Plan, PromptPlan, QueuePlan, SeatPlan, StepAction,
    Treatment, TrunkPlan, TrunkTrust,
};

/// The order of a plan, and the data that retired entries need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdMap {
    skills: Vec<String>,
    queues: Vec<QueuePlan>,
    agents: Vec<Person>,
    trunks: Vec<String>,
    menus: Vec<MenuPlan>,
    aux_reasons: Vec<String>,
    prompts: Vec<PromptPlan>,
    seats: Vec<Seat>,
}

/// An agent without skills.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Person {
    name: String,
    display: String,
    extension: String,
}

/// A seat without secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Seat {
    extension: String,
    display: String,
}

/// The new index of each entry.
type NewIds = Vec<usize>;

/// The indexes of `new` in an order that begins with `old`, and the old entries that are gone.
fn places(old: &[&str], new: &[&str]) -> (NewIds, Vec<usize>) {
    let mut behind = old.len();
    let moved = new
        .iter()
        .map(|name| {
            old.iter().position(|before| before == name).unwrap_or_else(|| {
                behind += 1;
                behind - 1
            })
        })
        .collect();
    let gone = (0..old.len()).filter(|place| !new.contains(&old[*place])).collect();
    (moved, gone)
}

/// Moves entries to their new indexes, and puts `retired` ones where an entry is gone.
fn put<T>(all: &mut Vec<T>, moved: &NewIds, gone: &[usize], retired: impl Fn(usize) -> T) {
    let mut placed: Vec<(usize, T)> = moved.iter().copied().zip(core::mem::take(all)).collect();
    placed.extend(gone.iter().map(|&place| (place, retired(place))));
    placed.sort_by_key(|(place, _)| *place);
    all.extend(placed.into_iter().map(|(_, what)| what));
}

fn moved_to(moved: &NewIds, place: usize) -> Option<u32> {
    moved.get(place).and_then(|&place| u32::try_from(place).ok())
}

/// The new indexes of everything in a plan.
struct Moves {
    skills: NewIds,
    queues: NewIds,
    agents: NewIds,
    trunks: NewIds,
    menus: NewIds,
    prompts: NewIds,
}

impl Moves {
    fn skill(&self, id: SkillId) -> SkillId {
        moved_to(&self.skills, id.index()).map_or(id, SkillId)
    }

    fn agent(&self, id: AgentId) -> AgentId {
        moved_to(&self.agents, id.index()).map_or(id, AgentId)
    }

    fn queue(&self, id: QueueId) -> QueueId {
        moved_to(&self.queues, id.index()).map_or(id, QueueId)
    }

    fn prompt(&self, name: PromptName) -> PromptName {
        moved_to(&self.prompts, name.index()).map_or(name, PromptName)
    }

    fn treatment(&self, treatment: Treatment) -> Treatment {
        match treatment {
            Treatment::PromptAndEnd(prompt) => Treatment::PromptAndEnd(self.prompt(prompt)),
            Treatment::Wait => Treatment::Wait,
        }
    }

    fn trunk(&self, id: TrunkId) -> TrunkId {
        moved_to(&self.trunks, id.index()).map_or(id, TrunkId)
    }

    fn queue_plan(&self, plan: &mut QueuePlan) {
        plan.skill = self.skill(plan.skill);
        for treatment in [&mut plan.when_full, &mut plan.when_waited, &mut plan.when_nobody] {
            *treatment = self.treatment(*treatment);
        }
        for step in &mut plan.steps {
            self.step(&mut step.action);
        }
        let announced =
            plan.announcements.iter_mut().flat_map(|it| it.comfort.iter_mut().chain(&mut it.recordings));
        let called_back =
            plan.callback.iter_mut().flat_map(|it| it.prompts.iter_mut().chain(&mut it.recordings));
        let surveyed = plan.survey.iter_mut().flat_map(|it| it.questions.iter_mut().chain(&mut it.prompts));
        let left = plan
            .voicemail
            .iter_mut()
            .flat_map(|it| it.greeting.iter_mut().chain(&mut it.prompts).chain(&mut it.recordings));
        let of_dialogues = called_back.chain(surveyed).chain(left);
        let spoken = plan.greeting.iter_mut().chain(announced).chain(&mut plan.recording_notice);
        for prompt in spoken.chain(of_dialogues) {
            *prompt = self.prompt(*prompt);
        }
    }

    fn step(&self, action: &mut StepAction) {
        match action {
            StepAction::Also(queue) | StepAction::MoveTo(queue) => *queue = self.queue(*queue),
            StepAction::PromptAndEnd(prompt) => *prompt = self.prompt(*prompt),
            StepAction::LevelMax(_) | StepAction::Raise(_) | StepAction::SendTo(_) => {}
            StepAction::OfferCallback | StepAction::Interrupt(_) | StepAction::Voicemail => {}
        }
    }

    fn menu_plan(&self, plan: &mut MenuPlan) {
        let read = plan.choices.iter_mut().flat_map(|(_, choice)| match choice {
            MenuChoice::Read(prompts) => prompts.as_mut_slice(),
            MenuChoice::Queue(_)
            | MenuChoice::Menu(_)
            | MenuChoice::Back
            | MenuChoice::Repeat
            | MenuChoice::Language(_)
            | MenuChoice::Send => &mut [],
        });
        let card = plan.card.iter_mut().flat_map(|card| [&mut card.sound, &mut card.offer, &mut card.sent]);
        for prompt in plan.prompts.iter_mut().chain(&mut plan.wrong).chain(read).chain(card.flatten()) {
            *prompt = self.prompt(*prompt);
        }
        for (_, choice) in &mut plan.choices {
            match choice {
                MenuChoice::Queue(queue) => *queue = self.queue(*queue),
                MenuChoice::Menu(menu) => *menu = self.menu(*menu),
                MenuChoice::Read(_)
                | MenuChoice::Back
                | MenuChoice::Repeat
                | MenuChoice::Language(_)
                | MenuChoice::Send => {}
            }
        }
        plan.person = plan.person.map(|queue| self.queue(queue));
        plan.otherwise = self.queue(plan.otherwise);
    }

    fn menu(&self, id: MenuId) -> MenuId {
        moved_to(&self.menus, id.index()).map_or(id, MenuId)
    }

    fn entry(&self, entry: Entry) -> Entry {
        match entry {
            Entry::Menu(menu) => Entry::Menu(self.menu(menu)),
            Entry::Queue(queue) => Entry::Queue(self.queue(queue)),
            Entry::Agent(agent, queue) => Entry::Agent(self.agent(agent), self.queue(queue)),
        }
    }
}

fn names<T>(all: &[T], name: impl Fn(&T) -> &str) -> Vec<&str> {
    all.iter().map(name).collect()
}

impl IdMap {
    /// The id map of a plan.
    pub fn of(plan: &Plan) -> Self {
        Self {
            skills: plan.skills.clone(),
            queues: plan.queues.clone(),
            agents: plan
                .agents
                .iter()
                .map(|agent| Person {
                    name: agent.name.clone(),
                    display: agent.display.clone(),
                    extension: agent.extension.clone(),
                })
                .collect(),
            trunks: plan.trunks.iter().map(|trunk| trunk.name.clone()).collect(),
            menus: plan.menus.clone(),
            aux_reasons: plan.aux_reasons.iter().map(|reason| reason.name.clone()).collect(),
            prompts: plan.prompts.clone(),
            seats: plan
                .seats
                .iter()
                .map(|seat| Seat { extension: seat.extension.clone(), display: seat.display.clone() })
                .collect(),
        }
    }

    /// The same plan with the indexes of this id map. Agents and seats are matched by extension, all else by name.
    pub fn align(&self, mut plan: Plan) -> Plan {
        let (skills, skills_gone) = places(&names(&self.skills, |it| it), &names(&plan.skills, |it| it));
        let (queues, queues_gone) =
            places(&names(&self.queues, |it| &it.name), &names(&plan.queues, |it| &it.name));
        let (agents, agents_gone) =
            places(&names(&self.agents, |it| &it.extension), &names(&plan.agents, |it| &it.extension));
        let (seats, seats_gone) =
            places(&names(&self.seats, |it| &it.extension), &names(&plan.seats, |it| &it.extension));
        let (trunks, trunks_gone) =
            places(&names(&self.trunks, |it| it), &names(&plan.trunks, |it| &it.name));
        let (menus, menus_gone) =
            places(&names(&self.menus, |it| &it.name), &names(&plan.menus, |it| &it.name));
        let (reasons, reasons_gone) =
            places(&names(&self.aux_reasons, |it| it), &names(&plan.aux_reasons, |it| &it.name));
        let (prompts, prompts_gone) =
            places(&names(&self.prompts, |it| &it.name), &names(&plan.prompts, |it| &it.name));
        let moves = Moves { skills, queues, agents, trunks, menus, prompts };
        for number in &mut plan.numbers {
            number.entry = moves.entry(number.entry);
            for prompt in [&mut number.closed, &mut number.holiday] {
                *prompt = prompt.map(|prompt| moves.prompt(prompt));
            }
        }
        for prompt in &mut plan.feature_codes.prompts {
            *prompt = prompt.map(|prompt| moves.prompt(prompt));
        }
        plan.emergency.prompt = plan.emergency.prompt.map(|prompt| moves.prompt(prompt));
        plan.phones.press_one = plan.phones.press_one.map(|prompt| moves.prompt(prompt));
        for list in &mut plan.caller_lists {
            list.prompt = list.prompt.map(|prompt| moves.prompt(prompt));
        }
        for recording in plan.voices.iter_mut().flat_map(|voice| &mut voice.recordings) {
            *recording = moves.prompt(*recording);
        }
        for recording in &mut plan.feature_codes.turn_recordings {
            *recording = moves.prompt(*recording);
        }
        plan.dial_out.trunk = plan.dial_out.trunk.map(|trunk| moves.trunk(trunk));
        for (skill, _) in plan.agents.iter_mut().flat_map(|agent| &mut agent.skills) {
            *skill = moves.skill(*skill);
        }
        for agent in &mut plan.agents {
            agent.own_seat = agent.own_seat.map(|seat| moved_to(&seats, seat.index()).map_or(seat, SeatId));
        }
        for queue in &mut plan.queues {
            moves.queue_plan(queue);
        }
        for menu in &mut plan.menus {
            moves.menu_plan(menu);
        }
        put(&mut plan.skills, &moves.skills, &skills_gone, |place| self.skills[place].clone());
        put(&mut plan.queues, &moves.queues, &queues_gone, |place| self.queues[place].clone());
        put(&mut plan.agents, &moves.agents, &agents_gone, |place| self.agents[place].retired());
        put(&mut plan.seats, &seats, &seats_gone, |place| self.seats[place].retired());
        put(&mut plan.trunks, &moves.trunks, &trunks_gone, |place| retired_trunk(&self.trunks[place]));
        put(&mut plan.menus, &moves.menus, &menus_gone, |place| self.menus[place].clone());
        put(&mut plan.prompts, &moves.prompts, &prompts_gone, |place| PromptPlan {
            name: self.prompts[place].name.clone(),
            file: NO_FILE.into(),
        });
        put(&mut plan.aux_reasons, &reasons, &reasons_gone, |place| AuxReasonPlan {
            name: self.aux_reasons[place].clone(),
            digit: NO_DIGIT,
            turns: None,
            is_interruptible: false,
        });
        plan
    }

    /// Whether a plan has everything of this id map at the same index.
    pub fn fits(&self, plan: &Plan) -> bool {
        begins_with(&names(&plan.agents, |it| &it.extension), &names(&self.agents, |it| &it.extension))
            && begins_with(&names(&plan.seats, |it| &it.extension), &names(&self.seats, |it| &it.extension))
            && begins_with(&names(&plan.queues, |it| &it.name), &names(&self.queues, |it| &it.name))
            && begins_with(&names(&plan.skills, |it| it), &names(&self.skills, |it| it))
            && begins_with(&names(&plan.trunks, |it| &it.name), &names(&self.trunks, |it| it))
            && begins_with(&names(&plan.menus, |it| &it.name), &names(&self.menus, |it| &it.name))
            && begins_with(&names(&plan.aux_reasons, |it| &it.name), &names(&self.aux_reasons, |it| it))
            && begins_with(&names(&plan.prompts, |it| &it.name), &names(&self.prompts, |it| &it.name))
    }
}

fn begins_with(all: &[&str], first: &[&str]) -> bool {
    all.starts_with(first)
}

/// The file of a retired prompt: silence, since the file may be gone.
const NO_FILE: &str = "";

/// The digit of a retired reason: nobody can dial it.
const NO_DIGIT: u8 = u8::MAX;

impl Person {
    fn retired(&self) -> AgentPlan {
        AgentPlan {
            name: self.name.clone(),
            display: self.display.clone(),
            extension: self.extension.clone(),
            own_seat: None,
            skills: Vec::new(),
            auto_login: false,
            supervises: false,
            helps: false,
            is_recorded: false,
            outside: None,
            pin: None,
            is_retired: true,
        }
    }
}

impl Seat {
    fn retired(&self) -> SeatPlan {
        SeatPlan {
            extension: self.extension.clone(),
            display: self.display.clone(),
            password: Secret::default(),
            srtp: SrtpPlan::default(),
            is_retired: true,
        }
    }
}

/// A trunk without calls in or out.
fn retired_trunk(name: &str) -> TrunkPlan {
    TrunkPlan::new(name, TrunkTrust::Addresses(Vec::new()))
}
