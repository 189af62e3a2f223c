//! Simulates a day of a site: callers, agents, lunch breaks, and the day's report.

use core::time::Duration;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use turno_ground::{Moment, Rng};
use turno_ledger::Day;
use turno_model::{Fact, Plan};
use turno_planner::{Shape, Spans};

use crate::action::{Action, Arrival, Temper};
use crate::invariants::Care;
use crate::opening;
use crate::run::{Violation, caught};
use crate::settings::WorldSettings;
use crate::world::World;

/// What kind of day to simulate.
#[derive(Clone, Debug)]
pub struct DayOrder {
    /// The seed of all random draws.
    pub seed: u64,
    /// How many callers dial.
    pub calls: usize,
    /// How many agents work; at most those of the plan.
    pub agents: usize,
    /// How calls are spread over the day.
    pub shape: Shape,
    /// How long callers talk.
    pub talk: Spans,
    /// How long they wait before giving up.
    pub patience: Spans,
    /// Whether the facts are kept.
    pub keeps_facts: bool,
}

/// A simulated day.
#[derive(Debug)]
pub struct DayLived {
    /// The report at the end of the day.
    pub day: Day,
    /// Hash of all inputs and outputs.
    pub hash: u64,
    /// How many inputs and outputs of the engine.
    pub entries: u64,
    /// How many alarms.
    pub alarms: u64,
    /// From when to when the line was open.
    pub span: (Moment, Moment),
    /// What was violated, if anything.
    pub violation: Option<Violation>,
    /// The last 50,000 facts, if they were to be kept.
    pub facts: Vec<(Moment, Fact)>,
}

/// Why a site has no day to simulate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoDay {
    /// No number can be dialled.
    NoNumber,
    /// The line does not open within a fortnight.
    NeverOpen,
}

impl core::fmt::Display for NoDay {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NoNumber => "the plan has no [[number]] that a caller could dial",
            Self::NeverOpen => "the line does not open within a fortnight: look at its [[hours]]",
        })
    }
}

impl core::error::Error for NoDay {}

/// Everything is checked after every 16th step; the scenario seeds check after each.
const CARE: Care = Care::OneIn(16);
/// Lunch lasts half an hour, in four groups.
const LUNCH: Duration = Duration::from_secs(1800);
const LUNCH_TURNS: u32 = 4;
/// How long after closing the callers who still wait are served.
const EVENING: Duration = Duration::from_secs(1800);

/// Simulates a day of a site.
///
/// # Errors
/// [`NoDay`] if nobody could call.
pub fn live_day(plan: Arc<Plan>, order: &DayOrder) -> Result<DayLived, NoDay> {
    if plan.numbers.is_empty() {
        return Err(NoDay::NoNumber);
    }
    let (opens, closes) = opening::day(&plan).ok_or(NoDay::NeverOpen)?;
    // Phones register and people log in before the line opens.
    let begin = opens - Duration::from_secs(60);
    let settings = WorldSettings {
        plan: plan.clone(),
        seed: order.seed,
        begin,
        agents: order.agents,
        lateness: Duration::ZERO,
        care: CARE,
        keeps_tape: order.keeps_facts,
        keeps_journal: false,
        newcomers: 0,
        agents_consult: false,
    };
    let mut rng = Rng::new(order.seed ^ 0x6461_795f);
    let mut world = World::new(settings);
    let mut day = None;
    let outcome = caught(|| {
        let offset = opens.since(begin);
        comes_to_work(&mut world, &plan, order, (offset, closes.since(opens)), &mut rng);
        comes_to_call(&mut world, &plan, order, (opens, closes, offset), &mut rng);
        world.run_until(closes + EVENING);
        day = Some(world.ledger().day(world.now()));
        world.finish();
    });
    let now = world.now();
    Ok(DayLived {
        day: day.unwrap_or_else(|| world.ledger().day(now)),
        hash: world.hash(),
        entries: world.entries(),
        alarms: world.alarms,
        span: (opens, closes),
        facts: world.tape().map(|tape| tape.facts().cloned().collect()).unwrap_or_default(),
        violation: outcome.err().map(|what| Violation { at: now, what }),
    })
}

