//! The live room as JSON.

use serde::Serialize;
use turno_access::{Principal, Role};
use turno_ground::Moment;
use turno_ledger::{
    AgentNow, ContactNow, ContactStage, QueueFigures, QueueNow, RecentFigures, Snapshot, StateTimes,
};
use turno_model::{AgentId, AgentState, AuxReason, Plan, QueueState};
use utoipa::ToSchema;

use crate::routes::channel_form::ChannelForm;

/// The live room.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RoomForm {
    /// The site's name.
    site: String,
    /// Its queues, in the plan's order.
    queues: Vec<QueueForm>,
    /// Its agents, in the plan's order.
    agents: Vec<AgentForm>,
    /// Who waits by channel: those of the plan, and others that have a contact.
    channels: Vec<ChannelForm>,
}

/// A queue and its figures since local midnight.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct QueueForm {
    /// Its name in the plan.
    name: String,
    /// Its name for people.
    display: String,
    /// Contacts in line, including those whose offer rings.
    waiting: u32,
    /// Since when the first of them waits, in microseconds since 1970 (UTC).
    waiting_since: Option<u64>,
    /// Contacts in a talk or on hold.
    in_progress: u32,
    /// Agents with the skill who are available.
    available: u32,
    /// Agents with the skill who are logged in.
    staffed: u32,
    /// Contacts that entered it.
    entered: u64,
    /// Visits that ended: the denominator of the service level.
    offered: u64,
    /// Contacts answered.
    answered: u64,
    /// Contacts answered within the wait target.
    answered_in_target: u64,
    /// Contacts that gave up, short abandons included.
    abandoned: u64,
    /// Contacts that gave up within the short-abandon threshold.
    abandoned_short: u64,
    /// Answered within the wait target, of all offered (Avaya's service level), from 0 to 1.
    service_level: Option<f64>,
    /// Average speed of answer, in seconds.
    asa: Option<f64>,
    /// Average handling time (talk, hold and after-call work), in seconds.
    aht: Option<f64>,
    /// Answered contacts whose talk and hold stayed within the handling target, from 0 to 1.
    within_target: Option<f64>,
    /// `open`, `paused` or `closed`.
    state: &'static str,
    /// The wait target, in seconds.
    wait_target: f64,
    /// Contacts that are called back later, and are in no line until then.
    put_off: u32,
    /// The last 30 minutes.
    recent: RecentForm,
}

/// Visits of a queue that ended in the last 30 minutes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RecentForm {
    /// All of them.
    offered: u32,
    /// Answered.
    answered: u32,
    /// Answered within the wait target.
    answered_in_target: u32,
    /// Given up, short abandons included.
    abandoned: u32,
    /// Answered within the wait target, of all (Avaya's service level), from 0 to 1.
    service_level: Option<f64>,
}

/// An agent, and figures since local midnight.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct AgentForm {
    /// The extension.
    extension: String,
    /// The name for people.
    display: String,
    /// `logged-out`, `available`, `ringing`, `talking`, `holding`, `acw`, `aux` or `other-call`.
    state: &'static str,
    /// The reason of AUX.
    reason: Option<String>,
    /// Since when, in microseconds since 1970 (UTC).
    since: u64,
    /// The contact that is offered, talks or is on hold.
    contact: Option<u64>,
    /// When the next turn for a break comes, in microseconds since 1970 (UTC).
    turn_at: Option<u64>,
    /// How many phones are registered at the agent's seat.
    phones: u32,
    /// Contacts that the agent talked to.
    answered: u64,
    /// Offers not answered in time.
    missed: u64,
    /// How often the handling target was passed.
    breached: u64,
    /// Talk and hold with the present contact, in seconds, if it was answered.
    handling: Option<f64>,
    /// When the present break in turns should be over, in microseconds since 1970 (UTC).
    due_at: Option<u64>,
    /// Breaks in turns that were longer than their span.
    overstays: u64,
    /// Seconds in each state, those of the present one included.
    times: TimesForm,
}

/// Seconds in each state since local midnight.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct TimesForm {
    /// Free.
    available: f64,
    /// An offer rings.
    ringing: f64,
    /// In a talk.
    talking: f64,
    /// A contact is on hold.
    holding: f64,
    /// After-call work.
    acw: f64,
    /// In AUX, for whichever reason.
    aux: f64,
    /// On calls of no queue.
    other_call: f64,
}

