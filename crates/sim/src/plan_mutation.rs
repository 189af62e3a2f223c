//! Changes of a site's plan for a scenario: shorter spans, lower limits, other rules.

use core::fmt;
use core::time::Duration;

use turno_ground::Rng;
use turno_model::plan::{AcwPlan, Treatment};
use turno_model::{Plan, Rule};

use crate::{
    break_rules, callback_rules, caller_lists, consulting_rules, hot_desks, mailbox, recording_rules,
    step_rules, surveys, telephones,
};

/// One change of a plan. Spans are shorter than on a real site, so that all of them end within the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanMutation {
    /// How long offers ring.
    Ring(Duration),
    /// After-call work of every queue.
    Acw(AcwPlan),
    /// How agents are chosen in the queue of this index.
    Rule(usize, Rule),
    /// The priority of the queue of this index.
    Priority(usize, u8),
    /// Whether the queue of this index answers on entry, or only with the agent.
    AnswerOnEntry(usize, bool),
    /// How many may wait in each queue.
    LengthMax(u32),
    /// How long a contact may wait in each queue.
    WaitMax(Duration),
    /// How long an agent cools down after a missed offer.
    CoolDown(Duration),
    /// How long a caller may be held before the agent is recalled.
    HoldMax(Duration),
    /// The handling target.
    HandlingTarget(Duration),
    /// How often OPTIONS are sent to bindings.
    Options(Duration),
    /// The session interval of the session timer.
    SessionExpires(Duration),
    /// The longest registration.
    RegistrationMax(Duration),
    /// For how many legs there are media ports.
    Ports(u16),
    /// A silent peer is given up after this span.
    Inactivity(Duration),
    /// No inactivity check: only the session timer finds dead peers.
    NobodyListens,
    /// Avaya's switches: ACW, AUX considered idle.
    Idle(bool, bool),
    /// Which talks are recorded, drawn from this number.
    Recording(u64),
    /// Steps of queues and levels of agents, drawn from this number.
    Steps(u64),
    /// How agents take turns for a break, drawn from this number.
    Turns(u64),
    /// What callers are asked after a talk, drawn from this number.
    Surveys(u64),
    /// How callers leave messages, drawn from this number.
    Voicemail(u64),
    /// Which callers are on lists, drawn from this number.
    CallerLists(u64),
    /// Which agents have an ordinary telephone, drawn from this number.
    Telephones(u64),
    /// By which rules callers are called back, drawn from this number.
    Callbacks(u64),
    /// By which key agents consult, and to which dependencies they pass callers on, drawn from this number.
    Consulting(u64),
    /// Which agents have a PIN, and whether there is an agents' line, drawn from this number.
    Pins(u64),
}

impl PlanMutation {
    /// The same, with the index of a queue that exists.
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
            | Self::Idle(..)
            | Self::Recording(_)
            | Self::Steps(_)
            | Self::Turns(_)
            | Self::Voicemail(_)
            | Self::Surveys(_)
            | Self::CallerLists(_)
            | Self::Telephones(_)
            | Self::Callbacks(_)
            | Self::Consulting(_)
            | Self::Pins(_)) => other,
        }
    }
}

impl fmt::Display for PlanMutation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ring(span) => write!(f, "offers ring for {span:?}"),
            Self::Acw(AcwPlan::Timed(span)) if span.is_zero() => write!(f, "no after-call work"),
            Self::Acw(AcwPlan::Timed(span)) => write!(f, "after-call work ends after {span:?}"),
            Self::Acw(AcwPlan::Manual) => write!(f, "agents end their after-call work"),
            Self::Rule(queue, rule) => write!(f, "queue {queue} chooses agents by {}", abbreviation(*rule)),
            Self::Priority(queue, priority) => write!(f, "queue {queue} has priority {priority}"),
            Self::AnswerOnEntry(queue, true) => write!(f, "queue {queue} answers on entry"),
            Self::AnswerOnEntry(queue, false) => write!(f, "queue {queue} answers with the agent"),
            Self::LengthMax(many) => write!(f, "up to {many} contacts wait in each queue"),
            Self::WaitMax(span) => write!(f, "contacts wait for up to {span:?}"),
            Self::CoolDown(span) => write!(f, "agents cool down for {span:?} after a missed offer"),
            Self::HoldMax(span) => write!(f, "callers are held for up to {span:?}"),
            Self::HandlingTarget(span) => write!(f, "the handling target is {span:?}"),
            Self::Options(span) => write!(f, "OPTIONS are sent each {span:?}"),
            Self::SessionExpires(span) => write!(f, "the session interval is {span:?}"),
            Self::RegistrationMax(span) => write!(f, "registrations last up to {span:?}"),
            Self::Ports(legs) => write!(f, "media ports for {legs} legs"),
            Self::Inactivity(span) => write!(f, "a silent peer is given up after {span:?}"),
            Self::NobodyListens => write!(f, "silent peers are never given up"),
            Self::Idle(acw, aux) => {
                let word = |counts: bool| if counts { "counts" } else { "does not count" };
                write!(f, "ACW {} as idle, AUX {}", word(*acw), word(*aux))
            }
            Self::Recording(luck) => write!(f, "the site records talks, by the number {luck}"),
            Self::Steps(luck) => write!(f, "queues have steps and agents levels, by the number {luck}"),
            Self::Voicemail(luck) => write!(f, "callers leave messages, by the number {luck}"),
            Self::Surveys(luck) => write!(f, "callers are asked after a talk, by the number {luck}"),
            Self::CallerLists(luck) => write!(f, "some callers are on lists, by the number {luck}"),
            Self::Telephones(luck) => write!(f, "some agents have a telephone, by the number {luck}"),
            Self::Callbacks(luck) => {
                write!(f, "callers are called back by other rules, by the number {luck}")
            }
            Self::Pins(luck) => write!(f, "agents have PINs, by the number {luck}"),
            Self::Consulting(luck) => write!(f, "agents consult and pass on, by the number {luck}"),
            Self::Turns(luck) => write!(f, "agents take turns for a break, by the number {luck}"),
        }
    }
}

