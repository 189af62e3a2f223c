//! A scenario as data: what a seed means, and what can be left out of it.

use core::fmt;
use core::time::Duration;

use turno_ground::{Moment, Rng};
use turno_model::{Channel, Plan};

use crate::action::{Action, Arrival, Note, StateRequest, Target, Temper};
use crate::breaks::breaks;
use crate::callback_rules::callback_rules;
use crate::callbacks::callbacks;
use crate::caller_lists::caller_lists;
use crate::consulting_rules::consulting;
use crate::draws::{SPAN_MICROS, one_of};
use crate::edit;
use crate::faults;
use crate::habits::Habits;
use crate::hot_desks::hot_desks;
use crate::lamps::watches;
use crate::mailbox::voicemails;
use crate::menu_keys::menu_keys;
use crate::network::Weather;
use crate::opening;
use crate::page_draws::page_deeds;
use crate::plan_mutation::{self, PlanMutation};
use crate::recordings::recordings;
use crate::speaking::speeches;
use crate::step_rules;
use crate::supervising::{emergencies, floor_acts, supervisions};
use crate::surveys::surveys;
use crate::telephones::telephones;
use crate::ways::Ways;

/// Everything that happens to one world, as data.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// The seed of the world's random draws: tags, delays, losses.
    pub seed: u64,
    /// When it begins.
    pub begin: Moment,
    /// How many agents work.
    pub agents: usize,
    /// The changes of the site's plan.
    pub mutations: Vec<PlanMutation>,
    /// The network's faults at the beginning.
    pub weather: Weather,
    /// How late the engine may be woken.
    pub lateness: Duration,
    /// For how many legs there are media ports, if not as in the plan.
    pub pairs: Option<u16>,
    /// How phones describe their media.
    pub habits: Habits,
    /// Over which transports phones send.
    pub ways: Ways,
    /// The actions, in order.
    pub actions: Vec<(Duration, Action)>,
}

/// How many agents work at most: few people meet more often.
const AGENTS_MAX: u64 = 6;
/// How many new agents may come if the site is edited.
const NEWCOMERS: usize = 2;
/// Seats without an owner, for agents who move.
const FREE_SEATS: usize = 2;
/// How many callers come at most.
const CALLERS_MAX: u64 = 30;
/// How many contacts without a call come at most, after the first.
const NOTES_MAX: u64 = 12;
/// How many other actions there are at most.
const ACTIONS_MAX: u64 = 60;

/// The kinds of trouble in a scenario. Each seed draws some of them, so that rare ones meet.
#[derive(Clone, Copy, Debug)]
struct Swarm {
    tempers: bool,
    crashes: bool,
    holds: bool,
    transfers: bool,
    states: bool,
    cuts: bool,
    forgeries: bool,
    weather: bool,
    ports: bool,
}

/// Everything that fails in the hour of a seed.
fn all_faults(seed: u64) -> Vec<(Duration, Action)> {
    let mut all = Vec::new();
    all.extend(faults::deaths(seed));
    all.extend(faults::losses(seed));
    all.extend(faults::jumps(seed));
    all.extend(faults::edits(seed));
    all.extend(faults::shortages(seed));
    all.extend(faults::renewals(seed));
    all.extend(faults::unfit(seed));
    all.extend(faults::moves(seed));
    all
}