/// An open contact.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ContactForm {
    /// Its number.
    contact: u64,
    /// `voice`, `chat`, `whatsapp`, `email`, `callback` or `voicemail`.
    channel: &'static str,
    /// The caller: whole for who may see numbers, else the last two signs.
    from: String,
    /// When it arrived, in microseconds since 1970 (UTC).
    arrived: u64,
    /// Its queue, if it has entered one.
    queue: Option<String>,
    /// `arrived`, `waiting`, `ringing`, `talking`, `holding` or `leaving`.
    stage: &'static str,
    /// The agent, while it rings, talks or is on hold.
    agent: Option<String>,
    /// The wait in its queue, in seconds.
    waited: f64,
    /// Talk and hold, in seconds, if it was answered.
    handling: Option<f64>,
    /// Whether the handling target is near.
    warned: bool,
    /// Whether the handling target has passed.
    breached: bool,
    /// 0 is normal, higher is served first.
    priority: u8,
    /// It is called back later, and in no line until then.
    put_off: bool,
    /// The procedure whose card the caller heard in a menu.
    procedure: Option<String>,
}

impl RoomForm {
    /// Of the queues that `sees` lets through.
    pub(crate) fn new(room: &Snapshot, plan: &Plan, sees: impl Fn(&str) -> bool) -> Self {
        let queues = room.queues.iter().filter_map(|now| QueueForm::new(now, room.at, plan));
        Self {
            site: plan.site.clone(),
            queues: queues.filter(|queue| sees(&queue.name)).collect(),
            channels: ChannelForm::all(room, plan, &sees),
            agents: room.agents.iter().filter_map(|now| AgentForm::new(now, plan)).collect(),
        }
    }

    /// The agent with this extension.
    pub(crate) fn agent(self, extension: &str) -> Option<AgentForm> {
        self.agents.into_iter().find(|agent| agent.extension == extension)
    }

    /// The queue of this name.
    pub(crate) fn queue(self, name: &str) -> Option<QueueForm> {
        self.queues.into_iter().find(|queue| queue.name == name)
    }
}

impl QueueForm {
    fn new(now: &QueueNow, at: Moment, plan: &Plan) -> Option<Self> {
        let planned = plan.queues.get(now.queue.index())?;
        let today: &QueueFigures = &now.today;
        Some(Self {
            name: planned.name.clone(),
            display: planned.display.clone(),
            waiting: now.waiting,
            waiting_since: (now.waiting > 0).then(|| micros(at - now.oldest_wait)),
            in_progress: now.in_progress,
            available: now.available,
            staffed: now.staffed,
            entered: today.entered,
            offered: today.offered(),
            answered: today.answered,
            answered_in_target: today.answered_in_target,
            abandoned: today.abandoned,
            abandoned_short: today.abandoned_short,
            service_level: today.service_level_avaya(),
            asa: today.asa().map(|asa| asa.as_secs_f64()),
            aht: today.aht().map(|aht| aht.total().as_secs_f64()),
            within_target: today.handled_within_target(),
            state: match now.state {
                QueueState::Open => "open",
                QueueState::Paused => "paused",
                QueueState::Closed => "closed",
            },
            wait_target: planned.wait_target.as_secs_f64(),
            put_off: now.put_off,
            recent: RecentForm::from(now.recent),
        })
    }
}

impl From<RecentFigures> for RecentForm {
    fn from(recent: RecentFigures) -> Self {
        Self {
            offered: recent.offered,
            answered: recent.answered,
            answered_in_target: recent.answered_in_target,
            abandoned: recent.abandoned,
            service_level: recent.service_level(),
        }
    }
}

impl From<&StateTimes> for TimesForm {
    fn from(times: &StateTimes) -> Self {
        Self {
            available: times.available.as_secs_f64(),
            ringing: times.ringing.as_secs_f64(),
            talking: times.talking.as_secs_f64(),
            holding: times.holding.as_secs_f64(),
            acw: times.acw.as_secs_f64(),
            aux: times.aux_all().as_secs_f64(),
            other_call: times.other_call.as_secs_f64(),
        }
    }
}

