//! Made days: arrivals of an office day, lunch in the middle, and a plan's queues.

use core::time::Duration;
use std::sync::Arc;

use turno_ground::Rng;
use turno_model::plan::AnnouncementPlan;
use turno_model::{AgentId, Language, Plan, QueueId};

use super::{DayCall, Shift, WaitDay};
use crate::arrivals::{Shape, Spans};
use crate::erlang::agents_for;

/// How busy a made day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayLoad {
    /// As many agents as answer the busiest half hour in ten seconds on average, by Erlang C, and lunch in turns.
    Normal,
    /// The same agents and half as many calls again.
    Heavy,
    /// The calls of a normal day and a third fewer agents, who all go to lunch within one hour.
    ShortStaffed,
}

/// The mean talk; lognormal, with the deviation of a real centre.
const TALK: Spans = Spans::LogNormal(Duration::from_secs(160), 0.9);

/// Mean time between the offers to an agent that is not talk: ring and after-call work.
const BESIDE_TALK: f64 = 23.0;

/// The mean patience.
const PATIENCE: Spans = Spans::Observed(Duration::from_secs(300));

/// A day of office hours, from 07:50 to 16:30.
const OPENS: u32 = 470;
const LASTS: Duration = Duration::from_secs(520 * 60);

/// Lunch lasts for half an hour, in turns between these times after opening.
const LUNCH: Duration = Duration::from_secs(30 * 60);
const LUNCH_FROM: Duration = Duration::from_secs(240 * 60);

impl DayLoad {
    /// All loads.
    pub const ALL: [Self; 3] = [Self::Normal, Self::Heavy, Self::ShortStaffed];

    /// The load's name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Heavy => "heavy",
            Self::ShortStaffed => "short-staffed",
        }
    }

    fn calls(self, calls: usize) -> usize {
        match self {
            Self::Normal | Self::ShortStaffed => calls,
            Self::Heavy => calls * 3 / 2,
        }
    }

    fn agents(self, normal: usize) -> usize {
        match self {
            Self::Normal | Self::Heavy => normal,
            Self::ShortStaffed => normal * 2 / 3,
        }
        .max(1)
    }

    /// The time in which all lunches begin.
    fn lunch_window(self) -> Duration {
        match self {
            Self::Normal | Self::Heavy => Duration::from_secs(150 * 60),
            Self::ShortStaffed => Duration::from_secs(60 * 60),
        }
    }
}

/// A day with so many calls on a normal day, spread over the plan's queues. As many of the plan's agents work as the
/// load says, and all of them if there are fewer.
pub fn made_day(plan: &Plan, load: DayLoad, calls: usize, seed: u64) -> WaitDay {
    let mut rng = Rng::new(seed);
    let shape = Shape::bank();
    let peak = shape.peak_share(OPENS, LASTS) * calls as f64 / 1800.0;
    let normal = agents_for(peak, TALK.mean().as_secs_f64() + BESIDE_TALK, 10.0).ceil();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of agents")]
    let agents = load.agents(normal as usize).min(plan.agents.len());
    let calls = shape.draw(OPENS, LASTS, load.calls(calls), &mut rng);
    let queues = plan.queues.len() as u64;
    let calls = calls.into_iter().map(|at| DayCall {
        at,
        queue: QueueId(u32::try_from(rng.below(queues)).unwrap_or(0)),
        talk: TALK.draw(&mut rng),
        patience: PATIENCE.draw(&mut rng),
    });
    let calls = calls.collect();
    // Agents of all rooms come: every third, then the others.
    let mut order: Vec<usize> = (0..plan.agents.len()).collect();
    order.sort_by_key(|place| (place % 3, *place));
    let mut shifts = Vec::new();
    for (turn, place) in order.into_iter().take(agents).enumerate() {
        let agent = AgentId(u32::try_from(place).unwrap_or(u32::MAX));
        let share = turn as f64 / agents as f64;
        let lunch = LUNCH_FROM + load.lunch_window().mul_f64(share);
        shifts.push(Shift { agent, from: Duration::ZERO, to: lunch });
        shifts.push(Shift { agent, from: lunch + LUNCH, to: LASTS + LASTS });
    }
    WaitDay { plan: Arc::new(telling(plan)), calls, shifts, ring: Duration::from_secs(3) }
}

/// The plan, with limits that no caller meets, and with waits told in each queue.
pub(super) fn telling(plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    for queue in &mut plan.queues {
        queue.wait_max = None;
        queue.length_max = u32::MAX;
        queue.when_nobody = turno_model::plan::Treatment::Wait;
        queue.announcements = Some(AnnouncementPlan {
            language: Language::English,
            first: Duration::ZERO,
            every: Duration::from_secs(60),
            only_changes: false,
            tells_place: true,
            tells_wait: true,
            comfort: Vec::new(),
            recordings: Vec::new(),
        });
    }
    plan
}