const fn abbreviation(rule: Rule) -> &'static str {
    match rule {
        Rule::UcdMia => "UCD-MIA",
        Rule::EadMia => "EAD-MIA",
        Rule::UcdLoa => "UCD-LOA",
        Rule::EadLoa => "EAD-LOA",
        Rule::GreatestNeed => "greatest need",
        Rule::LastAgent => "last agent",
        Rule::Pulled => "pulled",
        Rule::Direct => "direct",
    }
}

const SECOND: Duration = Duration::from_secs(1);

/// Draws the changes of a scenario.
pub(crate) fn draw(plan: &Plan, rng: &mut Rng) -> Vec<PlanMutation> {
    let mut mutations = vec![
        PlanMutation::Ring(SECOND * span(rng, 3, 12)),
        PlanMutation::CoolDown(SECOND * span(rng, 2, 20)),
        PlanMutation::HoldMax(SECOND * span(rng, 5, 40)),
        PlanMutation::HandlingTarget(SECOND * span(rng, 20, 60)),
    ];
    let rules = [Rule::UcdMia, Rule::EadMia, Rule::UcdLoa, Rule::EadLoa];
    for queue in 0..plan.queues.len() {
        mutations.push(PlanMutation::Rule(queue, rules[pick(rng, 4)]));
        if rng.below(2) == 0 {
            mutations.push(PlanMutation::AnswerOnEntry(queue, rng.below(2) == 0));
        }
        if rng.below(3) == 0 {
            mutations.push(PlanMutation::Priority(queue, u8::try_from(rng.below(3)).unwrap_or(0)));
        }
    }
    let acw = match rng.below(4) {
        0 => AcwPlan::Timed(Duration::ZERO),
        1 => AcwPlan::Manual,
        _ => AcwPlan::Timed(SECOND * span(rng, 1, 10)),
    };
    mutations.push(PlanMutation::Acw(acw));
    let mut sometimes = |mutation: PlanMutation, rng: &mut Rng| {
        if rng.below(3) == 0 {
            mutations.push(mutation);
        }
    };
    sometimes(PlanMutation::LengthMax(span(rng, 1, 8)), rng);
    sometimes(PlanMutation::WaitMax(SECOND * span(rng, 10, 60)), rng);
    sometimes(PlanMutation::Options(SECOND * span(rng, 10, 30)), rng);
    sometimes(PlanMutation::SessionExpires(SECOND * 90), rng);
    sometimes(PlanMutation::RegistrationMax(SECOND * 60), rng);
    sometimes(PlanMutation::Ports(u16::try_from(span(rng, 6, 40)).unwrap_or(6)), rng);
    sometimes(PlanMutation::Inactivity(SECOND * span(rng, 5, 30)), rng);
    sometimes(PlanMutation::NobodyListens, rng);
    sometimes(PlanMutation::Idle(rng.below(2) == 0, rng.below(2) == 0), rng);
    mutations
}

/// Draws a change that can be made while the engine runs. Ports and inactivity belong to the media plane, and what
/// counts as idle is fixed at log-in.
pub(crate) fn draw_one(rng: &mut Rng) -> PlanMutation {
    let rules = [Rule::UcdMia, Rule::EadMia, Rule::UcdLoa, Rule::EadLoa];
    match rng.below(12) {
        0 => PlanMutation::Ring(SECOND * span(rng, 3, 12)),
        1 => PlanMutation::CoolDown(SECOND * span(rng, 2, 20)),
        2 => PlanMutation::HoldMax(SECOND * span(rng, 5, 40)),
        3 => PlanMutation::HandlingTarget(SECOND * span(rng, 20, 60)),
        4 => PlanMutation::Acw(AcwPlan::Timed(SECOND * span(rng, 0, 10))),
        5 => PlanMutation::Rule(pick(rng, 8), rules[pick(rng, 4)]),
        6 => PlanMutation::Priority(pick(rng, 8), u8::try_from(rng.below(3)).unwrap_or(0)),
        7 => PlanMutation::AnswerOnEntry(pick(rng, 8), rng.below(2) == 0),
        8 => PlanMutation::LengthMax(span(rng, 1, 8)),
        9 => PlanMutation::WaitMax(SECOND * span(rng, 10, 60)),
        10 => PlanMutation::Options(SECOND * span(rng, 10, 30)),
        _ => PlanMutation::SessionExpires(SECOND * 90),
    }
}