/// When a break in turns should be over.
pub(crate) fn due(now: &AgentNow, plan: &Plan) -> Option<Moment> {
    let AgentState::Aux(AuxReason::Planned(reason)) = now.state else { return None };
    let turns = plan.aux_reasons.get(usize::from(reason))?.turns.as_ref()?;
    Some(now.since + turns.span)
}

impl AgentForm {
    fn new(now: &AgentNow, plan: &Plan) -> Option<Self> {
        let planned = plan.agents.get(now.agent.index()).filter(|agent| !agent.is_retired)?;
        let (state, reason) = state_words(now.state, plan);
        Some(Self {
            extension: planned.extension.clone(),
            display: planned.display.clone(),
            state,
            reason,
            since: micros(now.since),
            contact: now.contact.map(|contact| contact.0),
            turn_at: now.turn_at.map(micros),
            phones: now.registered,
            answered: now.today.answered,
            missed: now.today.missed,
            breached: now.today.breached,
            handling: now.handling.map(|span| span.as_secs_f64()),
            due_at: due(now, plan).map(micros),
            overstays: now.today.overstays,
            times: TimesForm::from(&now.times),
        })
    }
}

impl ContactForm {
    pub(crate) fn new(now: &ContactNow, plan: &Plan, sees_numbers: bool) -> Self {
        let (stage, agent) = stage_words(now.stage);
        let agent = agent.and_then(|agent| plan.agents.get(agent.index()));
        let from = if sees_numbers { now.from.0.to_string() } else { format!("{:?}", now.from) };
        Self {
            contact: now.contact.0,
            channel: now.channel.word(),
            from,
            arrived: micros(now.arrived),
            queue: now.queue.and_then(|queue| Some(plan.queues.get(queue.index())?.name.clone())),
            stage,
            agent: agent.map(|agent| agent.extension.clone()),
            waited: now.waited.as_secs_f64(),
            handling: now.handling.map(|span| span.as_secs_f64()),
            warned: now.warned,
            breached: now.breached,
            priority: now.priority,
            put_off: now.is_put_off,
            procedure: now.about.as_ref().map(|about| about.procedure.to_string()),
        }
    }

    /// Whether a contact is shown: agents see those who talk to them, others those of their queues.
    pub(crate) fn is_seen_by(&self, who: &Principal) -> bool {
        let scope = &who.scope;
        match scope.role {
            Role::Agent => scope.agent.is_some() && self.agent == scope.agent,
            Role::Reader | Role::Supervisor | Role::Operator => match &self.queue {
                Some(queue) => who.sees_queue(queue),
                None => scope.queues.is_none(),
            },
        }
    }

    pub(crate) const fn number(&self) -> u64 {
        self.contact
    }
}

fn micros(moment: Moment) -> u64 {
    moment.as_micros()
}

const fn stage_words(stage: ContactStage) -> (&'static str, Option<AgentId>) {
    match stage {
        ContactStage::Arrived => ("arrived", None),
        ContactStage::Waiting => ("waiting", None),
        ContactStage::Ringing(agent) => ("ringing", Some(agent)),
        ContactStage::Talking(agent) => ("talking", Some(agent)),
        ContactStage::Holding(agent) => ("holding", Some(agent)),
        ContactStage::Leaving => ("leaving", None),
    }
}

pub(crate) fn state_words(state: AgentState, plan: &Plan) -> (&'static str, Option<String>) {
    let word = match state {
        AgentState::LoggedOut => "logged-out",
        AgentState::Available => "available",
        AgentState::Ringing => "ringing",
        AgentState::Talking => "talking",
        AgentState::Holding => "holding",
        AgentState::Acw => "acw",
        AgentState::OtherCall => "other-call",
        AgentState::Aux(reason) => {
            let planned = match reason {
                AuxReason::Planned(place) => {
                    plan.aux_reasons.get(usize::from(place)).map(|it| it.name.clone())
                }
                AuxReason::Rona => Some("rona".to_owned()),
                AuxReason::Unreachable => Some("unreachable".to_owned()),
                AuxReason::LoggedIn => Some("logged-in".to_owned()),
                AuxReason::Incompatible => Some("incompatible".to_owned()),
                AuxReason::Microphone => Some("microphone".to_owned()),
            };
            return ("aux", planned);
        }
    };
    (word, None)
}