impl Scenario {
    /// The scenario of a seed at a site.
    pub fn draw(seed: u64, plan: &Plan) -> Self {
        let mut rng = Rng::new(seed);
        let mut coin = || rng.below(2) == 0;
        let swarm = Swarm {
            tempers: coin(),
            crashes: coin(),
            holds: coin(),
            transfers: coin(),
            states: coin(),
            cuts: coin(),
            forgeries: coin(),
            weather: coin(),
            ports: coin(),
        };
        let agents = usize::try_from(1 + rng.below(AGENTS_MAX)).unwrap_or(1).min(plan.agents.len());
        let weather = if swarm.weather { bad_weather(&mut rng) } else { Weather::default() };
        let lateness = if rng.below(4) == 0 { Duration::from_millis(rng.below(60)) } else { Duration::ZERO };
        let mut scenario = Self {
            seed,
            begin: opening::moment(plan, &mut rng),
            agents,
            mutations: plan_mutation::draw(plan, &mut rng),
            weather,
            lateness,
            pairs: faults::narrow_ports(seed),
            habits: Habits::draw(seed),
            ways: Ways::draw(seed),
            actions: Vec::new(),
        };
        let came = scenario.callers(plan, swarm, &mut rng);
        for _ in 0..rng.below(ACTIONS_MAX) {
            let at = Duration::from_micros(rng.below(SPAN_MICROS));
            if let Some(action) = trouble(agents, plan, swarm, &mut rng) {
                scenario.actions.push((at, action));
            }
        }
        scenario.actions.extend(all_faults(seed));
        scenario.actions.extend(notes(seed));
        scenario.actions.extend(callbacks(seed, &came));
        scenario.actions.extend(menu_keys(plan, seed, &came));
        scenario.actions.extend(supervisions(seed, agents));
        scenario.actions.extend(emergencies(seed));
        scenario.actions.extend(floor_acts(seed, (plan.agents.len().min(agents), plan.queues.len()), &came));
        scenario.actions.extend(speeches(seed, agents, plan.queues.len()));
        let (rules, transfers) = surveys(seed, agents);
        scenario.mutations.extend(rules);
        scenario.actions.extend(transfers);
        let (rules, listings) = caller_lists(seed);
        scenario.mutations.extend(rules);
        scenario.actions.extend(listings);
        let (rules, wishes) = recordings(seed, agents);
        scenario.mutations.extend(rules.into_iter().chain(telephones(seed)).chain(consulting(seed)));
        scenario.mutations.extend(step_rules::luck(seed).map(PlanMutation::Steps));
        scenario.actions.extend(wishes);
        scenario.adds(voicemails(seed, &came));
        scenario.adds(callback_rules(seed, plan, u32::try_from(came.len()).unwrap_or(0)));
        scenario.adds(breaks(seed, agents));
        scenario.adds(hot_desks(seed, agents));
        scenario.actions.extend(watches(seed, agents));
        if scenario.actions.iter().any(|(_, action)| sits(action)) {
            // A page is signed in for its own seat alone.
            scenario.ways.desks_by_web = 0;
        }
        scenario.actions.extend(page_deeds(seed, scenario.ways.desks_by_web, agents));
        scenario.actions.extend(scenario.ways.cuts(seed, agents, &came));
        scenario.actions.sort_by_key(|(at, _)| *at);
        scenario
    }

    /// Callers come, and what each of them does.
    fn callers(&mut self, plan: &Plan, swarm: Swarm, rng: &mut Rng) -> Vec<(Duration, u32)> {
        let callers = 1 + rng.below(CALLERS_MAX);
        let mut came = Vec::new();
        for caller in 0..callers {
            let caller = u32::try_from(caller).unwrap_or(0);
            let at = Duration::from_micros(rng.below(SPAN_MICROS));
            let arrival = arrival(plan, caller, rng);
            self.actions.push((at, Action::Arrives(arrival)));
            came.push((at, caller));
            follows(&mut self.actions, (at, caller), swarm, rng);
        }
        came
    }

    fn adds(&mut self, more: (impl IntoIterator<Item = PlanMutation>, Vec<(Duration, Action)>)) {
        self.mutations.extend(more.0);
        self.actions.extend(more.1);
    }

    /// The same actions by other callers, so that several scenarios fit into one world.
    #[must_use]
    pub fn with_callers_from(mut self, first: u32) -> Self {
        for (_, action) in &mut self.actions {
            if let Some(caller) = action.caller_mut() {
                *caller += first;
            }
        }
        self
    }