fn comes_to_work(
    world: &mut World,
    plan: &Plan,
    order: &DayOrder,
    (offset, lasts): (Duration, Duration),
    rng: &mut Rng,
) {
    let agents = order.agents.min(plan.agents.len());
    let lunch = plan.aux_reasons.iter().position(|reason| reason.name == "lunch");
    let lunch = lunch.and_then(|place| u8::try_from(place).ok());
    for agent in 0..agents {
        let ring = Duration::from_millis(1_000 + rng.below(3_000));
        world.schedule(Duration::ZERO, Action::AgentIs(agent, Temper::Prompt(ring)));
        if let Some(lunch) = lunch {
            let turn = u32::try_from(agent).unwrap_or(0) % LUNCH_TURNS;
            let leaves = offset + lasts / 2 - LUNCH * (LUNCH_TURNS / 2) + LUNCH * turn;
            world.schedule(leaves, Action::AgentBreaks(agent, lunch, LUNCH));
        }
    }
}

fn comes_to_call(
    world: &mut World,
    plan: &Plan,
    order: &DayOrder,
    (opens, closes, offset): (Moment, Moment, Duration),
    rng: &mut Rng,
) {
    let times = order.shape.draw(minute_of_day(plan, opens), closes.since(opens), order.calls, rng);
    let numbers = dialled(plan);
    for (caller, at) in (0u32..).zip(times) {
        let number = numbers[usize::try_from(rng.below(numbers.len() as u64)).unwrap_or(0)];
        let keys = keys(plan, number);
        // Four of five callers press a key; the others listen on.
        let key = (!keys.is_empty() && rng.below(5) > 0)
            .then(|| keys[usize::try_from(rng.below(keys.len() as u64)).unwrap_or(0)]);
        let arrival = Arrival {
            caller,
            number,
            key: key.map(|key| (key, Duration::from_millis(1_000 + rng.below(7_000)))),
            patience: Some(order.patience.draw(rng)),
            talk: order.talk.draw(rng),
            redials: (0, Duration::ZERO),
            late_offer: false,
        };
        world.schedule(offset + at, Action::Arrives(arrival));
    }
}

/// The numbers whose queue somebody serves, by index; all numbers if there is none.
fn dialled(plan: &Plan) -> Vec<usize> {
    use turno_model::plan::Entry;
    let is_served = |queue: turno_model::QueueId| {
        let skill = plan.queues[queue.index()].skill;
        plan.agents.iter().any(|agent| agent.skills.iter().any(|&(known, _)| known == skill))
    };
    let served: Vec<usize> = (0..plan.numbers.len())
        .filter(|&place| match plan.numbers[place].entry {
            Entry::Queue(queue) | Entry::Agent(_, queue) => is_served(queue),
            Entry::Menu(_) => true,
        })
        .collect();
    if served.is_empty() { (0..plan.numbers.len()).collect() } else { served }
}

fn keys(plan: &Plan, number: usize) -> Vec<char> {
    use turno_model::plan::Entry;
    match plan.numbers[number].entry {
        Entry::Menu(menu) => plan.menus[menu.index()].queue_keys().collect(),
        Entry::Queue(_) | Entry::Agent(..) => Vec::new(),
    }
}

/// The local minute of the day at `at`.
fn minute_of_day(plan: &Plan, at: Moment) -> u32 {
    let hours = plan.numbers.iter().find_map(|number| number.hours);
    let zone = hours.map_or(TimeZone::UTC, |hours| plan.hours[hours.index()].zone.clone());
    let micros = i64::try_from(at.as_micros()).unwrap_or(i64::MAX);
    let local = Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX).to_zoned(zone);
    let minutes = i32::from(local.hour()) * 60 + i32::from(local.minute());
    u32::try_from(minutes).unwrap_or(0)
}
