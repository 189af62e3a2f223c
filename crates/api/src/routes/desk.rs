//! What an agent's desk needs beside the live room: own figures, the present contact, what waits in the agent's queues.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use turno_access::{Principal, Role, View};
use turno_history::Value;
use turno_history::page::{Page, PageAsk, page};
use turno_ledger::{AgentNow, ConsultNow, ConsultStage, ContactNow, Snapshot, StateTimes};
use turno_model::plan::AgentPlan;
use turno_model::{ANONYMOUS, AgentState, Channel, Consulted, Plan, WITHHELD};
use utoipa::ToSchema;

use crate::problem::{Kind, Problem};
use crate::routes::history::read;
use crate::routes::room_form::state_words;
use crate::state::Api;
use crate::who::Who;

/// Earlier contacts that are shown.
const EARLIER_MAX: u32 = 5;

/// An agent's own desk.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct DeskForm {
    /// The extension.
    agent: String,
    /// The name for people.
    display: String,
    /// Own figures since local midnight.
    today: OwnFigures,
    /// Own times by state since local midnight, the longest first.
    times: Vec<OwnTime>,
    /// The contact that is offered, talks or is on hold.
    contact: Option<OwnContact>,
    /// Whom the agent consults.
    consult: Option<ConsultForm>,
    /// `on` or `paused`: the talk is recorded; `null`: it is not.
    recording: Option<&'static str>,
    /// What waits in the agent's queues without a call: people to call back, messages to hear.
    waiting: Vec<WaitingForm>,
}

/// An agent's figures since local midnight.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct OwnFigures {
    /// Offers.
    offered: u64,
    /// Contacts that the agent talked to.
    answered: u64,
    /// Offers not answered in time.
    missed: u64,
    /// Offers refused.
    refused: u64,
    /// Contacts passed on.
    transferred: u64,
    /// Talks longer than the handling target.
    breached: u64,
    /// Wrap-up codes given, and those that are owed.
    wrapped_up: u64,
    codes_owed: u64,
    /// Average handling time (talk, hold and after-call work), in seconds.
    aht: Option<f64>,
    /// Talks that stayed within the handling target, of all, from 0 to 1.
    within_target: Option<f64>,
}

/// Time in a state.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct OwnTime {
    /// The state.
    state: &'static str,
    /// The reason of AUX.
    reason: Option<String>,
    /// Seconds.
    seconds: f64,
}

/// The agent's present contact.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct OwnContact {
    /// Its number.
    contact: u64,
    /// `voice`, `chat`, `whatsapp`, `email`, `callback` or `voicemail`.
    channel: &'static str,
    /// The citizen's number; `null`: it is withheld.
    number: Option<String>,
    /// Its queue.
    queue: Option<String>,
    /// When it arrived, in microseconds since 1970 (UTC).
    arrived: u64,
    /// The wait in its queue, in seconds.
    waited: f64,
    /// Talk and hold, in seconds, if it was answered.
    handling: Option<f64>,
    /// The handling target is near.
    warned: bool,
    /// The handling target has passed.
    breached: bool,
    /// The procedure whose card the caller heard in a menu.
    procedure: Option<String>,
    /// The wrap-up code of contacts about it.
    code: Option<String>,
}

/// Somebody whom the agent consults.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ConsultForm {
    /// A colleague's or a dependency's name for people; `null`: a number outside.
    whom: Option<String>,
    /// `ringing`, `private` or `three`.
    stage: &'static str,
}

/// What waits in a queue without a call.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct WaitingForm {
    /// The queue.
    queue: String,
    /// `callback` or `voicemail`.
    channel: &'static str,
    /// How many.
    count: usize,
    /// When the first of them came, in microseconds since 1970 (UTC).
    oldest: u64,
}

/// Earlier contacts of the citizen who is at the agent's phone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct EarlierForm {
    /// Whether a history is kept and the number is known: else there can be none.
    known: bool,
    /// The last ones first, five at most.
    contacts: Vec<EarlierContact>,
}

/// An earlier contact.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct EarlierContact {
    /// Its number.
    contact: i64,
    /// When it arrived, in microseconds since 1970 (UTC).
    arrived: i64,
    /// The last queue.
    queue: Option<String>,
    /// The name of the last agent in the plan.
    agent: Option<String>,
    /// The last wrap-up code.
    wrap_up: Option<String>,
    /// `answered`, `abandoned`, `outflowed`, `dequeued`, `turned_away` or `unknown`.
    outcome: Option<String>,
}

impl DeskForm {
    fn new(room: &Snapshot, plan: &Plan, own: (&AgentNow, &AgentPlan)) -> Self {
        let (now, planned) = own;
        Self {
            agent: planned.extension.clone(),
            display: planned.display.clone(),
            today: OwnFigures::new(now),
            times: times(&now.times, plan),
            contact: present(room, now).map(|contact| OwnContact::new(contact, plan)),
            consult: now.consult.as_ref().map(|consult| ConsultForm::new(consult, plan)),
            recording: now.recording.map(|now| if now.is_paused { "paused" } else { "on" }),
            waiting: waiting(room, plan, planned),
        }
    }
}