    /// The site's plan with this scenario's changes.
    pub fn changed_plan(&self, plan: &Plan) -> Plan {
        let mut plan = plan_mutation::apply(plan, &self.mutations);
        self.habits.mutations(&mut plan);
        self.ways.mutations(&mut plan);
        if let Some(pairs) = self.pairs {
            plan.media.ports.1 = plan.media.ports.0 + 2 * pairs - 1;
        }
        if self.is_edited() {
            // Agents who do not work in this scenario would take the place of those who come.
            let mut places = 0..self.agents;
            plan.retain_agents(|_| places.next().is_some());
        }
        if self.actions.iter().any(|(_, action)| sits(action)) {
            edit::free_seats(&mut plan, FREE_SEATS);
        }
        plan
    }

    /// Whether the site is edited in this scenario.
    pub(crate) fn is_edited(&self) -> bool {
        self.actions.iter().any(|(_, action)| matches!(action, Action::Edits(_)))
    }

    /// How many new agents may come.
    pub(crate) fn newcomers(&self) -> usize {
        if self.is_edited() { NEWCOMERS } else { 0 }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} agents; network: {}; the engine woken up to {:?} late; agents, callers, queues and numbers count from 0",
            self.agents, self.weather, self.lateness
        )?;
        if let Some(pairs) = self.pairs {
            writeln!(f, "  media ports for {pairs} legs")?;
        }
        let caller = |action: &Action| {
            if let Action::Arrives(arrival) = action { usize::try_from(arrival.caller).ok() } else { None }
        };
        let callers =
            self.actions.iter().filter_map(|(_, action)| caller(action)).max().map_or(0, |last| last + 1);
        let desks = self.agents + self.newcomers();
        self.habits.describe(f, desks, callers)?;
        self.ways.describe(f, desks, callers)?;
        for mutation in &self.mutations {
            writeln!(f, "  plan: {mutation}")?;
        }
        for (at, action) in &self.actions {
            writeln!(f, "  {:>9.3} s  {action}", at.as_secs_f64())?;
        }
        Ok(())
    }
}

/// Whether somebody may sit down at another desk.
const fn sits(action: &Action) -> bool {
    matches!(action, Action::AgentSits(..) | Action::KeysIn(..))
}

fn bad_weather(rng: &mut Rng) -> Weather {
    Weather {
        loss: rng.below(4) * rng.below(6),
        doubling: rng.below(4) * rng.below(6),
        late: Duration::from_millis(rng.below(2) * rng.below(120)),
    }
}

fn arrival(plan: &Plan, caller: u32, rng: &mut Rng) -> Arrival {
    let number = usize::try_from(rng.below(plan.numbers.len() as u64)).unwrap_or(0);
    let key = one_of(&['1', '2', '3', '9', '#'], rng);
    let after = Duration::from_millis(rng.below(9_000));
    Arrival {
        caller,
        number,
        key: (rng.below(5) > 0).then_some((key, after)),
        patience: (rng.below(4) > 0).then(|| Duration::from_millis(rng.below(60_000))),
        talk: Duration::from_millis(rng.below(30_000)),
        redials: (u8::try_from(rng.below(3)).unwrap_or(0), Duration::from_millis(rng.below(20_000))),
        late_offer: rng.below(10) == 0,
    }
}

/// In one scenario of four there are contacts without a call. They have an Rng of their own, so that the rest of a seed
/// stays the same.
fn notes(seed: u64) -> Vec<(Duration, Action)> {
    let mut rng = Rng::new(seed ^ 0x6e6f_7465);
    if rng.below(4) > 0 {
        return Vec::new();
    }
    (0..=rng.below(NOTES_MAX))
        .map(|_| {
            let at = Duration::from_micros(rng.below(SPAN_MICROS));
            let queue = usize::try_from(rng.below(8)).unwrap_or(0);
            let patience = (rng.below(3) > 0).then(|| Duration::from_millis(rng.below(120_000)));
            let work = Duration::from_millis(rng.below(30_000));
            let channel =
                one_of(&[Channel::Callback, Channel::Chat, Channel::WhatsApp, Channel::Email], &mut rng);
            (at, Action::Writes(Note { channel, queue, patience, work }))
        })
        .collect()
}

