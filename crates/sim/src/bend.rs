//! How a bad hour bends a site's plan: shorter spans, fuller lines, other rules.

use core::time::Duration;

use turno_ground::Rng;
use turno_model::plan::{AcwPlan, Treatment};
use turno_model::{Plan, Rule};

/// One change of a plan. Spans are shorter than people would plan them, so that all of them pass within the hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bend {
    /// Offers ring so long.
    Ring(Duration),
    /// After-call work of every queue.
    Acw(AcwPlan),
    /// How agents are chosen in the queue at this place.
    Rule(usize, Rule),
    /// The priority of the queue at this place.
    Priority(usize, u8),
    /// The queue at this place answers on entry, or leaves that to the agent.
    AnswerOnEntry(usize, bool),
    /// So many may wait in each queue.
    LengthMax(u32),
    /// So long may be waited in each queue.
    WaitMax(Duration),
    /// Whoever missed an offer cools down so long.
    CoolDown(Duration),
    /// So long may a caller be held before the agent is recalled.
    HoldMax(Duration),
    /// The handling target.
    HandlingTarget(Duration),
    /// Contacts are asked so often whether they are there.
    Options(Duration),
    /// Sessions are refreshed within this span.
    SessionExpires(Duration),
    /// Registrations last no longer.
    RegistrationMax(Duration),
    /// There are ports for so many legs.
    Ports(u16),
    /// A silent peer is given up after this span.
    Inactivity(Duration),
    /// Nobody listens whether peers have become silent: the session timer alone misses them.
    NobodyListens,
    /// Avaya's switches: ACW, AUX considered idle.
    Idle(bool, bool),
}

impl Bend {
    /// The same at a place that there is.
    pub(crate) fn within(self, queues: usize) -> Self {
        match self {
            Self::Rule(at, rule) => Self::Rule(at % queues.max(1), rule),
            Self::Priority(at, priority) => Self::Priority(at % queues.max(1), priority),
            Self::AnswerOnEntry(at, answers) => Self::AnswerOnEntry(at % queues.max(1), answers),
            other @ (Self::Ring(_)
            | Self::Acw(_)
            | Self::LengthMax(_)
            | Self::WaitMax(_)
            | Self::CoolDown(_)
            | Self::HoldMax(_)
            | Self::HandlingTarget(_)
            | Self::Options(_)
            | Self::SessionExpires(_)
            | Self::RegistrationMax(_)
            | Self::Ports(_)
            | Self::Inactivity(_)
            | Self::NobodyListens
            | Self::Idle(..)) => other,
        }
    }
}

const SECOND: Duration = Duration::from_secs(1);

/// Draws some changes.
pub(crate) fn draw(plan: &Plan, rng: &mut Rng) -> Vec<Bend> {
    let mut bends = vec![
        Bend::Ring(SECOND * span(rng, 3, 12)),
        Bend::CoolDown(SECOND * span(rng, 2, 20)),
        Bend::HoldMax(SECOND * span(rng, 5, 40)),
        Bend::HandlingTarget(SECOND * span(rng, 20, 60)),
    ];
    let rules = [Rule::UcdMia, Rule::EadMia, Rule::UcdLoa, Rule::EadLoa];
    for queue in 0..plan.queues.len() {
        bends.push(Bend::Rule(queue, rules[pick(rng, 4)]));
        if rng.below(2) == 0 {
            bends.push(Bend::AnswerOnEntry(queue, rng.below(2) == 0));
        }
        if rng.below(3) == 0 {
            bends.push(Bend::Priority(queue, u8::try_from(rng.below(3)).unwrap_or(0)));
        }
    }
    let acw = match rng.below(4) {
        0 => AcwPlan::Timed(Duration::ZERO),
        1 => AcwPlan::Manual,
        _ => AcwPlan::Timed(SECOND * span(rng, 1, 10)),
    };
    bends.push(Bend::Acw(acw));
    let mut sometimes = |bend: Bend, rng: &mut Rng| {
        if rng.below(3) == 0 {
            bends.push(bend);
        }
    };
    sometimes(Bend::LengthMax(span(rng, 1, 8)), rng);
    sometimes(Bend::WaitMax(SECOND * span(rng, 10, 60)), rng);
    sometimes(Bend::Options(SECOND * span(rng, 10, 30)), rng);
    sometimes(Bend::SessionExpires(SECOND * 90), rng);
    sometimes(Bend::RegistrationMax(SECOND * 60), rng);
    sometimes(Bend::Ports(u16::try_from(span(rng, 6, 40)).unwrap_or(6)), rng);
    sometimes(Bend::Inactivity(SECOND * span(rng, 5, 30)), rng);
    sometimes(Bend::NobodyListens, rng);
    sometimes(Bend::Idle(rng.below(2) == 0, rng.below(2) == 0), rng);
    bends
}