impl OwnFigures {
    fn new(now: &AgentNow) -> Self {
        let (counts, times) = (&now.today, &now.times);
        let worked = (times.talking + times.holding + times.acw).as_secs_f64();
        let of = |part: f64| (counts.answered > 0).then(|| part / many(counts.answered));
        Self {
            offered: counts.offered,
            answered: counts.answered,
            missed: counts.missed,
            refused: counts.refused,
            transferred: counts.transferred,
            breached: counts.breached,
            wrapped_up: counts.wrapped_up,
            codes_owed: counts.codes_owed,
            aht: of(worked),
            within_target: of(many(counts.answered.saturating_sub(counts.breached))),
        }
    }
}

impl OwnContact {
    fn new(now: &ContactNow, plan: &Plan) -> Self {
        Self {
            contact: now.contact.0,
            channel: now.channel.word(),
            number: number_of(now),
            queue: now.queue.and_then(|queue| Some(plan.queues.get(queue.index())?.name.clone())),
            arrived: now.arrived.as_micros(),
            waited: now.waited.as_secs_f64(),
            handling: now.handling.map(|span| span.as_secs_f64()),
            warned: now.warned,
            breached: now.breached,
            procedure: now.about.as_ref().map(|about| about.procedure.to_string()),
            code: now.about.as_ref().and_then(|about| about.code.as_ref()).map(ToString::to_string),
        }
    }
}

impl ConsultForm {
    fn new(now: &ConsultNow, plan: &Plan) -> Self {
        Self {
            whom: match &now.whom {
                Consulted::Agent(agent) => plan.agents.get(agent.index()).map(|agent| agent.display.clone()),
                Consulted::Dependency(name) => Some(name.to_string()),
                Consulted::Outside => None,
            },
            stage: match now.stage {
                ConsultStage::Ringing => "ringing",
                ConsultStage::Private => "private",
                ConsultStage::Three => "three",
            },
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a day has fewer contacts than a float has whole numbers")]
const fn many(count: u64) -> f64 {
    count as f64
}

fn number_of(now: &ContactNow) -> Option<String> {
    let number = now.from.0.as_str();
    (number != ANONYMOUS && number != WITHHELD && !number.is_empty()).then(|| number.to_owned())
}

fn present<'a>(room: &'a Snapshot, own: &AgentNow) -> Option<&'a ContactNow> {
    let wanted = own.contact?;
    room.contacts.iter().find(|contact| contact.contact == wanted)
}

fn times(times: &StateTimes, plan: &Plan) -> Vec<OwnTime> {
    let states = [
        (AgentState::Available, times.available),
        (AgentState::Ringing, times.ringing),
        (AgentState::Talking, times.talking),
        (AgentState::Holding, times.holding),
        (AgentState::Acw, times.acw),
        (AgentState::OtherCall, times.other_call),
    ];
    let aux = times.aux.iter().map(|(reason, span)| (AgentState::Aux(*reason), *span));
    let mut spent: Vec<_> = states.into_iter().chain(aux).filter(|(_, span)| !span.is_zero()).collect();
    spent.sort_by_key(|(_, span)| core::cmp::Reverse(*span));
    let form = |(state, span): (AgentState, core::time::Duration)| {
        let (state, reason) = state_words(state, plan);
        OwnTime { state, reason, seconds: span.as_secs_f64() }
    };
    spent.into_iter().map(form).collect()
}

/// People to call back and messages, by the queues that the agent serves.
fn waiting(room: &Snapshot, plan: &Plan, own: &AgentPlan) -> Vec<WaitingForm> {
    let mut forms: Vec<WaitingForm> = Vec::new();
    for contact in &room.contacts {
        let is_silent = matches!(contact.channel, Channel::Callback | Channel::Voicemail);
        let queue = contact.queue.and_then(|queue| plan.queues.get(queue.index()));
        let Some(queue) = queue.filter(|_| is_silent && contact.handling.is_none()) else { continue };
        if !own.skills.iter().any(|&(skill, _)| skill == queue.skill) {
            continue;
        }
        let (channel, arrived) = (contact.channel.word(), contact.arrived.as_micros());
        match forms.iter_mut().find(|form| form.queue == queue.name && form.channel == channel) {
            Some(form) => {
                form.count += 1;
                form.oldest = form.oldest.min(arrived);
            }
            None => {
                forms.push(WaitingForm { queue: queue.name.clone(), channel, count: 1, oldest: arrived });
            }
        }
    }
    forms
}

/// The agent who this is, in the room and in the plan.
fn own<'a>(room: &'a Snapshot, plan: &'a Plan, who: &Principal) -> Option<(&'a AgentNow, &'a AgentPlan)> {
    let extension = who.scope.agent.as_deref().filter(|_| who.scope.role >= Role::Agent)?;
    let agent = plan.agent_by_extension(extension)?;
    let planned = plan.agents.get(agent.index()).filter(|planned| !planned.is_retired)?;
    Some((room.agents.iter().find(|now| now.agent == agent)?, planned))
}