/// What one caller does besides waiting and talking: some hang up at any moment, also at once.
fn follows(
    actions: &mut Vec<(Duration, Action)>,
    (at, caller): (Duration, u32),
    swarm: Swarm,
    rng: &mut Rng,
) {
    let soon = |rng: &mut Rng| {
        // From milliseconds to a minute, each order of magnitude with equal probability.
        let longest = one_of(&[3_000, 10_000, 100_000, 1_000_000, 10_000_000, 60_000_000], rng);
        Duration::from_micros(rng.below(longest))
    };
    if rng.below(3) == 0 {
        actions.push((at + soon(rng), Action::CallerHangsUp(caller)));
    }
    if rng.below(8) == 0 {
        actions.push((at + soon(rng), Action::CallerPresses(caller, '*')));
    }
    if swarm.holds && rng.below(4) == 0 {
        let held = at + soon(rng);
        actions.push((held, Action::CallerHolds(caller)));
        actions.push((held + soon(rng), Action::CallerResumes(caller)));
    }
    if swarm.crashes && rng.below(6) == 0 {
        actions.push((at + soon(rng), Action::CallerVanishes(caller)));
    }
    if swarm.cuts && rng.below(6) == 0 {
        actions.push((at + soon(rng), Action::CallerCutOff(caller, soon(rng))));
    }
}

fn trouble(agents: usize, plan: &Plan, swarm: Swarm, rng: &mut Rng) -> Option<Action> {
    let agent = usize::try_from(rng.below(agents as u64)).unwrap_or(0);
    let span = Duration::from_millis(rng.below(20_000));
    let target = match rng.below(3) {
        0 => Target::Number(usize::try_from(rng.below(plan.numbers.len() as u64)).unwrap_or(0)),
        1 => Target::Agent(usize::try_from(rng.below(agents as u64)).unwrap_or(0)),
        _ if rng.below(3) == 0 => Target::Nobody,
        _ => Target::Agent(0),
    };
    let action = match rng.below(20) {
        0 | 1 if swarm.tempers => Action::AgentIs(agent, temper(rng)),
        2 if swarm.crashes => Action::AgentCrashes(agent, span),
        3 if swarm.crashes => Action::AgentMoves(agent),
        4 if swarm.crashes => Action::AgentUnregisters(agent, span),
        5 | 6 if swarm.holds => Action::AgentHolds(agent),
        7 | 8 if swarm.holds => Action::AgentResumes(agent),
        9 | 10 if swarm.transfers => Action::AgentPasses(agent, target),
        11 if swarm.transfers => Action::AgentDials(agent, target),
        12 if swarm.transfers => Action::AgentJoins(agent),
        13 | 14 if swarm.states => Action::AgentAsks(agent, request(rng)),
        15 if swarm.cuts && rng.below(4) == 0 => Action::TrunkCutOff(span),
        15 if swarm.cuts => Action::AgentCutOff(agent, span),
        16 if swarm.forgeries => Action::Forges(rng.number()),
        17 if swarm.forgeries => Action::Repeats(rng.number()),
        18 if swarm.weather => Action::Changes(bad_weather(rng)),
        18 if swarm.ports => Action::PortsTaken(1),
        19 => Action::AgentHangsUp(agent),
        _ => return None,
    };
    Some(action)
}

fn temper(rng: &mut Rng) -> Temper {
    let ring = Duration::from_millis(rng.below(4_000));
    match rng.below(6) {
        0 => Temper::Slow,
        1 => Temper::Silent,
        2 => Temper::Refusing(one_of(&[486, 480, 603, 404, 500, 503], rng)),
        3 => Temper::Twice(ring),
        _ => Temper::Prompt(ring),
    }
}

fn request(rng: &mut Rng) -> StateRequest {
    match rng.below(9) {
        0 => StateRequest::LogIn,
        1 => StateRequest::LogOut,
        2 => StateRequest::Aux(u8::try_from(rng.below(3)).unwrap_or(0)),
        3 => StateRequest::EndAcw,
        4 => StateRequest::ExtendAcw,
        5 => StateRequest::Help,
        6 => StateRequest::Return,
        _ => StateRequest::Ready,
    }
}