/// Draws a change that can be made while the engine works: ports and silence are the media plane's, and who is idle is
/// counted from the log-in on.
pub(crate) fn draw_one(rng: &mut Rng) -> Bend {
    let rules = [Rule::UcdMia, Rule::EadMia, Rule::UcdLoa, Rule::EadLoa];
    match rng.below(12) {
        0 => Bend::Ring(SECOND * span(rng, 3, 12)),
        1 => Bend::CoolDown(SECOND * span(rng, 2, 20)),
        2 => Bend::HoldMax(SECOND * span(rng, 5, 40)),
        3 => Bend::HandlingTarget(SECOND * span(rng, 20, 60)),
        4 => Bend::Acw(AcwPlan::Timed(SECOND * span(rng, 0, 10))),
        5 => Bend::Rule(pick(rng, 8), rules[pick(rng, 4)]),
        6 => Bend::Priority(pick(rng, 8), u8::try_from(rng.below(3)).unwrap_or(0)),
        7 => Bend::AnswerOnEntry(pick(rng, 8), rng.below(2) == 0),
        8 => Bend::LengthMax(span(rng, 1, 8)),
        9 => Bend::WaitMax(SECOND * span(rng, 10, 60)),
        10 => Bend::Options(SECOND * span(rng, 10, 30)),
        _ => Bend::SessionExpires(SECOND * 90),
    }
}

/// The plan with its changes.
pub(crate) fn apply(plan: &Plan, bends: &[Bend]) -> Plan {
    let mut plan = plan.clone();
    // The stranger of a bad hour is one address that sends a few datagrams: limits have tests of their own.
    plan.sip.requests_per_source_max = None;
    for bend in bends {
        bend_one(&mut plan, *bend);
    }
    plan
}

pub(crate) fn bend_one(plan: &mut Plan, bend: Bend) {
    match bend {
        Bend::Ring(span) => plan.queues.iter_mut().for_each(|queue| queue.ring = span),
        Bend::Acw(acw) => plan.queues.iter_mut().for_each(|queue| queue.acw = acw),
        Bend::CoolDown(span) => plan.queues.iter_mut().for_each(|queue| queue.rona_cool_down = span),
        Bend::HoldMax(span) => plan.queues.iter_mut().for_each(|queue| queue.hold_max = span),
        Bend::HandlingTarget(span) => plan.queues.iter_mut().for_each(|queue| {
            queue.handling_target = span;
            queue.handling_warning = queue.handling_warning.min(span / 2);
        }),
        Bend::LengthMax(many) => plan.queues.iter_mut().for_each(|queue| queue.length_max = many),
        Bend::WaitMax(span) => plan.queues.iter_mut().for_each(|queue| {
            // A queue without a prompt for it lets people wait on.
            queue.wait_max = (queue.when_waited != Treatment::Wait).then_some(span);
        }),
        Bend::Rule(at, rule) => plan.queues[at].rule = rule,
        Bend::Priority(at, priority) => plan.queues[at].priority = priority,
        Bend::AnswerOnEntry(at, answers) => plan.queues[at].answer_on_entry = answers,
        Bend::Options(span) => plan.sip.options_interval = Some(span),
        Bend::SessionExpires(span) => {
            plan.sip.session_expires = span;
            plan.sip.min_se = plan.sip.min_se.min(span);
        }
        Bend::RegistrationMax(span) => {
            plan.sip.expires = (plan.sip.expires.0.min(span), span, plan.sip.expires.2.min(span));
        }
        Bend::Ports(legs) => plan.media.ports.1 = plan.media.ports.0.saturating_add(2 * legs + 1),
        Bend::Inactivity(span) => plan.media.inactivity = Some(span),
        Bend::NobodyListens => plan.media.inactivity = None,
        Bend::Idle(acw, aux) => {
            plan.room.acw_considered_idle = acw;
            plan.room.aux_considered_idle = aux;
        }
    }
}

fn span(rng: &mut Rng, from: u32, to: u32) -> u32 {
    from + u32::try_from(rng.below(u64::from(to - from + 1))).unwrap_or(0)
}

fn pick(rng: &mut Rng, many: u64) -> usize {
    usize::try_from(rng.below(many)).unwrap_or(0)
}