/// Whether this contact is at the phone of the agent who this is.
pub(crate) fn is_own(room: &Snapshot, plan: &Plan, who: &Principal, contact: u64) -> bool {
    let present = own(room, plan, who).and_then(|(now, _)| now.contact);
    present.is_some_and(|present| present.0 == contact)
}

fn no_agent() -> Problem {
    let detail = "you are no agent of the plan, so you have no desk; an operator gives users an extension";
    Problem::new(Kind::NotFound, detail)
}

/// The own desk: figures and times since midnight, the present contact with its number, what waits in the own queues.
#[utoipa::path(get, path = "/api/v1/desk", tag = "desk", responses(
    (status = 200, body = DeskForm), (status = 304), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem, description = "no agent of the plan"), (status = 503, body = Problem)))]
pub(crate) async fn desk(State(api): State<Arc<Api>>, who: Who) -> Result<Json<DeskForm>, Problem> {
    who.may_see(&api, View::Own).await?;
    let principal = who.principal.clone();
    let form = api.off(move |site| {
        let (room, plan) = (site.snapshot(), site.plan());
        own(&room, &plan, &principal).map(|own| DeskForm::new(&room, &plan, own))
    });
    form.await?.map(Json).ok_or_else(no_agent)
}

/// Earlier contacts of the citizen who rings, talks or is on hold at the own phone, from the history.
#[utoipa::path(get, path = "/api/v1/desk/earlier", tag = "desk", responses(
    (status = 200, body = EarlierForm), (status = 304), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem, description = "no agent of the plan"), (status = 503, body = Problem)))]
pub(crate) async fn earlier(State(api): State<Arc<Api>>, who: Who) -> Result<Json<EarlierForm>, Problem> {
    who.may_see(&api, View::Own).await?;
    let principal = who.principal.clone();
    let asked = api.off(move |site| {
        let (room, plan) = (site.snapshot(), site.plan());
        let (now, _) = own(&room, &plan, &principal)?;
        Some(present(&room, now).and_then(|contact| Some((contact.contact.0, number_of(contact)?))))
    });
    let nothing = EarlierForm { known: false, contacts: Vec::new() };
    let Some((contact, number)) = asked.await?.ok_or_else(no_agent)? else { return Ok(Json(nothing)) };
    let ask = PageAsk {
        view: "v_contact".to_owned(),
        only: vec![("caller", Value::Text(number))],
        queues: who.principal.scope.queues.clone(),
        is_latest_first: true,
        most: EARLIER_MAX + 1,
        ..PageAsk::default()
    };
    // Where no history is kept, or it does not answer, the desk goes on without it.
    let Ok(Ok(found)) = read(&api, move |sql| page(sql, &ask)).await else { return Ok(Json(nothing)) };
    let contacts = earlier_of(&found, contact);
    Ok(Json(EarlierForm { known: true, contacts }))
}

/// The contact and the number of who is on the telephone with the own agent.
pub(crate) async fn caller_of(api: &Api, who: &Who) -> Result<(u64, String), Problem> {
    let principal = who.principal.clone();
    let asked = api.off(move |site| {
        let (room, plan) = (site.snapshot(), site.plan());
        let (now, _) = own(&room, &plan, &principal)?;
        Some(present(&room, now).map(|contact| (contact.contact.0, number_of(contact))))
    });
    match asked.await?.ok_or_else(no_agent)? {
        Some((contact, Some(number))) => Ok((contact, number)),
        Some((_, None)) => Err(Problem::new(Kind::Refused, "the caller's number is withheld")),
        None => Err(Problem::new(Kind::Refused, "nobody is on the telephone")),
    }
}

fn earlier_of(found: &Page, present: u64) -> Vec<EarlierContact> {
    let place = |name: &str| found.columns.iter().position(|column| column.name == name);
    let text = |row: &[Value], name: &str| match row.get(place(name)?)? {
        Value::Text(text) if !text.is_empty() => Some(text.clone()),
        Value::Text(_) | Value::Int(_) | Value::Null => None,
    };
    let int = |row: &[Value], name: &str| match row.get(place(name)?)? {
        Value::Int(number) => Some(*number),
        Value::Text(_) | Value::Null => None,
    };
    let form = |row: &Vec<Value>| {
        Some(EarlierContact {
            contact: int(row, "contact")?,
            arrived: int(row, "arrived_us")?,
            queue: text(row, "last_queue"),
            agent: text(row, "last_agent"),
            wrap_up: text(row, "wrap_up"),
            outcome: text(row, "outcome"),
        })
    };
    let others = found.rows.iter().filter_map(form);
    let others = others.filter(|earlier| u64::try_from(earlier.contact) != Ok(present));
    others.take(EARLIER_MAX as usize).collect()
}