/// The plan with these changes.
pub(crate) fn apply(plan: &Plan, mutations: &[PlanMutation]) -> Plan {
    let mut plan = plan.clone();
    // The forger is one address that sends a few datagrams; rate limits have their own tests.
    plan.sip.requests_per_source_max = None;
    for mutation in mutations {
        mutate(&mut plan, *mutation);
    }
    plan
}

pub(crate) fn mutate(plan: &mut Plan, mutation: PlanMutation) {
    match mutation {
        PlanMutation::Ring(span) => plan.queues.iter_mut().for_each(|queue| {
            queue.ring = span;
            // By the draw that there is: three spans of four ask for last agents.
            queue.last_agent = (span.as_secs() % 4 > 0).then(|| span * 5);
            queue.last_agent_wait = if span.as_secs() % 3 > 0 { span * 3 } else { Duration::ZERO };
        }),
        PlanMutation::Acw(acw) => plan.queues.iter_mut().for_each(|queue| queue.acw = acw),
        PlanMutation::CoolDown(span) => plan.queues.iter_mut().for_each(|queue| queue.rona_cool_down = span),
        PlanMutation::HoldMax(span) => plan.queues.iter_mut().for_each(|queue| queue.hold_max = span),
        PlanMutation::HandlingTarget(span) => plan.queues.iter_mut().for_each(|queue| {
            queue.handling_target = span;
            queue.handling_warning = queue.handling_warning.min(span / 2);
            queue.handling_marks = vec![110, 150];
            // By the draw that there is: every second span asks for wrap-up codes.
            queue.wrap_up_required = span.as_secs() % 2 == 1;
        }),
        PlanMutation::LengthMax(many) => plan.queues.iter_mut().for_each(|queue| queue.length_max = many),
        PlanMutation::WaitMax(span) => plan.queues.iter_mut().for_each(|queue| {
            // A queue without a treatment for it lets people wait on.
            queue.wait_max = (queue.when_waited != Treatment::Wait).then_some(span);
        }),
        PlanMutation::Rule(at, rule) => plan.queues[at].rule = rule,
        PlanMutation::Priority(at, priority) => plan.queues[at].priority = priority,
        PlanMutation::AnswerOnEntry(at, answers) => plan.queues[at].answer_on_entry = answers,
        PlanMutation::Options(span) => plan.sip.options_interval = Some(span),
        PlanMutation::SessionExpires(span) => {
            plan.sip.session_expires = span;
            plan.sip.min_se = plan.sip.min_se.min(span);
        }
        PlanMutation::RegistrationMax(span) => {
            plan.sip.expires = (plan.sip.expires.0.min(span), span, plan.sip.expires.2.min(span));
        }
        PlanMutation::Ports(legs) => plan.media.ports.1 = plan.media.ports.0.saturating_add(2 * legs + 1),
        PlanMutation::Inactivity(span) => plan.media.inactivity = Some(span),
        PlanMutation::NobodyListens => plan.media.inactivity = None,
        PlanMutation::Idle(acw, aux) => {
            plan.room.acw_considered_idle = acw;
            plan.room.aux_considered_idle = aux;
        }
        PlanMutation::Recording(luck) => recording_rules::record(plan, luck),
        PlanMutation::Steps(luck) => step_rules::lay_steps(plan, luck),
        PlanMutation::Turns(luck) => break_rules::take_turns(plan, luck),
        PlanMutation::Surveys(luck) => surveys::ask(plan, luck),
        PlanMutation::Voicemail(luck) => mailbox::listen(plan, luck),
        PlanMutation::Callbacks(luck) => callback_rules::call_back(plan, luck),
        PlanMutation::Pins(luck) => hot_desks::give_pins(plan, luck),
        PlanMutation::Consulting(luck) => consulting_rules::consult(plan, luck),
        PlanMutation::CallerLists(luck) => caller_lists::lay(plan, luck),
        PlanMutation::Telephones(luck) => telephones::hand_out(plan, luck),
    }
}

fn span(rng: &mut Rng, from: u32, to: u32) -> u32 {
    from + u32::try_from(rng.below(u64::from(to - from + 1))).unwrap_or(0)
}

fn pick(rng: &mut Rng, many: u64) -> usize {
    usize::try_from(rng.below(many)).unwrap_or(0)
}
